package asm

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

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
