package reduced

import "math"

// least is the magnitude below which inputs count as 0, so that no step and no inverse overflows.
const least = 0x1p-100

// ByLargest sets q to the inputs of a product in whole steps from -most to most, and returns the step: the largest
// magnitude over most. Input i is x[i], or x[i]·factors[i] with factors; q[len(x):] is left alone. Inputs all below 2⁻¹⁰⁰
// are 0. With an input that is infinite or NaN, the step is NaN, and so is all that is made of it.
func ByLargest[Q int8 | int16](q []Q, x, factors []float32, most float32) (step float32) {
	largest := largest(x, factors)
	switch {
	case math.Float32bits(largest) >= infinity:
		return float32(math.NaN())
	case largest < least:
		clear(q[:len(x)])
		return 0
	}
	round(q, x, factors, most/largest, most)
	return largest / most
}

// ByRange is ByLargest with bound in the place of the largest magnitude: inputs beyond ±bound become ±most.
func ByRange[Q int8 | int16](q []Q, x, factors []float32, bound, most float32) (step float32) {
	if math.Float32bits(largest(x, factors)) >= infinity {
		return float32(math.NaN())
	}
	round(q, x, factors, most/bound, most)
	return bound / most
}

// largest is the largest magnitude of the inputs, by their bits: a NaN is above all others.
func largest(x, factors []float32) float32 {
	bits := uint32(0)
	for i, v := range x {
		if factors != nil {
			v *= factors[i]
		}
		bits = max(bits, math.Float32bits(v)&^signBit)
	}
	return math.Float32frombits(bits)
}

func round[Q int8 | int16](q []Q, x, factors []float32, inverse, most float32) {
	for i, v := range x {
		if factors != nil {
			v *= factors[i]
		}
		q[i] = Q(math.RoundToEven(float64(min(max(v*inverse, -most), most))))
	}
}
