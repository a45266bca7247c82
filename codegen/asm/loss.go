package asm

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Registers of a loss. The sum of a sample is kept in float64, four lanes for each half of a vector.
var (
	logit, target    = reg.Y0, reg.Y1
	term, slope      = reg.Y7, reg.Y8
	share            = reg.Y11
	sumLow, sumHigh  = reg.Y12, reg.Y13
	scoreAt, slopeAt = reg.RDI, reg.RSI
	logitAt, goalAt  = reg.R8, reg.R9
)

// lossRows is the loss of each sample, and with a gradient its derivative by the logits. A width that is no multiple of 8
// ends with a vector that overlaps the one before: it counts only in the lanes that are new.
func (e *emitter) lossRows(op *plan.LossRows) {
	e.load("s", scoreAt)
	if op.Gradient {
		e.load("d", slopeAt)
		e.Load(e.Param("share"), reg.X11)
		e.VBROADCASTSS(reg.X11, share)
	}
	e.load("a", logitAt)
	e.load("t", goalAt)
	e.load("n", samples)
	row := e.label("row")
	e.Label(row)
	e.VXORPS(sumLow, sumLow, sumLow)
	e.VXORPS(sumHigh, sumHigh, sumHigh)
	whole, rest := op.Width/lanes, op.Width%lanes
	loop := e.label("vector")
	e.MOVQ(operand.U32(whole), count)
	e.Label(loop)
	e.lossVector(op, 0, lanes)
	e.lossAdvance(op, 32)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(loop))
	if rest > 0 {
		e.lossVector(op, 4*(rest-lanes), rest)
		e.lossAdvance(op, 4*rest)
	}
	e.comment("the sum of the lanes")
	e.VADDPD(sumHigh, sumLow, sumLow)
	e.VEXTRACTF128(operand.Imm(1), sumLow, reg.X0)
	e.VADDPD(reg.X0, reg.X12, reg.X12)
	e.VUNPCKHPD(reg.X12, reg.X12, reg.X0)
	e.VADDSD(reg.X0, reg.X12, reg.X12)
	e.VCVTSD2SS(reg.X12, reg.X12, reg.X0)
	if factor, constant := lossScale(op); factor != 1 || constant != 0 {
		e.VMOVSS(e.constant(factor), reg.X1)
		e.VFMADD213SS(e.constant(constant), reg.X1, reg.X0)
	}
	e.VMOVSS(reg.X0, at(scoreAt, 0))
	e.ADDQ(imm(4), scoreAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}

// lossScale is what the sum of a sample's terms is multiplied by, and what is added to it.
func lossScale(op *plan.LossRows) (factor, constant float64) {
	switch op.Loss.Likelihood {
	case nn.MSE:
		return 1 / float64(op.Width), 0
	case nn.Gaussian:
		return 1 / (2 * op.Loss.Std * op.Loss.Std), float64(op.Width) * (math.Log(op.Loss.Std) + math.Log(2*math.Pi)/2)
	}
	return 1, 0
}

func (e *emitter) lossAdvance(op *plan.LossRows, bytes int) {
	pointers := []reg.Register{logitAt, goalAt}
	if op.Gradient {
		pointers = append(pointers, slopeAt)
	}
	for _, p := range pointers {
		e.ADDQ(imm(bytes), p)
	}
}

// lossVector adds the terms of 8 values at an offset, of which the last few count, and stores their derivatives.
func (e *emitter) lossVector(op *plan.LossRows, offset, counted int) {
	e.VMOVUPS(at(logitAt, offset), logit)
	e.VMOVUPS(at(goalAt, offset), target)
	switch op.Loss.Likelihood {
	case nn.MSE:
		e.squareTerm(2/float64(op.Width), op.Gradient)
	case nn.Gaussian:
		e.squareTerm(1/(op.Loss.Std*op.Loss.Std), op.Gradient)
	case nn.Bernoulli:
		e.bernoulliTerm(op.Gradient)
	default:
		panic(fmt.Sprintf("internal error: no assembly of %v", op.Loss))
	}
	if op.Gradient {
		e.VMULPS(share, slope, slope)
		e.VMOVUPS(slope, at(slopeAt, offset))
	}
	if counted < lanes {
		e.VMOVUPS(e.lanesTable(), reg.Y2)
		e.VPCMPGTD(e.word(uint32(lanes-counted-1)), reg.Y2, reg.Y2)
		e.VANDPS(reg.Y2, term, term)
	}
	e.VEXTRACTF128(operand.Imm(1), term, reg.X2)
	e.VCVTPS2PD(reg.X7, reg.Y3)
	e.VCVTPS2PD(reg.X2, reg.Y2)
	e.VADDPD(reg.Y3, sumLow, sumLow)
	e.VADDPD(reg.Y2, sumHigh, sumHigh)
}

// squareTerm sets term to (a-t)² and slope to factor·(a-t).
func (e *emitter) squareTerm(factor float64, gradient bool) {
	e.VSUBPS(target, logit, logit)
	e.VMULPS(logit, logit, term)
	if gradient {
		e.VMULPS(e.constant(factor), logit, slope)
	}
}

// log1pTerms are 2/(2i+3), highest power first: log(1+u) = 2·artanh(s), s = u/(2+u), is 2s + s³·Σ 2/(2i+3)·s²ⁱ.
var log1pTerms = []float64{2. / 13, 2. / 11, 2. / 9, 2. / 7, 2. / 5, 2. / 3}

// log1p sets u to log(1+u) for 0 ≤ u ≤ 1, at most 3 ulp off. It needs three more registers.
func (e *emitter) log1p(u, s, s2, p reg.VecPhysical) {
	e.load8(2, s)
	e.VADDPS(s, u, s)
	e.VDIVPS(s, u, s)
	e.VMULPS(s, s, s2)
	e.polynomial(p, s2, log1pTerms)
	e.VMULPS(s2, p, p)
	e.VADDPS(s, s, u)
	e.VFMADD231PS(p, s, u)
}

// bernoulliTerm sets term to log(1+eᵃ) - a·t and slope to σ(a) - t, by e^-|a| so that nothing overflows.
func (e *emitter) bernoulliTerm(gradient bool) {
	expo := reg.Y2
	e.VMOVUPS(e.word(0x80000000), expo)
	e.VORPS(expo, logit, expo)
	e.exp(expo, reg.Y3, reg.Y4, reg.Y5, reg.Y6)
	if gradient {
		e.load8(1, reg.Y3)
		e.VADDPS(reg.Y3, expo, reg.Y4)
		e.VBLENDVPS(logit, expo, reg.Y3, slope)
		e.VDIVPS(reg.Y4, slope, slope)
		e.VSUBPS(target, slope, slope)
	}
	e.log1p(expo, reg.Y3, reg.Y4, reg.Y5)
	e.VXORPS(reg.Y3, reg.Y3, reg.Y3)
	e.VMAXPS(logit, reg.Y3, term)
	e.VFNMADD231PS(target, logit, term)
	e.VADDPS(expo, term, term)
}
