package asm

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// nearestPanels goes over panels of 16 vectors: squared distances, added value by value, then in each lane the least so far and the number of
// its panel. A later one has to be less: of equals the first stays.
func (e *emitter) nearestPanels(op *plan.NearestPanels) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("w", wAt)
	e.load("n", samples)
	const together, less = 8, 17 // false for NaN
	parts := plan.Panel / e.lanes
	sum := func(i int) reg.VecPhysical { return e.v(i) }
	best := func(i int) reg.VecPhysical { return e.v(2 + i) }
	place := func(i int) reg.VecPhysical { return e.v(4 + i) }
	x, number, mask := e.v(8), e.v(9), e.v(10)
	for i := range parts {
		e.VMOVUPS(e.word(math.Float32bits(float32(math.Inf(1)))), best(i))
		e.zero(place(i))
	}
	e.zero(number)
	step := func(from reg.Register, k int) {
		e.VBROADCASTSS(at(from, 4*k), x)
		for i := range parts {
			e.VSUBPS(at(wAt, 64*k+e.bytes()*i), x, e.v(6+i))
			e.VFMADD231PS(e.v(6+i), e.v(6+i), sum(i))
		}
	}
	steps := func(from reg.Register, n int) {
		for k := range n {
			step(from, k)
		}
		if n > 0 {
			e.ADDQ(imm(64*n), wAt)
		}
	}
	loop := e.label("panel")
	e.Label(loop)
	for i := range parts {
		e.zero(sum(i))
	}
	if op.Dim < 2*together {
		steps(xAt, op.Dim)
	} else {
		values := e.label("values")
		e.MOVQ(xAt, xRun)
		e.MOVQ(operand.U32(op.Dim/together), count)
		e.Label(values)
		steps(xRun, together)
		e.ADDQ(imm(4*together), xRun)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(values))
		steps(xRun, op.Dim%together)
	}
	for i := range parts {
		if e.isWide() {
			e.VCMPPS(operand.Imm(less), best(i), sum(i), reg.K1)
			e.VMOVAPS(sum(i), reg.K1, best(i))
			e.VMOVAPS(number, reg.K1, place(i))
		} else {
			e.VCMPPS(operand.Imm(less), best(i), sum(i), mask)
			e.VBLENDVPS(mask, sum(i), best(i), best(i))
			e.VBLENDVPS(mask, number, place(i), place(i))
		}
	}
	e.VADDPS(e.constant(1), number, number)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(loop))
	for i := range parts {
		e.VMOVUPS(best(i), at(yAt, e.bytes()*i))
		e.VMOVUPS(place(i), at(yAt, 64+e.bytes()*i))
	}
}
