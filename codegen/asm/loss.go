package asm

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// General registers of a loss.
var (
	scoreAt, slopeAt = reg.RDI, reg.RSI
	logitAt, goalAt  = reg.R8, reg.R9
)

// Vector registers of a loss. The sum of a sample is kept in float64: in eight lanes, lane i for the values 8k+i.
func (e *emitter) logit() reg.VecPhysical  { return e.v(0) }
func (e *emitter) target() reg.VecPhysical { return e.v(1) }
func (e *emitter) term() reg.VecPhysical   { return e.v(7) }
func (e *emitter) dLogit() reg.VecPhysical { return e.v(8) }
func (e *emitter) share() reg.VecPhysical  { return e.v(11) }

// sumLow is a wide sum, or the first four lanes of a narrow one, whose last four are in sumHigh.
func (e *emitter) sumLow() reg.VecPhysical  { return e.v(12) }
func (e *emitter) sumHigh() reg.VecPhysical { return e.v(13) }

// lossRows is the loss of each sample, and with a gradient its derivative by the logits. A width that is no multiple of 8
// ends with a vector that overlaps the one before: it counts only in the lanes that are new.
func (e *emitter) lossRows(op *plan.LossRows) {
	e.load("s", scoreAt)
	if op.Gradient {
		e.load("d", slopeAt)
		e.Load(e.Param("share"), reg.X11)
		e.VBROADCASTSS(reg.X11, e.share())
	}
	e.load("a", logitAt)
	e.load("t", goalAt)
	e.load("n", samples)
	if isCategorical(op) {
		e.categoricalRows(op)
		return
	}
	row := e.label("row")
	e.Label(row)
	e.zero(e.sumLow())
	e.zero(e.sumHigh())
	rest := e.lossVectors(op, op.Width)
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.sumLow(), reg.Y13)
		e.registers = narrow
		defer func() { e.registers = wide }()
		rest = e.lossVectors(op, rest)
	}
	if rest > 0 {
		e.lossVector(op, 4*(rest-e.lanes), rest)
		e.lossAdvance(op, 4*rest)
	}
	e.sumOfLanes()
	if factor, constant := lossScale(op); factor != 1 || constant != 0 {
		e.VMOVSS(e.constant(factor), reg.X1)
		e.VFMADD213SS(e.constant(constant), reg.X1, reg.X0)
	}
	e.VMOVSS(reg.X0, at(scoreAt, 0))
	e.ADDQ(imm(4), scoreAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}

// sumOfLanes sets X0 to the sum of a sample, whose lanes are in Y12 and Y13.
func (e *emitter) sumOfLanes() {
	e.comment("the sum of the lanes")
	e.VADDPD(reg.Y13, reg.Y12, reg.Y12)
	e.VEXTRACTF128(operand.Imm(1), reg.Y12, reg.X0)
	e.VADDPD(reg.X0, reg.X12, reg.X12)
	e.VUNPCKHPD(reg.X12, reg.X12, reg.X0)
	e.VADDSD(reg.X0, reg.X12, reg.X12)
	e.VCVTSD2SS(reg.X12, reg.X12, reg.X0)
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

// lossVectors takes n values of a sample, a register at a time, and returns how many remain.
func (e *emitter) lossVectors(op *plan.LossRows, n int) int {
	if n < e.lanes {
		return n
	}
	loop := e.label("vector")
	e.MOVQ(operand.U32(n/e.lanes), count)
	e.Label(loop)
	e.lossVector(op, 0, e.lanes)
	e.lossAdvance(op, e.bytes())
	e.DECQ(count)
	e.JNZ(operand.LabelRef(loop))
	return n % e.lanes
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

// lossVector adds the terms of a register of values at an offset, of which the last few count, and stores their derivatives.
func (e *emitter) lossVector(op *plan.LossRows, offset, counted int) {
	e.VMOVUPS(at(logitAt, offset), e.logit())
	e.VMOVUPS(at(goalAt, offset), e.target())
	switch op.Loss.Likelihood {
	case nn.MSE:
		e.squareTerm(2/float64(op.Width), op.Gradient)
	case nn.Gaussian:
		e.squareTerm(1/(op.Loss.Std*op.Loss.Std), op.Gradient)
	case nn.Bernoulli:
		e.bernoulliTerm(op.Gradient)
	case nn.Poisson:
		e.poissonTerm(op.Gradient, true)
	default:
		panic(fmt.Sprintf("internal error: no assembly of %v", op.Loss))
	}
	if op.Gradient {
		e.VMULPS(e.share(), e.dLogit(), e.dLogit())
		e.VMOVUPS(e.dLogit(), at(slopeAt, offset))
	}
	if counted < e.lanes {
		e.VMOVUPS(e.lanesTable(), reg.Y2)
		e.VPCMPGTD(e.word(uint32(e.lanes-counted-1)), reg.Y2, reg.Y2)
		e.VANDPS(reg.Y2, e.term(), e.term())
	}
	e.addTerms()
}

// addTerms adds a register of terms to the sums.
func (e *emitter) addTerms() {
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.term(), reg.Y2)
		e.VCVTPS2PD(reg.Y7, reg.Z3)
		e.VCVTPS2PD(reg.Y2, reg.Z2)
		e.VADDPD(reg.Z3, e.sumLow(), e.sumLow())
		e.VADDPD(reg.Z2, e.sumLow(), e.sumLow())
		return
	}
	e.VEXTRACTF128(operand.Imm(1), e.term(), reg.X2)
	e.VCVTPS2PD(reg.X7, reg.Y3)
	e.VCVTPS2PD(reg.X2, reg.Y2)
	e.VADDPD(reg.Y3, e.sumLow(), e.sumLow())
	e.VADDPD(reg.Y2, e.sumHigh(), e.sumHigh())
}

// squareTerm sets term to (a-t)² and dLogit to factor·(a-t).
func (e *emitter) squareTerm(factor float64, gradient bool) {
	e.VSUBPS(e.target(), e.logit(), e.logit())
	e.VMULPS(e.logit(), e.logit(), e.term())
	if gradient {
		e.VMULPS(e.constant(factor), e.logit(), e.dLogit())
	}
}

// bernoulliTerm sets term to log(1+eᵃ) - a·t and dLogit to σ(a) - t, by e^-|a| so that nothing overflows: both at most 3 ulp of the
// larger of 1 and their value off.
func (e *emitter) bernoulliTerm(gradient bool) {
	logit, target, expo := e.logit(), e.target(), e.v(2)
	a, b, free := e.v(3), e.v(4), e.all[3:7]
	e.negative(logit, expo)
	e.exp(expo, free)
	if gradient {
		e.full(1, a)
		e.VADDPS(a, expo, b)
		e.blend(logit, expo, a, e.dLogit())
		e.VDIVPS(b, e.dLogit(), e.dLogit())
		e.VSUBPS(target, e.dLogit(), e.dLogit())
	}
	e.log1p(expo, free)
	e.zero(a)
	e.VMAXPS(logit, a, e.term())
	e.VFNMADD231PS(target, logit, e.term())
	e.VADDPS(expo, e.term(), e.term())
}
