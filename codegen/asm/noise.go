package asm

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// keysAt is where the keys of a sample's noises are.
var keysAt = reg.R13

// gamma is the increment of SplitMix64, and mixes are the multipliers of its finaliser: see nn.NoiseBits.
const gamma = 0x9e3779b97f4a7c15

var mixes = [2]uint64{0xbf58476d1ce4e5b9, 0x94d049bb133111eb}

// counters is the table of the first multiples of gamma, from 1 on: what the words of a wide register add to a key.
const counters = "counters"

// counter is multiple number i of gamma, counted from 0, in memory.
func (e *emitter) counter(i int) operand.Mem {
	e.countersUsed = true
	return operand.NewDataAddr(operand.NewStaticSymbol(counters), 8*i)
}

func (e *emitter) writeCounters() {
	if !e.countersUsed {
		return
	}
	e.StaticGlobal(counters)
	e.DataAttributes(attr.RODATA | attr.NOPTR)
	sum := uint64(0)
	for i := range wide.lanes / 2 {
		sum += gamma
		e.AddDatum(8*i, operand.U64(sum))
	}
}

// corruptValues spoils n values of a sample. A register of values takes half as many words of 64 bits: the mixes of counters, which
// all noises share, plus the noise's key.
func (e *emitter) corruptValues(op *plan.CorruptValues) {
	e.load("k", keysAt)
	counter := e.top(1)
	e.VMOVUPS(e.counter(0), counter)
	e.elementwise([]string{"x"}, func(t []reg.VecPhysical) {
		bits, t := t[0], t[1:len(t)-1]
		for i, n := range op.Noises {
			e.comment("random bits for %v", n)
			e.VPBROADCASTQ(at(keysAt, 8*i), bits)
			e.VPADDQ(counter, bits, bits)
			e.mix(bits, t)
			e.comment("x spoilt by them")
			e.noise(n, e.v(0), bits, t)
		}
		e.comment("the counters of the next values")
		e.VPBROADCASTQ(e.counter(e.lanes/2-1), bits)
		e.VPADDQ(bits, counter, counter)
	})
}

// mix is the finaliser of SplitMix64 on words of 64 bits.
func (e *emitter) mix(x reg.VecPhysical, t []reg.VecPhysical) {
	for i, shift := range []uint8{30, 27} {
		e.VPSRLQ(operand.U8(shift), x, t[0])
		e.VXORPS(t[0], x, x)
		e.multiply(mixes[i], x, t[0], t[1])
	}
	e.VPSRLQ(operand.U8(31), x, t[0])
	e.VXORPS(t[0], x, x)
}

// multiply multiplies words of 64 bits by c, modulo 2⁶⁴, by products of their halves.
func (e *emitter) multiply(c uint64, x, t, u reg.VecPhysical) {
	low := e.word(uint32(c))
	e.VPSRLQ(operand.U8(32), x, t)
	e.VPMULUDQ(low, t, t)
	e.VPMULUDQ(e.word(uint32(c>>32)), x, u)
	e.VPADDQ(u, t, t)
	e.VPSLLQ(operand.U8(32), t, t)
	e.VPMULUDQ(low, x, x)
	e.VPADDQ(t, x, x)
}

// noise spoils x by bits. It may change bits and at most five registers t.
func (e *emitter) noise(n nn.Noise, x, bits reg.VecPhysical, t []reg.VecPhysical) {
	switch n.Kind {
	case nn.GaussianNoise:
		e.normal(bits, t)
		e.VFMADD231PS(e.constant(n.Amount), bits, x)
	case nn.MaskingNoise:
		e.below(bits, nn.Below(n.Amount), t[0])
		e.zero(t[1])
		e.blend(t[0], t[1], x, x)
	case nn.SaltPepperNoise:
		e.below(bits, nn.Below(n.Amount), t[0])
		e.blend(t[0], e.full(1, t[1]), x, x)
		e.below(bits, nn.Below(n.Amount/2), t[0])
		e.zero(t[1])
		e.blend(t[0], t[1], x, x)
	case nn.UniformNoise:
		e.VCVTDQ2PS(bits, bits)
		e.VMULPS(e.constant(n.Amount/(1<<32)), bits, bits)
		e.VADDPS(bits, x, x)
	case nn.DropoutNoise:
		e.below(bits, nn.Below(n.Amount), t[0])
		e.VMULPS(e.constant(1/(1-n.Amount)), x, x)
		e.zero(t[1])
		e.blend(t[0], t[1], x, x)
	default:
		panic(fmt.Sprintf("internal error: no assembly of %v", n))
	}
}

