package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// activate applies an activation to sums in registers. The last two registers are free. NaN stays NaN, and -0 stays -0.
func (e *emitter) activate(a nn.Activation, sums []reg.VecPhysical) {
	t, u := e.top(0), e.top(1)
	switch a.Func {
	case nn.Identity:
	case nn.ReLU: // the second operand is the result where one is NaN or both are 0
		e.zero(t)
		for _, s := range sums {
			e.VMAXPS(s, t, s)
		}
	case nn.LeakyReLU:
		e.VMOVUPS(e.constant(a.Alpha), t)
		for _, s := range sums {
			e.VMULPS(t, s, u)
			e.blend(s, u, s, s)
		}
	default:
		panic(fmt.Sprintf("internal error: %v is not applied in registers", a))
	}
}

// slope multiplies d by the derivative of an activation, whose output is in memory. The last four registers are free.
func (e *emitter) slope(a nn.Activation, output operand.Mem, d reg.VecPhysical) {
	w0, w1, v0, v1 := e.top(3), e.top(2), e.top(1), e.top(0)
	positive := func() { // W0: all bits where the output is above 0
		e.VMOVUPS(output, w1)
		e.above(w1, v0, w0)
	}
	switch a.Func {
	case nn.ReLU:
		positive()
		e.VANDPS(w0, d, d)
	case nn.LeakyReLU:
		positive()
		e.VMULPS(e.constant(a.Alpha), d, v1)
		e.blend(w0, d, v1, d)
	case nn.ELU:
		positive()
		e.VADDPS(e.constant(a.Alpha), w1, w1)
		e.VMULPS(w1, d, v1)
		e.blend(w0, d, v1, d)
	case nn.SELU:
		positive()
		e.VADDPS(e.constant(nn.SELUScale*nn.SELUAlpha), w1, w1)
		e.VMULPS(w1, d, v1)
		e.VMULPS(e.constant(nn.SELUScale), d, v0)
		e.blend(w0, v0, v1, d)
	case nn.Sigmoid: // y·(1-y)
		e.VMOVUPS(output, w0)
		e.VMOVUPS(e.constant(1), w1)
		e.VSUBPS(w0, w1, w1)
		e.VMULPS(w1, w0, w0)
		e.VMULPS(w0, d, d)
	case nn.Tanh: // 1-y²
		e.VMOVUPS(output, w0)
		e.VMOVUPS(e.constant(1), w1)
		e.VFNMADD231PS(w0, w0, w1)
		e.VMULPS(w1, d, d)
	default:
		panic(fmt.Sprintf("internal error: the derivative of %v is not applied in registers", a))
	}
}

// apply is an activation over values: vectors, two at a time as far as registers go, and a masked one for the rest.
func (e *emitter) apply(op *plan.Apply) {
	e.load("y", yAt)
	e.load("n", samples)
	x := e.v(0)
	value := func() {
		switch op.Activation.Func {
		case nn.Sigmoid:
			e.sigmoid(x, e.v(1), e.v(2), e.v(3), e.v(4))
		default:
			panic(fmt.Sprintf("internal error: no assembly of %v", op.Activation))
		}
	}
	e.vectors(samples, func() {
		e.VMOVUPS(at(yAt, 0), x)
		value()
		e.VMOVUPS(x, at(yAt, 0))
		e.ADDQ(imm(e.bytes()), yAt)
	}, func() {
		e.loadMasked(at(yAt, 0), x)
		value()
		e.storeMasked(x, at(yAt, 0))
	})
}

// vectors prints a loop over n values, n in a register: whole vectors, then the rest under a mask.
func (e *emitter) vectors(n reg.Register, whole, rest func()) {
	loop, tail, done := e.label("vector"), e.label("rest"), e.label("done")
	e.SUBQ(imm(e.lanes), n)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	whole()
	e.SUBQ(imm(e.lanes), n)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(e.lanes), n)
	e.JEQ(operand.LabelRef(done))
	e.mask(n)
	rest()
	e.Label(done)
}
