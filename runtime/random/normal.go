package random

import "math"

// Normal is the number of a normal distribution with mean 0 and deviation 1 that belongs to Bits: Φ⁻¹((bits + 2³¹ + ½)/2³²).
func Normal(bits int32) float64 { return math.Sqrt2 * math.Erfinv((float64(bits)+0.5)/(1<<31)) }

// FixedDraws is the number of draws of Deviate.
const FixedDraws = 8

// strata are the middles of the upper quarters of half a normal distribution, scaled so that their mean square is 1.
var strata = func() (s [FixedDraws / 2]float64) {
	squares := 0.0
	for j := range s {
		s[j] = math.Sqrt2 * math.Erfinv((float64(j)+0.5)/float64(len(s)))
		squares += s[j] * s[j]
	}
	for j := range s {
		s[j] /= math.Sqrt(squares / float64(len(s)))
	}
	return s
}()

// Deviate is number i of fixed draw k, below FixedDraws, from a normal distribution with mean 0 and deviation 1. The draws are a Latin
// hypercube (McKay, Beckman and Conover 1979) of opposite pairs: each number takes each stratum once, in an order and with signs of
// its own, and has mean 0 and variance 1 over the draws.
func Deviate(k, i int) float32 {
	bits := uint32(Bits(Subkey(Subkey(Key(0, 1<<36), 0), 0), i))
	sign := 1.0
	if k >= len(strata) {
		k, sign = k-len(strata), -1
	}
	if bits>>(28+k)&1 == 1 {
		sign = -sign
	}
	left := []int{0, 1, 2, 3}
	order := bits & (1<<28 - 1) % 24
	for at := 0; ; at++ { // the order's digits in the factorial number system
		n := uint32(len(left))
		j := order % n
		order /= n
		if at == k {
			return float32(sign * strata[left[j]])
		}
		left = append(left[:j:j], left[j+1:]...)
	}
}
