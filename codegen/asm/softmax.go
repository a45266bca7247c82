package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// classNumber is the register of a sample's class.
var classNumber = reg.R10

// Vector registers of a softmax beside those of a loss: for a sample, in all lanes, the sum of the exponentials, its logarithm,
// the largest logit, and the sum of the targets.
func (e *emitter) logOfSum() reg.VecPhysical { return e.v(8) }
func (e *emitter) sum() reg.VecPhysical      { return e.v(9) }
func (e *emitter) most() reg.VecPhysical     { return e.v(10) }
func (e *emitter) total() reg.VecPhysical    { return e.v(14) }

// softmaxRows is the softmax of each sample.
func (e *emitter) softmaxRows(op *plan.SoftmaxRows) {
	e.load("y", slopeAt)
	e.load("x", logitAt)
	e.load("n", samples)
	e.lastMask(op.Width % e.lanes)
	row := e.label("row")
	e.Label(row)
	e.exponentials(op.Width, true)
	e.rowPass(op.Width, []reg.Register{slopeAt}, func(n int) {
		e.loadFirst(at(slopeAt, 0), e.v(0), e.v(2), n)
		e.VDIVPS(e.sum(), e.v(0), e.v(0))
		e.storeFirst(e.v(0), at(slopeAt, 0), n)
	})
	e.nextRow(row, op.Width, logitAt, slopeAt)
}

// nextRow goes on to the next sample, if there is one.
func (e *emitter) nextRow(row string, width int, arrays ...reg.Register) {
	for _, p := range arrays {
		e.ADDQ(imm(4*width), p)
	}
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}

// rowPass takes the values of a sample, a register at a time, the last one perhaps of n values only. Afterwards the arrays are where they were.
func (e *emitter) rowPass(width int, arrays []reg.Register, vector func(n int)) {
	step := func(n int) {
		vector(n)
		for _, p := range arrays {
			e.ADDQ(imm(4*n), p)
		}
	}
	if whole := width / e.lanes; whole > 0 {
		loop := e.label("vector")
		e.MOVQ(operand.U32(whole), count)
		e.Label(loop)
		step(e.lanes)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
	}
	if rest := width % e.lanes; rest > 0 {
		step(rest)
	}
	for _, p := range arrays {
		e.SUBQ(imm(4*width), p)
	}
}

// loadLogits reads the first n logits of a register; what follows has no weight: the exponential of -∞ is 0.
func (e *emitter) loadLogits(n int) {
	to, mask, lowest := e.logit(), e.v(2), e.word(0xff800000)
	switch {
	case n >= e.lanes:
		e.VMOVUPS(at(logitAt, 0), to)
	case e.isWide():
		e.VMOVUPS(lowest, to)
		e.VMOVUPS(at(logitAt, 0), reg.K3, to)
	default:
		e.loadFirst(at(logitAt, 0), to, mask, n)
		e.VANDNPS(lowest, mask, mask)
		e.VORPS(mask, to, to)
	}
}

// exponentials sets most and sum of a sample: the largest logit, and the sum of e to the power of the logits less most. With keep
// these are stored at slopeAt.
func (e *emitter) exponentials(width int, keep bool) {
	e.comment("the largest logit")
	e.VMOVUPS(e.word(0xff800000), e.most())
	e.rowPass(width, []reg.Register{logitAt}, func(n int) {
		e.loadLogits(n)
		e.VMAXPS(e.logit(), e.most(), e.most())
	})
	e.largestLane()
	arrays := []reg.Register{logitAt}
	if keep {
		arrays = append(arrays, slopeAt)
	}
	e.comment("exponentials and their sum")
	e.sumOver(width, arrays, func(n int) {
		e.loadLogits(n)
		e.VSUBPS(e.most(), e.logit(), e.term())
		e.exp(e.term(), e.all[3:7])
		e.addTerms()
		if keep {
			e.storeFirst(e.term(), at(slopeAt, 0), n)
		}
	})
	e.VBROADCASTSS(reg.X0, e.sum())
}

// largestLane sets all lanes of most to the largest of them.
func (e *emitter) largestLane() {
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.most(), reg.Y0)
		e.VMAXPS(reg.Y0, reg.Y10, reg.Y10)
	}
	e.VEXTRACTF128(operand.Imm(1), reg.Y10, reg.X0)
	e.VMAXPS(reg.X0, reg.X10, reg.X10)
	e.VPERMILPS(operand.Imm(0x4e), reg.X10, reg.X0)
	e.VMAXPS(reg.X0, reg.X10, reg.X10)
	e.VPERMILPS(operand.Imm(0xb1), reg.X10, reg.X0)
	e.VMAXPS(reg.X0, reg.X10, reg.X10)
	e.VBROADCASTSS(reg.X10, e.most())
}

// sumOver sets X0 to the sum of the terms of a sample, added in float64 as in lossRows.
func (e *emitter) sumOver(width int, arrays []reg.Register, term func(n int)) {
	e.zero(e.sumLow())
	e.zero(e.sumHigh())
	e.rowPass(width, arrays, term)
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.sumLow(), reg.Y13)
	}
	e.sumOfLanes()
}

// logTerms are the coefficients of (log(1+f) - f + f²/2)/f³ for √½ - 1 ≤ f ≤ √2 - 1, highest power first: S. Moshier, Cephes, logf.
var logTerms = []float64{7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
	2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1}

