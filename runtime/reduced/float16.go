// Package reduced holds weights in fewer bits than float32, and rounds inputs of products with integers.
//
// Rounding is to nearest, ties to even, everywhere.
package reduced

import "math"

const (
	signBit  = 1 << 31
	infinity = 0x7f800000 // the bits of +Inf; those of a NaN without its sign are above
)

// Half is v as an IEEE 754 binary16. Values from 65520 on are infinite, and a NaN stays one.
func Half(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits>>16) & 0x8000
	bits &^= signBit
	switch {
	case bits > infinity:
		return sign | 0x7e00 | uint16(bits>>13)&0x3ff
	case bits >= 0x477ff000: // 65520
		return sign | 0x7c00
	case bits < 0x38800000: // 2⁻¹⁴: the result is denormal, and the last place of ½ + |v| is its last place
		return sign | uint16(math.Float32bits(math.Float32frombits(bits)+0.5)-0x3f000000)
	}
	return sign | uint16((bits-112<<23+0xfff+bits>>13&1)>>13) // the exponents' biases differ by 112
}

// FromHalf is the value of an IEEE 754 binary16.
func FromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h&0x8000)<<16, uint32(h>>10&31), uint32(h&0x3ff)
	switch exponent {
	case 0:
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | infinity | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// Bfloat16 is the upper half of v's bits, rounded. The largest values become infinite, and a NaN stays one.
func Bfloat16(v float32) uint16 {
	bits := math.Float32bits(v)
	if bits&^signBit > infinity {
		return uint16(bits>>16) | 0x40
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

// FromBfloat16 is the value whose bits b is the upper half of.
func FromBfloat16(b uint16) float32 { return math.Float32frombits(uint32(b) << 16) }
