package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// standardiseRows takes a register of columns at a time: its deviations are computed once, and then go over all samples. Means and
// deviations fill whole panels, samples do not.
func (e *emitter) standardiseRows(op *plan.StandardiseRows) {
	for i, name := range []string{"y", "x", "mean", "logDeviation"} {
		e.load(name, []reg.Register{yAt, xAt, bAt, wAt}[i])
	}
	e.lastMask(op.Width % e.lanes)
	if whole := op.Width / e.lanes; whole > 0 {
		e.MOVQ(operand.U32(whole), count)
		columns := e.label("columns")
		e.Label(columns)
		e.columnsOfRows(op, e.lanes)
		for _, p := range []reg.Register{yAt, xAt, bAt, wAt} {
			e.ADDQ(imm(e.bytes()), p)
		}
		e.DECQ(count)
		e.JNZ(operand.LabelRef(columns))
	}
	if rest := op.Width % e.lanes; rest > 0 {
		e.comment("the last %d columns", rest)
		e.columnsOfRows(op, rest)
	}
}

// columnsOfRows takes n columns through all samples.
func (e *emitter) columnsOfRows(op *plan.StandardiseRows, n int) {
	mean, factor, value, from, to := e.v(0), e.v(1), e.v(2), xRun, wRun
	e.VMOVUPS(at(bAt, 0), mean)
	e.VMOVUPS(at(wAt, 0), factor)
	if !op.Back {
		e.VXORPS(e.signBit(), factor, factor)
	}
	e.expOf(factor, e.all[3:8])
	e.MOVQ(xAt, from)
	e.MOVQ(yAt, to)
	e.load("n", samples)
	row := e.label("row")
	e.Label(row)
	e.loadFirst(at(from, 0), value, e.v(3), n)
	if op.Back {
		e.VFMADD213PS(mean, factor, value)
	} else {
		e.VSUBPS(mean, value, value)
		e.VMULPS(factor, value, value)
	}
	e.storeFirst(value, at(to, 0), n)
	e.ADDQ(imm(4*op.Width), from)
	e.ADDQ(imm(4*op.Width), to)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}
