package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// free are the registers that sums leave to an activation or a derivative.
func (e *emitter) free() []reg.VecPhysical { return e.all[len(e.all)-4:] }

// outputs turns the sums of register j of a row into outputs.
func (e *emitter) outputs(s strip, j int, sum reg.VecPhysical, t []reg.VecPhysical) {
	e.activate(s.Activation, sum, t)
	if s.Slope.Func != nn.Identity {
		e.loadFirst(at(atAt, e.bytes()*j), t[0], t[1], e.filled(s.panels, s.last, j))
		e.slope(s.Slope, t[0], sum, t[1:])
	}
}

// nextSlopes goes on to the next row of points that derivatives are taken at.
func (e *emitter) nextSlopes(s strip) {
	if s.Slope.Func != nn.Identity {
		e.ADDQ(stride, atAt)
	}
}

// stored turns the sums that a tile has stored into outputs, count rows from storedAt on: no register holds a sum any more.
func (e *emitter) stored(s strip) {
	row := e.label("row")
	e.Label(row)
	for j := range s.panels * plan.Panel / e.lanes {
		n := e.filled(s.panels, s.last, j)
		if n < 1 {
			continue
		}
		e.loadFirst(at(storedAt, e.bytes()*j), e.v(0), e.v(1), n)
		e.outputs(s, j, e.v(0), e.all[1:])
		e.storeFirst(e.v(0), at(storedAt, e.bytes()*j), n)
	}
	e.ADDQ(stride, storedAt)
	e.nextSlopes(s)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(row))
}

// storedRow applies an activation to the sums of a row that are stored.
func (e *emitter) storedRow(op *plan.RowProduct) {
	outputs := plan.Panel * op.Panels
	if op.Last > 0 {
		outputs += op.Last - plan.Panel
	}
	e.MOVQ(yAt, storedAt)
	if whole := outputs / e.lanes; whole > 0 {
		next := e.label("stored")
		e.MOVQ(operand.U32(whole), count)
		e.Label(next)
		e.storedSums(op.Activation, e.lanes)
		e.ADDQ(imm(e.bytes()), storedAt)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(next))
	}
	if rest := outputs % e.lanes; rest > 0 {
		e.storedSums(op.Activation, rest)
	}
}

// storedSums applies an activation to n sums at storedAt.
func (e *emitter) storedSums(a nn.Activation, n int) {
	e.loadFirst(at(storedAt, 0), e.v(0), e.v(1), n)
	e.activate(a, e.v(0), e.all[1:])
	e.storeFirst(e.v(0), at(storedAt, 0), n)
}
