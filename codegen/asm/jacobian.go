package asm

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// applyCurve is d ⊙ e ⊙ f”(at).
func (e *emitter) applyCurve(op *plan.ApplyCurve) {
	e.elementwise([]string{"d", "e", "at"}, func(t []reg.VecPhysical) {
		e.curve(op.Activation, e.v(2), t)
		e.VMULPS(e.v(1), e.v(0), e.v(0))
		e.VMULPS(e.v(2), e.v(0), e.v(0))
	})
}

// curve sets at to nn.Activation.Curvature there, by at most eight registers t: off by at most 3 ulp of the larger of 1 and the value.
func (e *emitter) curve(a nn.Activation, at reg.VecPhysical, t []reg.VecPhysical) {
	switch a.Func {
	case nn.ELU, nn.SELU: // 1 where at is not above 0
		e.above(at, t[0], t[1])
		e.VANDNPS(e.constant(1), t[1], at)
	case nn.Sigmoid: // 1 - 2y
		e.full(1, t[0])
		e.VFNMADD132PS(e.constant(2), t[0], at)
	case nn.Tanh: // -2y
		e.VMULPS(e.constant(-2), at, at)
	case nn.Softplus: // e⁻ʸ, y at least 0
		e.negative(at, at)
		e.exp(at, t)
	case nn.GELU: // (2 - x²)·φ(x)
		e.within(at, 16, t[0])
		square := t[0]
		e.VMULPS(at, at, square)
		e.VMULPS(e.constant(-0.5), square, at)
		e.exp(at, t[1:])
		e.full(2, t[1])
		e.VSUBPS(square, t[1], t[1])
		e.VMULPS(e.constant(1/math.Sqrt(2*math.Pi)), t[1], t[1])
		e.VMULPS(t[1], at, at)
	case nn.SiLU: // q = e/(1+e)² with e = e⁻|ˣ|, times 2 - |x|·(1-e)/(1+e)
		low, expo, sum, one := t[5], t[0], t[1], t[2]
		e.within(at, 110, t[0])
		e.negative(at, low)
		e.VMOVAPS(low, expo)
		e.exp(expo, t[1:])
		e.full(1, one)
		e.VADDPS(one, expo, sum)
		e.VSUBPS(expo, one, one)
		e.VDIVPS(sum, one, one)
		e.VDIVPS(sum, expo, expo)
		e.VDIVPS(sum, expo, expo)
		e.full(2, at)
		e.VFMADD231PS(low, one, at)
		e.VMULPS(expo, at, at)
	default:
		panic(fmt.Sprintf("internal error: no assembly of the curvature of %v", a))
	}
}

// within bounds x by ± most. NaN stays NaN.
func (e *emitter) within(x reg.VecPhysical, most float64, t reg.VecPhysical) {
	e.VMINPS(x, e.full(most, t), x) // the result where one is NaN is the first operand
	e.VMAXPS(x, e.full(-most, t), x)
}

// squaresRows is the sum of squares of each sample, times the strength, and by·x. The sum is kept in float64 as that of a loss.
func (e *emitter) squaresRows(op *plan.SquaresRows) {
	e.load("s", scoreAt)
	e.load("d", slopeAt)
	e.load("x", logitAt)
	e.load("n", samples)
	e.Load(e.Param("by"), reg.X11)
	e.VBROADCASTSS(reg.X11, e.share())
	row := e.label("row")
	e.Label(row)
	e.zero(e.sumLow())
	e.zero(e.sumHigh())
	e.MOVQ(operand.U32(op.Width), count)
	square := func() {
		e.VMULPS(e.share(), e.term(), e.dLogit())
		e.VMULPS(e.term(), e.term(), e.term())
		e.addTerms()
	}
	e.vectors(count, func() {
		e.VMOVUPS(at(logitAt, 0), e.term())
		square()
		e.VMOVUPS(e.dLogit(), at(slopeAt, 0))
		e.ADDQ(imm(e.bytes()), logitAt)
		e.ADDQ(imm(e.bytes()), slopeAt)
	}, func() {
		e.loadMasked(at(logitAt, 0), e.term())
		square()
		e.storeMasked(e.dLogit(), at(slopeAt, 0))
	})
	if rest := op.Width % e.lanes; rest > 0 {
		e.ADDQ(imm(4*rest), logitAt)
		e.ADDQ(imm(4*rest), slopeAt)
	}
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.sumLow(), reg.Y13)
	}
	e.sumOfLanes()
	e.VMULSS(e.constant(op.Strength), reg.X0, reg.X0)
	e.VMOVSS(reg.X0, at(scoreAt, 0))
	e.ADDQ(imm(4), scoreAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}
