package nn

import (
	"fmt"
	"math"
	"strconv"
)

// A NoiseKind is a way in which `corrupt`, or the layer `dropout`, spoils values.
type NoiseKind int

const (
	GaussianNoise NoiseKind = iota
	MaskingNoise
	SaltPepperNoise
	UniformNoise
	DropoutNoise // of the layer `dropout`
)

// A Noise spoils each value of a sample on its own, by 32 random bits. Amount is its parameter.
type Noise struct {
	Kind   NoiseKind
	Amount float64
}

// noises defines every noise, those of `corrupt` first. A new one is a row here, its range in check, a row in codegen/gosrc and one in codegen/asm.
var noises = [...]struct {
	name, parameter string
	// value is x spoilt by bits that are uniform among all of int32.
	value func(x float64, bits int32, amount float64) float64
}{
	GaussianNoise: { // x + σ·Φ⁻¹(u) for u = (bits + 2³¹ + ½)/2³², by Φ⁻¹(u) = √2·erf⁻¹(2u - 1)
		name: "gaussian", parameter: "std",
		value: func(x float64, bits int32, std float64) float64 {
			return x + std*math.Sqrt2*math.Erfinv((float64(bits)+0.5)/(1<<31))
		},
	},
	MaskingNoise: { // 0 with probability p, else x: Vincent et al. 2008
		name: "masking", parameter: "p",
		value: func(x float64, bits int32, p float64) float64 {
			if bits < Below(p) {
				return 0
			}
			return x
		},
	},
	SaltPepperNoise: { // 0 and 1, each with probability p/2, else x: Vincent et al. 2010
		name: "salt_pepper", parameter: "p",
		value: func(x float64, bits int32, p float64) float64 {
			switch {
			case bits < Below(p/2):
				return 0
			case bits < Below(p):
				return 1
			}
			return x
		},
	},
	UniformNoise: { // x and a number from -width/2 to width/2
		name: "uniform", parameter: "width",
		value: func(x float64, bits int32, width float64) float64 { return x + width*float64(bits)/(1<<32) },
	},
	DropoutNoise: { // 0 with probability p, else x/(1-p), so that the mean stays: Srivastava et al. 2014
		name: "dropout", parameter: "p",
		value: func(x float64, bits int32, p float64) float64 {
			if bits < Below(p) {
				return 0
			}
			return x / (1 - p)
		},
	},
}

// Noises lists the kinds of `corrupt` in a fixed order.
func Noises() []NoiseKind {
	kinds := make([]NoiseKind, DropoutNoise)
	for k := range kinds {
		kinds[k] = NoiseKind(k)
	}
	return kinds
}

// Name is the noise's word in a spec.
func (k NoiseKind) Name() string { return noises[k].name }

// Parameter is the name of the noise's argument.
func (k NoiseKind) Parameter() string { return noises[k].parameter }

// String is the noise as a spec says it: "gaussian(std: 0.3)".
func (n Noise) String() string {
	return fmt.Sprintf("%s(%s: %s)", n.Kind.Name(), n.Kind.Parameter(), strconv.FormatFloat(n.Amount, 'g', -1, 64))
}

// Value is x spoilt by bits that are uniform among all of int32.
func (n Noise) Value(x float64, bits int32) float64 { return noises[n.Kind].value(x, bits, n.Amount) }

// Below is the number that uniform bits are below with probability p, to 2⁻³².
func Below(p float64) int32 {
	return int32(min(math.Round(p*(1<<32))-1<<31, math.MaxInt32))
}

// NoiseStream is the stream of a spec's noise number i. Initial weights, orders of samples and the choice of those held out take
// the streams below.
func NoiseStream(i int) uint64 { return 1<<34 + uint64(i) }

// DropoutStream is the stream of a model's dropout number i, counted from 0 along the data flow.
func DropoutStream(i int) uint64 { return 1<<35 + uint64(i) }

// NoiseBits are the bits that spoil value i of a sample of a step's batch, steps and samples counted from 0. They are a half, the low
// one first, of word i/2 of a SplitMix64 that starts from the seed, the stream, the step and the sample: Steele, Lea and Flood, Fast
// Splittable Pseudorandom Number Generators, 2014. They are those of runtime/random.
func NoiseBits(seed, stream uint64, step, sample, i int) int32 {
	const gamma = 0x9e3779b97f4a7c15
	mix := func(x uint64) uint64 {
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		return x ^ x>>31
	}
	key := mix(mix(seed+gamma) + stream)
	key = mix(mix(key+uint64(step)) + uint64(sample))
	return int32(mix(key+gamma*uint64(i/2+1)) >> (32 * (i % 2)))
}
