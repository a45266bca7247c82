package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// activate applies an activation to sums in registers. W0, W1, V0 are free. NaN stays NaN, and -0 stays -0.
func (e *emitter) activate(a nn.Activation, sums []reg.VecPhysical) {
	switch a.Func {
	case nn.Identity:
	case nn.ReLU: // the second operand is the result where one is NaN or both are 0
		e.VXORPS(w0, w0, w0)
		for _, s := range sums {
			e.VMAXPS(s, w0, s)
		}
	case nn.LeakyReLU:
		e.VMOVUPS(e.constant(a.Alpha), w0)
		for _, s := range sums {
			e.VMULPS(w0, s, w1)
			e.VBLENDVPS(s, w1, s, s) // by the sign of s
		}
	default:
		panic(fmt.Sprintf("internal error: %v is not applied in registers", a))
	}
}

// slope multiplies d by the derivative of an activation, whose output is in memory. W0, W1, V0, V1 are free.
func (e *emitter) slope(a nn.Activation, output operand.Mem, d reg.VecPhysical) {
	positive := func() { // W0: all bits where the output is above 0
		e.VMOVUPS(output, w1)
		e.VXORPS(v0, v0, v0)
		e.VCMPPS(operand.Imm(30), v0, w1, w0) // greater than, false for NaN
	}
	switch a.Func {
	case nn.ReLU:
		positive()
		e.VANDPS(w0, d, d)
	case nn.LeakyReLU:
		positive()
		e.VMULPS(e.constant(a.Alpha), d, v1)
		e.VBLENDVPS(w0, d, v1, d)
	case nn.ELU:
		positive()
		e.VADDPS(e.constant(a.Alpha), w1, w1)
		e.VMULPS(w1, d, v1)
		e.VBLENDVPS(w0, d, v1, d)
	case nn.SELU:
		positive()
		e.VADDPS(e.constant(nn.SELUScale*nn.SELUAlpha), w1, w1)
		e.VMULPS(w1, d, v1)
		e.VMULPS(e.constant(nn.SELUScale), d, v0)
		e.VBLENDVPS(w0, v0, v1, d)
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
	value := func() {
		switch op.Activation.Func {
		case nn.Sigmoid:
			e.sigmoid(reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4)
		default:
			panic(fmt.Sprintf("internal error: no assembly of %v", op.Activation))
		}
	}
	e.vectors(yAt, samples, func() {
		e.VMOVUPS(at(yAt, 0), reg.Y0)
		value()
		e.VMOVUPS(reg.Y0, at(yAt, 0))
		e.ADDQ(imm(32), yAt)
	}, func(mask reg.VecPhysical) {
		e.VMASKMOVPS(at(yAt, 0), mask, reg.Y0)
		value()
		e.VMASKMOVPS(reg.Y0, mask, at(yAt, 0))
	})
}

// vectors prints a loop over n values, whole vectors first, then the rest under a mask in Y15.
func (e *emitter) vectors(_, n reg.Register, whole func(), rest func(mask reg.VecPhysical)) {
	loop, tail, done := e.label("vector"), e.label("rest"), e.label("done")
	e.SUBQ(imm(lanes), n)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	whole()
	e.SUBQ(imm(lanes), n)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(lanes), n)
	e.JEQ(operand.LabelRef(done))
	e.mask(n)
	rest(reg.Y15)
	e.Label(done)
}

// mask sets Y15 to all bits in the first n lanes, n in a register.
func (e *emitter) mask(n reg.Register) {
	e.VMOVQ(n, reg.X15)
	e.VPBROADCASTD(reg.X15, reg.Y15)
	e.VPCMPGTD(e.lanesTable(), reg.Y15, reg.Y15)
}
