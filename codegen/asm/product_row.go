package asm

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/aegen/aegen/compiler/plan"
)

// rowProduct takes one sample through groups of panels.
func (e *emitter) rowProduct(op *plan.RowProduct) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("w", wAt)
	if op.Bias {
		e.load("b", bAt)
	}
	e.load("n", samples)
	columns := op.Panels * plan.Panel / e.lanes
	e.lastMask(op.Last)
	group := e.label("group")
	e.Label(group)
	e.comment("%d outputs", plan.Panel*op.Panels)
	for j := range columns {
		if panel, bytes := e.column(j); op.Bias {
			e.VMOVUPS(at(bAt, 4*panel*op.BiasStride+bytes), e.v(j))
		} else {
			e.zero(e.v(j))
		}
	}
	e.MOVQ(xAt, xRun)
	e.MOVQ(wAt, wRun)
	e.unrolled(op.In, op.Unroll, func(k int) {
		v := e.top(k % 2)
		e.VBROADCASTSS(at(xRun, 4*k), v)
		for j := range columns {
			panel, bytes := e.column(j)
			e.VFMADD231PS(at(wRun, 4*panel*op.Stride+64*k+bytes), v, e.v(j))
		}
	}, func(n int) {
		e.ADDQ(imm(4*n), xRun)
		e.ADDQ(imm(64*n), wRun)
	})
	for j := range columns {
		if !op.After {
			e.activate(op.Activation, e.v(j), e.free())
		}
		e.storeFirst(e.v(j), at(yAt, e.bytes()*j), e.filled(op.Panels, op.Last, j))
	}
	if op.After {
		e.storedRow(op)
	}
	e.ADDQ(imm(64*op.Panels), yAt)
	e.ADDQ(imm(4*op.Panels*op.Stride), wAt)
	if op.Bias {
		e.ADDQ(imm(4*op.Panels*op.BiasStride), bAt)
	}
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(group))
}
