package asm

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/aegen/aegen/compiler/plan"
)

// transposition copies blocks of 16 inputs by 16 outputs, each as four blocks of 8×8.
func (e *emitter) transposition(op *plan.Transposition) {
	to, from, n := yAt, xAt, samples
	e.load("t", to)
	e.load("w", from)
	e.load("n", n)
	block := e.label("block")
	e.Label(block)
	for rows := range 2 {
		for columns := range 2 {
			e.transpose8(at(from, 64*8*rows+32*columns), at(to, 64*8*columns+32*rows))
		}
	}
	e.ADDQ(imm(64*plan.Panel), from)
	e.ADDQ(imm(4*op.Stride), to)
	e.DECQ(n)
	e.JNZ(operand.LabelRef(block))
}

// transpose8 copies 8 rows of 8 floats, rows 64 bytes apart, as columns.
func (e *emitter) transpose8(from, to operand.Mem) {
	row := func(m operand.Mem, i int) operand.Mem { m.Disp += 64 * i; return m }
	a, b := narrow.all[:8], narrow.all[8:]
	for i := range 8 {
		e.VMOVUPS(row(from, i), a[i])
	}
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
	for i := range 8 {
		e.VMOVUPS(b[i], row(to, i))
	}
}
