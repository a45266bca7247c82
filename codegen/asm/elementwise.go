package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// elementwise computes values from those at their place in up to three arrays: from the first registers into v(0), and then into y.
// Compute may change the registers after them but the last one.
func (e *emitter) elementwise(arrays []string, compute func(t []reg.VecPhysical)) {
	from := []reg.Register{xAt, wAt, bAt}[:len(arrays)]
	e.load("y", yAt)
	for i, name := range arrays {
		e.load(name, from[i])
	}
	e.load("n", samples)
	t := e.all[len(arrays) : len(e.all)-1]
	e.vectors(samples, func() {
		for i, array := range from {
			e.VMOVUPS(at(array, 0), e.v(i))
		}
		compute(t)
		e.VMOVUPS(e.v(0), at(yAt, 0))
		for _, array := range append(from, yAt) {
			e.ADDQ(imm(e.bytes()), array)
		}
	}, func() {
		for i, array := range from {
			e.loadMasked(at(array, 0), e.v(i))
		}
		compute(t)
		e.storeMasked(e.v(0), at(yAt, 0))
	})
}

func (e *emitter) apply(op *plan.Apply) {
	e.elementwise([]string{"x"}, func(t []reg.VecPhysical) { e.activate(op.Activation, e.v(0), t) })
}

func (e *emitter) applySlope(op *plan.ApplySlope) {
	e.elementwise([]string{"d", "at"}, func(t []reg.VecPhysical) { e.slope(op.Activation, e.v(1), e.v(0), t) })
}

func (e *emitter) addValues() {
	e.elementwise([]string{"a", "b"}, func([]reg.VecPhysical) { e.VADDPS(e.v(1), e.v(0), e.v(0)) })
}

func (e *emitter) scaleValues(op *plan.ScaleValues) {
	e.elementwise([]string{"x"}, func(t []reg.VecPhysical) {
		e.full(op.Scale, t[0])
		e.VFMADD213PS(e.constant(op.Shift), t[0], e.v(0))
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
