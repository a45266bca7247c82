package asm

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/aegen/aegen/compiler/plan"
)

// transposition copies blocks of 16 inputs by 16 outputs, each as four blocks of 8×8, and what remains as smaller ones.
func (e *emitter) transposition(op *plan.Transposition) {
	from := xAt
	e.load("t", yAt)
	e.load("w", from)
	e.load("n", samples)
	block, rest, done := e.label("block"), e.label("rest"), e.label("done")
	e.TESTQ(samples, samples)
	e.JEQ(operand.LabelRef(rest))
	e.Label(block)
	e.transposeBlock(plan.Panel, op.Columns)
	e.ADDQ(imm(64*plan.Panel), from)
	e.ADDQ(imm(4*op.Stride), yAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(block))
	e.Label(rest)
	if op.Rest == 0 {
		return
	}
	e.load("rest", count)
	e.TESTQ(count, count)
	e.JEQ(operand.LabelRef(done))
	e.transposeBlock(op.Rest, op.Columns)
	e.Label(done)
}

// transposeBlock copies a block of inputs by outputs.
func (e *emitter) transposeBlock(inputs, outputs int) {
	for i := 0; i < inputs; i += 8 {
		for o := 0; o < outputs; o += 8 {
			e.transpose8(at(xAt, 64*i+4*o), at(yAt, 64*o+4*i), min(8, inputs-i), min(8, outputs-o))
		}
	}
}

// transpose8 copies up to 8 rows of 8 floats, rows 64 bytes apart, as up to 8 columns. Rows that there are not are 0.
func (e *emitter) transpose8(from, to operand.Mem, rows, columns int) {
	row := func(m operand.Mem, i int) operand.Mem { m.Disp += 64 * i; return m }
	a, b := narrow.all[:8], narrow.all[8:]
	for i := range 8 {
		if i < rows {
			e.VMOVUPS(row(from, i), a[i])
		} else {
			e.zero(a[i])
		}
	}
	e.transposeRegisters()
	for i := range columns {
		e.VMOVUPS(b[i], row(to, i))
	}
}

// transposeRegisters sets the last eight narrow registers to the columns of the first eight, which it changes.
func (e *emitter) transposeRegisters() {
	a, b := narrow.all[:8], narrow.all[8:]
	for i := 0; i < 8; i += 2 { // pairs of rows, 32-bit columns side by side
		e.VUNPCKLPS(a[i+1], a[i], b[i])
		e.VUNPCKHPS(a[i+1], a[i], b[i+1])
	}
	for i := 0; i < 8; i += 4 { // four rows side by side
		e.VUNPCKLPD(b[i+2], b[i], a[i])
		e.VUNPCKHPD(b[i+2], b[i], a[i+1])
		e.VUNPCKLPD(b[i+3], b[i+1], a[i+2])
		e.VUNPCKHPD(b[i+3], b[i+1], a[i+3])
	}
	for i := range 4 { // the halves of all eight
		e.VPERM2F128(operand.Imm(0x20), a[i+4], a[i], b[i])
		e.VPERM2F128(operand.Imm(0x31), a[i+4], a[i], b[i+4])
	}
}
