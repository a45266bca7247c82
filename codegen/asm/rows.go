package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// addRows adds multiples of rows to a row whose sums stay in registers, as much of it at a time as they hold: the rows are anywhere in
// memory, and while one of them is on its way the next ones are asked for. The first part of a row fetches the others.
func (e *emitter) addRows(op *plan.AddRows) {
	values, places, row, bits := xRun, wRun, reg.RDX, reg.R11
	e.load("y", yAt)
	e.load("b", bAt)
	e.load("w", wAt)
	most := len(e.all) - 4
	registers := (op.Width + e.lanes - 1) / e.lanes
	parts := (registers + most - 1) / most
	few := (registers + parts - 1) / parts
	for first := 0; first < registers; first += few {
		n := min(few, registers-first)
		e.comment("outputs from %d on, in %d registers", first*e.lanes, n)
		e.load("v", values)
		e.load("places", places)
		e.load("n", count)
		for i := range n {
			e.VMOVUPS(at(bAt, e.bytes()*(first+i)), e.v(i))
		}
		loop, next, done := e.label("values"), e.label("next"), e.label("done")
		e.TESTQ(count, count)
		e.JEQ(operand.LabelRef(done))
		e.Label(loop)
		e.MOVL(at(values, 0), bits.As32())
		e.comment("a value of 0 takes nothing from its row")
		e.ADDL(bits.As32(), bits.As32())
		e.JEQ(operand.LabelRef(next))
		e.MOVL(at(places, 0), row.As32())
		e.IMUL3Q(operand.U32(4*op.Width), row, row)
		e.ADDQ(wAt, row)
		e.VBROADCASTSS(at(values, 0), e.top(0))
		for i := range n {
			e.VFMADD231PS(at(row, e.bytes()*(first+i)), e.top(0), e.v(i))
		}
		if first == 0 {
			for line := n * e.bytes(); line < 4*op.Width; line += 64 {
				e.PREFETCHT0(at(row, line))
			}
		}
		e.Label(next)
		e.ADDQ(imm(4), values)
		e.ADDQ(imm(4), places)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
		e.Label(done)
		for i := range n {
			e.VMOVUPS(e.v(i), at(yAt, e.bytes()*(first+i)))
		}
	}
}