// below sets to to all bits in the lanes where bits, whole numbers with a sign, are below a limit.
func (e *emitter) below(bits reg.VecPhysical, limit int32, to reg.VecPhysical) {
	e.VMOVUPS(e.word(uint32(limit)), to)
	if e.isWide() {
		e.VPCMPGTD(bits, to, reg.K1)
		e.VPMOVM2D(reg.K1, to)
	} else {
		e.VPCMPGTD(bits, to, to)
	}
}

// The inverse of the normal distribution function is Φ⁻¹((1+v)/2) = v·P(w) with w = -log(1-v²): M. Giles, Approximating the erfinv
// function, 2012. P is a polynomial of w - 2.875 for w below 5.75, and beyond of √w - 3.519, up to the largest w that 32 bits give, 21.5.
// They are interpolated at Chebyshev nodes, and at most 8.4e-8 of the exact value off.
const (
	centreEnd, centreMiddle = 5.75, 2.875
	tailMiddle              = 3.51895785
)

// The coefficients of P, highest power first.
var (
	normalCentre = []float64{-8.89431158e-09, 1.54855448e-09, 6.56248725e-07, -3.20654974e-06, -1.58819543e-05, 0.000286934088,
		-0.00132323182, -0.00764575168, 0.343688147, 2.25319616}
	normalTail = []float64{2.71925581e-05, 4.03891467e-05, -0.000346998687, 0.000648738047, -0.000870450758, 0.00142137118,
		-0.00280915438, 0.0044774087, 1.42480757, 4.74409869}
)

// normal sets bits to numbers from the normal distribution with mean 0 and deviation 1: Φ⁻¹(u) for u = (bits + 2³¹ + ½)/2³², at most
// 3 ulp of the larger of 1 and the number off.
// There |v| is (m + ½)/2³¹, m the bits or, where they are negative, their complement; 1 - |v| is as exact from 2³¹ - 1 - m.
func (e *emitter) normal(bits reg.VecPhysical, t []reg.VecPhysical) {
	m, rest, w, tail, centre := t[0], t[1], t[2], t[3], t[4]
	e.VPSRAD(operand.U8(31), bits, m)
	e.VXORPS(bits, m, m)
	e.VXORPS(e.otherBits(), m, rest)
	for _, part := range []reg.VecPhysical{m, rest} {
		e.VCVTDQ2PS(part, part)
		e.VFMADD213PS(e.constant(1./(1<<32)), e.full(1./(1<<31), w), part)
	}
	e.VFMADD213PS(rest, m, rest) // (1 - |v|)·(1 + |v|)
	e.comment("w = -log(1-v²)")
	e.minusLog(rest, w, t[3:])
	e.comment("P(w) in the tail, and in the centre")
	e.VSQRTPS(w, rest)
	e.VSUBPS(e.constant(tailMiddle), rest, rest)
	e.polynomial(tail, rest, normalTail)
	e.VSUBPS(e.constant(centreMiddle), w, rest)
	e.polynomial(centre, rest, normalCentre)
	e.comment("v·P(w)")
	e.VSUBPS(e.constant(centreEnd), w, w)
	e.blend(w, centre, tail, tail)
	e.VMULPS(m, tail, tail)
	e.VANDPS(e.signBit(), bits, bits)
	e.VXORPS(tail, bits, bits)
}

// minusLog sets to to -log x for normal numbers x above 0, at most 2e-7 of the larger of 1 and the result off. It changes x.
func (e *emitter) minusLog(x, to reg.VecPhysical, t []reg.VecPhysical) {
	exponent := to
	e.VPSRLD(operand.U8(23), x, exponent)
	e.VPSUBD(e.word(127), exponent, exponent)
	e.VCVTDQ2PS(exponent, exponent)
	e.VANDPS(e.word(1<<23-1), x, x)
	e.VORPS(e.word(0x3f800000), x, x)
	e.VSUBPS(e.constant(1), x, x)
	e.log1p(x, t)
	e.VFMSUB213PS(x, e.full(-math.Ln2, t[0]), exponent)
}
