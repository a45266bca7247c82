package random

import (
	"math"
	"math/bits"
)

// Normal is the number of a normal distribution with mean 0 and deviation 1 that belongs to Bits: Φ⁻¹((bits + 2³¹ + ½)/2³²).
func Normal(bits int32) float64 { return math.Sqrt2 * math.Erfinv((float64(bits)+0.5)/(1<<31)) }

// FixedDraws is the number of draws of Deviate.
const FixedDraws = 8

// Deviate is number i of fixed draw k, below FixedDraws, in place of draws from a normal distribution with mean 0 and deviation 1. Numbers are 1 and -1. Seven
// numbers each have the seven columns of the Hadamard matrix of order 8 that are not constant, in an order of their own and each with a sign
// of its own (Plackett and Burman 1946): each number has mean 0 and variance 1 over the draws, and those of different columns have no correlation.
func Deviate(k, i int) float32 {
	const columns = FixedDraws - 1
	key := Subkey(Key(0, 1<<36), 0)
	order := int(uint32(Bits(Subkey(key, 1), i/columns)) % ((columns - 1) * columns))
	column := 1 + ((1+order%(columns-1))*i+order/(columns-1))%columns
	if (bits.OnesCount(uint(k&column))+int(uint32(Bits(Subkey(key, 0), i))))&1 == 1 {
		return -1
	}
	return 1
}