// log sets x to log x for normal x > 0, NaN for NaN.
func (e *emitter) log(x reg.VecPhysical, t []reg.VecPhysical) {
	power, f, p, square := t[0], t[1], t[2], t[3]
	e.VPSUBD(e.word(0x3f3504f3), x, power)
	e.VPSRAD(operand.Imm(23), power, power)
	e.VPSLLD(operand.Imm(23), power, f)
	e.VPSUBD(f, x, f)
	e.VADDPS(e.constant(-1), f, f)
	e.VCVTDQ2PS(power, power)
	e.polynomial(p, f, logTerms)
	e.VMULPS(f, f, square)
	e.VMULPS(f, p, p)
	e.VMULPS(square, p, p)
	e.VFMADD231PS(e.constant(-2.12194440e-4), power, p)
	e.VFNMADD231PS(e.constant(0.5), square, p)
	e.VADDPS(f, p, p)
	e.VFMADD231PS(e.constant(0.693359375), power, p)
	e.VSUBPS(x, x, x) // 0, or NaN
	e.VADDPS(p, x, x)
}

// categoricalRows is the loss of each sample under the softmax of its logits, log Σ eᵃ - a of its class or the mean of that under its
// distribution, and with a gradient the derivative by the logits. The largest logit is taken away first: nothing overflows.
func (e *emitter) categoricalRows(op *plan.LossRows) {
	e.lastMask(op.Width % e.lanes)
	row := e.label("row")
	e.Label(row)
	e.exponentials(op.Width, op.Gradient)
	e.VMOVAPS(e.sum(), e.logOfSum())
	e.log(e.logOfSum(), e.all[3:7])
	if op.Classes {
		e.classTerms(op)
	} else {
		e.distributionTerms(op)
	}
	e.ADDQ(imm(4), scoreAt)
	arrays := []reg.Register{logitAt}
	if op.Gradient {
		arrays = append(arrays, slopeAt)
	}
	if op.Classes {
		e.ADDQ(imm(4), goalAt)
	} else {
		arrays = append(arrays, goalAt)
	}
	e.nextRow(row, op.Width, arrays...)
}

// classTerms ends a sample with a class: its score, and its derivatives share·(p - 1) at the class and share·p elsewhere.
func (e *emitter) classTerms(op *plan.LossRows) {
	e.comment("of the class")
	e.MOVLQSX(at(goalAt, 0), classNumber)
	e.VSUBSS(operand.Mem{Base: logitAt, Index: classNumber, Scale: 4}, reg.X10, reg.X1)
	e.VADDSS(reg.X8, reg.X1, reg.X1)
	e.VMOVSS(reg.X1, at(scoreAt, 0))
	if !op.Gradient {
		return
	}
	factor := e.term()
	e.VDIVPS(e.sum(), e.share(), factor)
	e.rowPass(op.Width, []reg.Register{slopeAt}, func(n int) {
		e.loadFirst(at(slopeAt, 0), e.v(0), e.v(2), n)
		e.VMULPS(factor, e.v(0), e.v(0))
		e.storeFirst(e.v(0), at(slopeAt, 0), n)
	})
	slope := operand.Mem{Base: slopeAt, Index: classNumber, Scale: 4}
	e.VMOVSS(slope, reg.X0)
	e.VSUBSS(reg.X11, reg.X0, reg.X0)
	e.VMOVSS(reg.X0, slope)
}

// distributionTerms ends a sample with a distribution t: its score Σ t·(log Σ eᵃ - a), and its derivatives share·(p·Σt - t).
func (e *emitter) distributionTerms(op *plan.LossRows) {
	if op.Gradient {
		e.comment("the sum of the targets")
		e.sumOver(op.Width, []reg.Register{goalAt}, func(n int) {
			e.loadFirst(at(goalAt, 0), e.term(), e.v(2), n)
			e.addTerms()
		})
		e.VBROADCASTSS(reg.X0, e.total())
	}
	e.comment("the loss")
	e.sumOver(op.Width, []reg.Register{logitAt, goalAt}, func(n int) {
		e.loadFirst(at(logitAt, 0), e.logit(), e.v(2), n)
		e.loadFirst(at(goalAt, 0), e.target(), e.v(2), n)
		e.VSUBPS(e.logit(), e.most(), e.logit())
		e.VADDPS(e.logOfSum(), e.logit(), e.logit())
		e.VMULPS(e.target(), e.logit(), e.term())
		e.addTerms()
	})
	e.VMOVSS(reg.X0, at(scoreAt, 0))
	if !op.Gradient {
		return
	}
	factor := e.term()
	e.VMULPS(e.total(), e.share(), factor)
	e.VDIVPS(e.sum(), factor, factor)
	e.rowPass(op.Width, []reg.Register{slopeAt, goalAt}, func(n int) {
		e.loadFirst(at(slopeAt, 0), e.v(0), e.v(2), n)
		e.loadFirst(at(goalAt, 0), e.target(), e.v(2), n)
		e.VMULPS(factor, e.v(0), e.v(0))
		e.VFNMADD231PS(e.target(), e.share(), e.v(0))
		e.storeFirst(e.v(0), at(slopeAt, 0), n)
	})
}

// isCategorical reports whether a loss takes all values of a sample together.
func isCategorical(op *plan.LossRows) bool { return op.Loss.Likelihood == nn.Categorical }
