package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// Registers of a bilinear row: the two rows of the small grid, and the row of the large one.
var upAt, lowAt, rowAt = xAt, wAt, yAt

// bilinearRow goes over the positions before the first centre, the FW between two centres, and those behind the last one.
func (e *emitter) bilinearRow(op *plan.BilinearRow) {
	e.load("up", upAt)
	e.load("low", lowAt)
	if op.Back {
		e.load("d", rowAt)
	} else {
		e.load("y", rowAt)
	}
	part := e.top(1)
	e.Load(e.Param("f"), reg.X0)
	e.VBROADCASTSS(reg.X0, part)
	if op.Back { // what the upper row gets
		e.VMOVUPS(e.constant(1), e.top(2))
		e.VSUBPS(part, e.top(2), e.top(2))
	}
	e.lastMask(op.C % e.lanes)
	pointers, position, before := []reg.Register{upAt, lowAt, rowAt}, 4*op.C, op.Before()
	outer := func(positions int) { // all of one centre
		e.channelPass(op.C, pointers, func(n int) { e.besideOf(op, positions, n) })
		e.advance(-position, pointers)
		e.advance(position*positions, []reg.Register{rowAt})
	}
	if before > 0 {
		outer(before)
	}
	loop := e.label("cell")
	e.MOVQ(operand.U32(op.W-1), samples)
	e.Label(loop)
	e.channelPass(op.C, pointers, func(n int) {
		if op.Back {
			e.interpolatedBack(op, n)
		} else {
			e.interpolated(op, n)
		}
	})
	e.advance(position*(op.FW-1), []reg.Register{rowAt})
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(loop))
	if behind := op.FW - before; behind > 0 {
		outer(behind)
	}
}

// besideOf computes positions that lie beside an outermost centre.
func (e *emitter) besideOf(op *plan.BilinearRow, positions, n int) {
	mask, part := e.top(0), e.top(1)
	place := func(j int) operand.Mem { return at(rowAt, 4*op.C*j) }
	if op.Back {
		e.zero(e.v(0))
		for j := range positions {
			e.loadFirst(place(j), e.v(1), mask, n)
			e.VADDPS(e.v(1), e.v(0), e.v(0))
		}
		e.addParts(e.v(0), 0, n)
		return
	}
	e.loadFirst(at(upAt, 0), e.v(0), mask, n)
	e.loadFirst(at(lowAt, 0), e.v(1), mask, n)
	for j := range positions {
		e.VSUBPS(e.v(0), e.v(1), e.v(2))
		e.VMULPS(part, e.v(2), e.v(2))
		e.VADDPS(e.v(0), e.v(2), e.v(2))
		e.storeFirst(e.v(2), place(j), n)
	}
}

// interpolated computes the positions between two centres.
func (e *emitter) interpolated(op *plan.BilinearRow, n int) {
	mask, part, up, upStep, low, lowStep := e.top(0), e.top(1), e.v(0), e.v(1), e.v(2), e.v(3)
	for i, row := range []reg.Register{upAt, lowAt} {
		from, step := []reg.VecPhysical{up, low}[i], []reg.VecPhysical{upStep, lowStep}[i]
		e.loadFirst(at(row, 0), from, mask, n)
		e.loadFirst(at(row, 4*op.C), step, mask, n)
		e.VSUBPS(from, step, step)
	}
	for j, f := range op.Between() {
		e.VMULPS(e.constant(f), upStep, e.v(4))
		e.VADDPS(up, e.v(4), e.v(4))
		e.VMULPS(e.constant(f), lowStep, e.v(5))
		e.VADDPS(low, e.v(5), e.v(5))
		e.VSUBPS(e.v(4), e.v(5), e.v(5))
		e.VMULPS(part, e.v(5), e.v(5))
		e.VADDPS(e.v(4), e.v(5), e.v(5))
		e.storeFirst(e.v(5), at(rowAt, 4*op.C*j), n)
	}
}

// interpolatedBack adds the positions between two centres to these.
func (e *emitter) interpolatedBack(op *plan.BilinearRow, n int) {
	mask, first, second := e.top(0), e.v(0), e.v(1)
	e.zero(first)
	e.zero(second)
	for j, f := range op.Between() {
		e.loadFirst(at(rowAt, 4*op.C*j), e.v(2), mask, n)
		e.VMULPS(e.constant(1-f), e.v(2), e.v(3))
		e.VADDPS(e.v(3), first, first)
		e.VMULPS(e.constant(f), e.v(2), e.v(3))
		e.VADDPS(e.v(3), second, second)
	}
	e.addParts(first, 0, n)
	e.addParts(second, 4*op.C, n)
}

// addParts adds a sum to both rows, to each its part.
func (e *emitter) addParts(sum reg.VecPhysical, offset, n int) {
	mask := e.top(0)
	for i, row := range []reg.Register{upAt, lowAt} {
		part := []reg.VecPhysical{e.top(2), e.top(1)}[i]
		e.VMULPS(part, sum, e.v(4))
		e.loadFirst(at(row, offset), e.v(5), mask, n)
		e.VADDPS(e.v(4), e.v(5), e.v(5))
		e.storeFirst(e.v(5), at(row, offset), n)
	}
}
