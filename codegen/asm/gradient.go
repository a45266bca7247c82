package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// gradient adds to tiles of a panel's gradient the products of inputs and gathered gradients, sample after sample.
func (e *emitter) gradient(op *plan.Gradient) {
	g, x, d, n, tiles := yAt, xAt, wAt, samples, stride
	e.load("dw", g)
	e.load("d", d)
	e.load("n", n)
	if op.Rows == 0 {
		e.gradientTile(op, g, d, n)
		return
	}
	e.load("x", x)
	e.load("tiles", tiles)
	tile := e.label("tile")
	e.Label(tile)
	e.gradientTile(op, g, d, n)
	e.ADDQ(imm(64*op.Rows), g)
	e.ADDQ(imm(4*op.Rows), x)
	e.DECQ(tiles)
	e.JNZ(operand.LabelRef(tile))
}

// gradientTile prints the sums of one tile; with no rows, those of the bias.
func (e *emitter) gradientTile(op *plan.Gradient, g, d, n reg.Register) {
	e.comment("%d inputs by 16 outputs", op.Rows)
	rows := max(op.Rows, 1)
	for i := range 2 * rows {
		e.VMOVUPS(at(g, 32*i), ymm[i])
	}
	e.MOVQ(xAt, xRun)
	e.MOVQ(d, wRun)
	step := func(b int) {
		e.VMOVUPS(at(wRun, 64*b), w0)
		e.VMOVUPS(at(wRun, 64*b+32), w1)
		if op.Rows == 0 {
			e.VADDPS(w0, ymm[0], ymm[0])
			e.VADDPS(w1, ymm[1], ymm[1])
		}
		for i := range op.Rows {
			v := []reg.VecPhysical{v0, v1}[i%2]
			e.VBROADCASTSS(at(xRun, 4*(b*op.In+i)), v)
			e.VFMADD231PS(v, w0, ymm[2*i])
			e.VFMADD231PS(v, w1, ymm[2*i+1])
		}
	}
	advance := func(b int) {
		e.ADDQ(imm(4*op.In*b), xRun)
		e.ADDQ(imm(64*b), wRun)
	}
	loop, tail, done := e.label("samples"), e.label("rest"), e.label("done")
	e.MOVQ(n, count)
	e.SUBQ(imm(op.Unroll), count)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	for b := range op.Unroll {
		step(b)
	}
	advance(op.Unroll)
	e.SUBQ(imm(op.Unroll), count)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(op.Unroll), count)
	e.JEQ(operand.LabelRef(done))
	single := e.label("sample")
	e.Label(single)
	step(0)
	advance(1)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(single))
	e.Label(done)
	for i := range 2 * rows {
		e.VMOVUPS(ymm[i], at(g, 32*i))
	}
}
