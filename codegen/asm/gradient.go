package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// Registers of a weight gradient. The first one of a Gradient is dw, that of a GradientStep w.
var gathered, tiles = reg.R9, reg.R11

// gradient adds to tiles of a panel's gradient the products of inputs and gathered gradients, sample after sample.
func (e *emitter) gradient(op *plan.Gradient) {
	dw := weightsAt
	e.load("dw", dw)
	e.load("d", gathered)
	e.load("n", samples)
	rows := max(op.Rows, 1)
	sums := func() {
		for i := range 2 * rows {
			e.VMOVUPS(at(dw, 32*i), ymm[i])
		}
		e.gradientSums(op)
		for i := range 2 * rows {
			e.VMOVUPS(ymm[i], at(dw, 32*i))
		}
	}
	if op.Rows == 0 {
		sums()
		return
	}
	e.load("x", xAt)
	e.load("tiles", tiles)
	e.gradientTiles(op, func() {
		sums()
		e.ADDQ(imm(64*op.Rows), dw)
	})
}

// gradientStep computes tiles of a panel's gradient and moves the weights by them. The weights and the optimiser's slots are on
// their way into the cache while the sums run.
func (e *emitter) gradientStep(op *plan.GradientStep) {
	e.loadSlots(op.Optimizer)
	e.load("x", xAt)
	e.load("d", gathered)
	e.load("n", samples)
	e.load("tiles", tiles)
	e.gradientTiles(&op.Gradient, func() {
		for i := range op.Rows {
			e.PREFETCHT0(at(weightsAt, 64*i))
			for _, slot := range op.Optimizer.Slots() {
				e.PREFETCHT0(at(slotAt(slot), 64*i))
			}
		}
		for i := range 2 * op.Rows {
			e.VXORPS(ymm[i], ymm[i], ymm[i])
		}
		e.gradientSums(&op.Gradient)
		for i := range 2 * op.Rows {
			e.update(&op.OptimizerStep, 32*i, ymm[i], w0, w1, v0)
		}
		e.advanceSlots(op.Optimizer, 64*op.Rows)
	})
}

// gradientTiles prints the loop over tiles.
func (e *emitter) gradientTiles(op *plan.Gradient, tile func()) {
	loop := e.label("tile")
	e.Label(loop)
	e.comment("%d inputs by 16 outputs", op.Rows)
	tile()
	e.ADDQ(imm(4*op.Rows), xAt)
	e.DECQ(tiles)
	e.JNZ(operand.LabelRef(loop))
}

// gradientSums adds xᵀ·d over all samples to the accumulators; with no rows, Σ d.
func (e *emitter) gradientSums(op *plan.Gradient) {
	e.MOVQ(xAt, xRun)
	e.MOVQ(gathered, wRun)
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
	e.MOVQ(samples, count)
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
}
