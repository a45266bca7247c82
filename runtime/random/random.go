// Package random gives numbers that depend on a seed, a stream and an index, and on nothing else:
// not on the order of calls, the number of workers, the machine or the release of Go.
package random

import (
	"fmt"
	"math"
	"math/bits"
)

// gamma is the increment of SplitMix64: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014.
const gamma = 0x9e3779b97f4a7c15

// mix is the finaliser of SplitMix64: every bit of the result depends on every bit of x.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Key is the state from which a stream's SplitMix64 starts.
func Key(seed, stream uint64) uint64 { return mix(mix(seed+gamma) + stream) }

// Subkey is number i of the keys that follow from a key.
func Subkey(key uint64, i int) uint64 { return mix(key + uint64(i)) }

// word is number index of the stream with the key.
func word(key uint64, index int) uint64 { return mix(key + gamma*(uint64(index)+1)) }

// Bits is number i of the stream with the key in parts of 32 bits, uniform among all of int32: half i mod 2, the low one first, of
// word i/2.
func Bits(key uint64, i int) int32 { return int32(word(key, i/2) >> (32 * (i & 1))) }

// Uniform sets dst[i] to a value uniform in [-bound, bound], with mean 0, that depends on bound, seed, stream and i.
// It takes 2^24 values, spaced evenly and symmetric about 0.
func Uniform(dst []float32, bound float64, seed, stream uint64) {
	k := Key(seed, stream)
	for i := range dst {
		odd := int64(word(k, i)>>40)*2 + 1 // of 2^24 odd numbers below 2^25
		dst[i] = float32(float64(odd-1<<24) * (bound / (1 << 24)))
	}
}

// Permutation sets dst to 0, …, len(dst)-1 in an order that depends on its length, seed and stream.
// All orders are equally likely up to the seeds' number and a bias below len(dst)/2^64. It panics beyond 2^31-1 values.
func Permutation(dst []int32, seed, stream uint64) {
	if len(dst) > math.MaxInt32 {
		panic(fmt.Sprintf("random: a permutation of %d values", len(dst)))
	}
	k := Key(seed, stream)
	for i := range dst { // Fisher and Yates, inside out: Durstenfeld 1964
		j, _ := bits.Mul64(word(k, i), uint64(i)+1) // uniform in 0 … i
		dst[i] = dst[j]
		dst[j] = int32(i)
	}
}
