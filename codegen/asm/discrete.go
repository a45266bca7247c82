package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// unitsLeft counts the units of a sample.
var unitsLeft = reg.R10

// relaxValues draws a register of values at a time, by the bits of noise.
func (e *emitter) relaxValues(op *plan.RelaxValues) {
	e.load("k", keysAt)
	counter, key, rate := e.top(1), e.top(2), e.top(3)
	e.VMOVUPS(e.counter(0), counter)
	e.VMOVQ(keysAt, reg.X1)
	e.VPBROADCASTQ(reg.X1, key)
	e.Load(e.Param("rate"), reg.X1)
	e.VBROADCASTSS(reg.X1, rate)
	e.elementwise([]string{"x"}, func(t []reg.VecPhysical) {
		bits, t := t[0], t[1:len(t)-3]
		e.comment("random bits, and the next ones' counters")
		e.VPADDQ(counter, key, bits)
		e.mix(bits, t)
		e.VPBROADCASTQ(e.counter(e.lanes/2-1), t[0])
		e.VPADDQ(t[0], counter, counter)
		if op.Logistic {
			e.logisticNoise(bits, t)
		} else {
			e.gumbelNoise(bits, t)
		}
		e.VADDPS(bits, e.v(0), e.v(0))
		e.VMULPS(rate, e.v(0), e.v(0))
		if op.Logistic {
			e.activate(nn.Activation{Func: nn.Sigmoid}, e.v(0), e.all[1:11])
		}
	})
}

// smaller sets v to the smaller of u and 1-u, for u = (bits + 2³¹ + ½)/2³², and odds to v/(1-v). Where bits are negative, v is u.
func (e *emitter) smaller(bits, v, odds reg.VecPhysical, t []reg.VecPhysical) {
	e.VPSRAD(operand.U8(31), bits, v)
	e.VXORPS(bits, v, v)
	e.VXORPS(e.otherBits(), v, v)
	e.VCVTDQ2PS(v, v)
	e.VFMADD213PS(e.constant(1./(1<<33)), e.full(1./(1<<32), t[0]), v)
	e.VSUBPS(v, e.full(1, t[0]), t[0])
	e.VDIVPS(t[0], v, odds)
}

// logisticNoise sets bits to log u - log(1-u): the logarithm of odds that are at most 1, and the sign of bits.
func (e *emitter) logisticNoise(bits reg.VecPhysical, t []reg.VecPhysical) {
	e.comment("g = log u - log(1-u)")
	e.smaller(bits, t[0], t[1], t[2:])
	e.minusLog(t[1], t[0], t[2:])
	e.VANDPS(e.signBit(), bits, bits)
	e.VXORPS(t[0], bits, bits)
}

// gumbelNoise sets bits to -log(-log u). Where u is above ½, -log u is log(1 + v/(1-v)) with v = 1-u.
func (e *emitter) gumbelNoise(bits reg.VecPhysical, t []reg.VecPhysical) {
	e.comment("g = -log(-log u)")
	small, odds, log := t[0], t[1], t[2]
	e.smaller(bits, small, odds, t[2:])
	e.minusLog(small, log, t[3:])
	e.log1p(odds, t[3:])
	e.blend(bits, log, odds, odds)
	e.minusLog(odds, bits, t[2:])
}

// chooseClasses takes as many values of a unit at a time as float64 registers hold, and 4 of units of fewer. What remains of a unit is taken
// with values before it: the largest of all is the same, and so is its first place. A value that is NaN is not chosen.
func (e *emitter) chooseClasses(op *plan.ChooseClasses) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("noise", wAt)
	e.load("n", samples)
	if e.isWide() && op.Classes < wide.lanes/2 {
		e.registers = narrow
		defer func() { e.registers = wide }()
	}
	place, most, value := reg.RAX, e.v(0), e.v(1)
	unit, found, choose := e.label("unit"), e.label("found"), e.label("choose")
	sum := func() {
		e.VCVTPS2PD(operand.Mem{Base: xAt, Index: place, Scale: 4}, value)
		e.VADDPD(operand.Mem{Base: wAt, Index: place, Scale: 8}, value, value)
	}
	e.Label(unit)
	e.comment("the largest value")
	e.VCVTPS2PD(e.word(0xff800000), most)
	e.unitParts(op.Classes, place, func() {
		sum()
		e.VMAXPD(most, value, most) // most, where the value is NaN
	})
	e.largestDouble()
	e.comment("its first place")
	e.unitParts(op.Classes, place, func() {
		const equal = 0
		sum()
		if e.isWide() {
			e.VCMPPD(operand.Imm(equal), most, value, reg.K1)
			e.KMOVB(reg.K1, count.As32())
		} else {
			e.VCMPPD(operand.Imm(equal), most, value, value)
			e.VMOVMSKPD(value, count.As32())
		}
		e.TESTL(count.As32(), count.As32())
		e.JNE(operand.LabelRef(found))
	})
	e.comment("all are NaN: the first class")
	e.XORL(place.As32(), place.As32())
	e.JMP(operand.LabelRef(choose))
	e.Label(found)
	e.BSFL(count.As32(), count.As32())
	e.ADDQ(count, place)
	e.Label(choose)
	e.MOVQ(place, count)
	e.zero(value)
	e.unitParts(op.Classes, place, func() {
		e.VMOVUPS(half(value), operand.Mem{Base: yAt, Index: place, Scale: 4})
	})
	e.VMOVSS(e.constant(1), reg.X2)
	e.VMOVSS(reg.X2, operand.Mem{Base: yAt, Index: count, Scale: 4})
	e.ADDQ(imm(4*op.Classes), xAt)
	e.ADDQ(imm(4*op.Classes), yAt)
	e.ADDQ(imm(8*op.Classes), wAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(unit))
}

// unitParts goes over the values of a unit, half a register of float32 at a time. Place is the number of the first; the last part may begin
// before the end of the one before it.
func (e *emitter) unitParts(classes int, place reg.GPPhysical, part func()) {
	lanes := e.lanes / 2
	loop := e.label("part")
	e.XORL(place.As32(), place.As32())
	e.Label(loop)
	part()
	if classes >= 2*lanes {
		e.ADDQ(imm(lanes), place)
		e.CMPQ(place, imm(classes-lanes))
		e.JLE(operand.LabelRef(loop))
	}
	if classes%lanes > 0 {
		e.MOVQ(operand.U32(classes-lanes), place)
		part()
	}
}

// half is the lower half of a register.
func half(v reg.VecPhysical) reg.Register {
	if v.Size() == 64 {
		return v.AsY()
	}
	return v.AsX()
}

// largestDouble sets all lanes of register 0, of float64, to the largest of them.
func (e *emitter) largestDouble() {
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), reg.Z0, reg.Y1)
		e.VMAXPD(reg.Y1, reg.Y0, reg.Y0)
	}
	e.VEXTRACTF128(operand.Imm(1), reg.Y0, reg.X1)
	e.VMAXPD(reg.X1, reg.X0, reg.X0)
	e.VUNPCKHPD(reg.X0, reg.X0, reg.X1)
	e.VMAXPD(reg.X1, reg.X0, reg.X0)
	e.VBROADCASTSD(reg.X0, e.v(0))
}
