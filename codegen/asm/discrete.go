package asm

import (
	"math"

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

// classDivergences is the divergence of each sample. That of units of 0 or 1 is log 2 less the entropy, of others the sum of q·log q and the
// logarithm of their number. Units are added in float64.
func (e *emitter) classDivergences(op *plan.ClassDivergences) {
	e.load("s", scoreAt)
	e.load("x", logitAt)
	e.load("n", samples)
	e.lastMask(op.Classes % e.lanes)
	row := e.label("row")
	e.Label(row)
	if op.Classes == 1 {
		e.bitDivergences(op.Width)
	} else {
		e.unitDivergences(op)
	}
	e.Load(e.Param("beta"), reg.X1)
	e.VMULSS(reg.X1, reg.X0, reg.X0)
	e.VMOVSS(reg.X0, at(scoreAt, 0))
	e.ADDQ(imm(4), scoreAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}

// bitDivergences sets X0 to the divergence of a sample of units that are 0 or 1, log 2 - log(1+e⁻|ˡ|) - |l|·σ(-|l|) each.
func (e *emitter) bitDivergences(width int) {
	e.zero(e.sumLow())
	e.zero(e.sumHigh())
	e.MOVQ(operand.U32(width), count)
	unit := func() {
		size, expo, term, t := e.v(0), e.v(1), e.term(), e.all[2:7]
		e.VANDPS(e.otherBits(), size, size)
		e.VORPS(e.signBit(), size, expo)
		e.exp(expo, t)
		e.VADDPS(e.constant(1), expo, t[0])
		e.VMULPS(expo, size, size)
		e.VDIVPS(t[0], size, size)
		e.log1p(expo, t)
		e.full(math.Ln2, term)
		e.VSUBPS(expo, term, term)
		e.VSUBPS(size, term, term)
		e.zero(t[0])
		e.VMAXPS(term, t[0], term) // NaN stays
	}
	e.vectors(count, func() {
		e.VMOVUPS(at(logitAt, 0), e.v(0))
		unit()
		e.addTerms()
		e.ADDQ(imm(e.bytes()), logitAt)
	}, func() {
		e.loadMasked(at(logitAt, 0), e.v(0))
		unit()
		if e.isWide() {
			e.VMOVAPS_Z(e.term(), reg.K2, e.term())
		} else {
			e.VANDPS(e.top(0), e.term(), e.term())
		}
		e.addTerms()
		e.ADDQ(imm(4*(width%e.lanes)), logitAt)
	})
	e.sumOfSample()
}

// sumOfSample sets X0 to the sum of a sample, whose lanes are in the registers of sums.
func (e *emitter) sumOfSample() {
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.sumLow(), reg.Y13)
	}
	e.sumOfLanes()
}

// meanLogit is the register of the mean of a unit's logits less most, beside those of a softmax.
func (e *emitter) meanLogit() reg.VecPhysical { return e.v(8) }

// unitMoments sets most and sum of a unit as exponentials does, and meanLogit to Σ q·(l - most), all in all lanes.
func (e *emitter) unitMoments(classes int) {
	e.exponentials(classes, false)
	e.comment("Σ q·(l - most)")
	e.sumOver(classes, []reg.Register{logitAt}, func(n int) {
		e.loadLogits(n)
		e.VSUBPS(e.most(), e.logit(), e.logit())
		e.VMOVAPS(e.logit(), e.term())
		e.exp(e.term(), e.all[3:7])
		e.VMULPS(e.logit(), e.term(), e.term())
		e.keepFirst(e.term(), n)
		e.addTerms()
	})
	e.VBROADCASTSS(reg.X0, e.meanLogit())
	e.VDIVPS(e.sum(), e.meanLogit(), e.meanLogit())
}

// keepFirst sets all lanes of a register but the first n to 0.
func (e *emitter) keepFirst(v reg.VecPhysical, n int) {
	switch {
	case n >= e.lanes:
	case e.isWide():
		e.VMOVAPS_Z(v, reg.K3, v)
	default:
		lanes := e.columnMask()
		lanes.Disp -= 4 * n
		e.VANDPS(lanes, v, v)
	}
}

// unitDivergences sets X0 to the divergence of a sample of units of several classes.
func (e *emitter) unitDivergences(op *plan.ClassDivergences) {
	total := reg.X11
	e.VXORPD(total, total, total)
	e.MOVQ(operand.U32(op.Width/op.Classes), unitsLeft)
	unit := e.label("unit")
	e.Label(unit)
	e.unitMoments(op.Classes)
	e.log(e.sum(), e.all[3:7])
	e.VSUBSS(reg.X9, reg.X8, reg.X0)
	e.VADDSS(e.constant(math.Log(float64(op.Classes))), reg.X0, reg.X0)
	e.VXORPS(reg.X1, reg.X1, reg.X1)
	e.VMAXSS(reg.X0, reg.X1, reg.X0) // NaN stays
	e.VCVTSS2SD(reg.X0, reg.X0, reg.X0)
	e.VADDSD(reg.X0, total, total)
	e.ADDQ(imm(4*op.Classes), logitAt)
	e.DECQ(unitsLeft)
	e.JNZ(operand.LabelRef(unit))
	e.VCVTSD2SS(total, total, reg.X0)
}

// classSlopes adds weight·l·q·(1-q) to d for units that are 0 or 1, and weight·q·(l - Σ q·l) for others.
func (e *emitter) classSlopes(op *plan.ClassSlopes) {
	if op.Classes == 1 {
		e.bitSlopes()
		return
	}
	dAt := goalAt
	e.load("y", slopeAt)
	e.load("d", dAt)
	e.load("x", logitAt)
	e.load("n", samples)
	e.lastMask(op.Classes % e.lanes)
	unit := e.label("unit")
	e.Label(unit)
	e.unitMoments(op.Classes)
	e.Load(e.Param("weight"), reg.X11)
	e.VBROADCASTSS(reg.X11, e.share())
	e.VDIVPS(e.sum(), e.share(), e.share())
	e.comment("d + weight·q·(l - Σ q·l)")
	e.rowPass(op.Classes, []reg.Register{logitAt, dAt, slopeAt}, func(n int) {
		e.loadLogits(n)
		e.VSUBPS(e.most(), e.logit(), e.logit())
		e.VMOVAPS(e.logit(), e.term())
		e.exp(e.term(), e.all[3:7])
		e.VSUBPS(e.meanLogit(), e.logit(), e.logit())
		e.VMULPS(e.share(), e.term(), e.term())
		e.loadFirst(at(dAt, 0), e.v(1), e.v(2), n)
		e.VFMADD231PS(e.logit(), e.term(), e.v(1))
		e.storeFirst(e.v(1), at(slopeAt, 0), n)
	})
	e.nextRow(unit, op.Classes, logitAt, dAt, slopeAt)
}

// bitSlopes adds weight·l·e/(1+e)² to d, with e = e⁻|ˡ|.
func (e *emitter) bitSlopes() {
	weight := e.top(1)
	e.Load(e.Param("weight"), reg.X1)
	e.VBROADCASTSS(reg.X1, weight)
	e.elementwise([]string{"d", "x"}, func(t []reg.VecPhysical) {
		l, expo, one := e.v(1), t[0], t[1]
		e.negative(l, expo)
		e.exp(expo, t[1:])
		e.VADDPS(e.constant(1), expo, one)
		e.VMULPS(one, one, one)
		e.VDIVPS(one, expo, expo)
		e.VMULPS(weight, expo, expo)
		e.VFMADD231PS(expo, l, e.v(0))
	})
}
