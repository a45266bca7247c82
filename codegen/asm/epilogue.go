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
		e.VMOVUPS(at(atAt, e.bytes()*j), t[0])
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
		e.VMOVUPS(at(storedAt, e.bytes()*j), e.v(0))
		e.outputs(s, j, e.v(0), e.all[1:])
		e.VMOVUPS(e.v(0), at(storedAt, e.bytes()*j))
	}
	e.ADDQ(stride, storedAt)
	e.nextSlopes(s)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(row))
}

// storedRow applies an activation to so many registers of sums that are stored.
func (e *emitter) storedRow(a nn.Activation, columns int) {
	e.MOVQ(yAt, storedAt)
	e.MOVQ(operand.U32(columns), count)
	next := e.label("stored")
	e.Label(next)
	e.VMOVUPS(at(storedAt, 0), e.v(0))
	e.activate(a, e.v(0), e.all[1:])
	e.VMOVUPS(e.v(0), at(storedAt, 0))
	e.ADDQ(imm(e.bytes()), storedAt)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(next))
}
