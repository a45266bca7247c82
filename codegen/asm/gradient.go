package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// Registers of a weight gradient. The first one of a Gradient is dw, that of a GradientStep w.
var gathered, tiles = reg.R9, reg.R11

// part is a run of a tile's inputs whose sums are in registers together.
type part struct{ from, rows int }

// part is what of a tile the registers hold.
func (e *emitter) part(op *plan.Gradient) plan.Part {
	if e.isWide() {
		return op.Wide
	}
	return op.Narrow
}

// parts cuts a tile into as few parts as registers allow, of nearly the same size.
func (e *emitter) parts(op *plan.Gradient) []part {
	most := e.part(op).Inputs
	n := (op.Rows + most - 1) / most
	var list []part
	for i := range n {
		from, to := i*op.Rows/n, (i+1)*op.Rows/n
		list = append(list, part{from, to - from})
	}
	return list
}

// gradient adds to tiles of a panel's gradient the products of inputs and gathered gradients, sample after sample.
func (e *emitter) gradient(op *plan.Gradient) {
	dw := weightsAt
	e.load("dw", dw)
	e.load("d", gathered)
	e.load("n", samples)
	if op.Rows == 0 {
		e.sums(dw, part{0, 1}, func() { e.biasSums(op) })
		return
	}
	e.load("x", xAt)
	e.load("tiles", tiles)
	e.gradientTiles(op, func(p part) {
		e.sums(dw, p, func() { e.gradientSums(op, p) })
	}, func() { e.ADDQ(imm(64*op.Rows), dw) })
}

// columns is the number of registers of a panel's row.
func (e *emitter) columns() int { return plan.Panel / e.lanes }

// sums has add change the rows of a part in memory.
func (e *emitter) sums(dw reg.Register, p part, add func()) {
	for i := range p.rows * e.columns() {
		e.VMOVUPS(at(dw, 64*p.from+e.bytes()*i), e.v(i))
	}
	add()
	for i := range p.rows * e.columns() {
		e.VMOVUPS(e.v(i), at(dw, 64*p.from+e.bytes()*i))
	}
}

// gradientStep computes tiles of a panel's gradient and moves the weights by them. The weights and the optimiser's slots are on
// their way into the cache while the sums run.
func (e *emitter) gradientStep(op *plan.GradientStep) {
	e.loadSlots(op.Optimizer)
	e.load("x", xAt)
	e.load("d", gathered)
	e.load("n", samples)
	e.load("tiles", tiles)
	e.gradientTiles(&op.Gradient, func(p part) {
		for i := range p.rows {
			e.PREFETCHT0(at(weightsAt, 64*(p.from+i)))
			for _, slot := range op.Optimizer.Slots() {
				e.PREFETCHT0(at(slotAt(slot), 64*(p.from+i)))
			}
		}
		for i := range p.rows * e.columns() {
			e.zero(e.v(i))
		}
		e.gradientSums(&op.Gradient, p)
		for i := range p.rows * e.columns() {
			e.update(&op.OptimizerStep, 64*p.from+e.bytes()*i, e.v(i), e.top(0), e.top(1), e.top(2))
		}
	}, func() { e.advanceSlots(op.Optimizer, 64*op.Rows) })
}

// gradientTiles prints the loop over tiles, each part by part.
func (e *emitter) gradientTiles(op *plan.Gradient, do func(p part), advance func()) {
	loop := e.label("tile")
	e.Label(loop)
	for _, p := range e.parts(op) {
		e.comment("%d inputs from %d on by 16 outputs", p.rows, p.from)
		do(p)
	}
	e.ADDQ(imm(4*op.Rows), xAt)
	advance()
	e.DECQ(tiles)
	e.JNZ(operand.LabelRef(loop))
}

// gradientSums adds xᵀ·d over all samples to the accumulators of a part.
func (e *emitter) gradientSums(op *plan.Gradient, p part) {
	columns := e.columns()
	e.MOVQ(xAt, xRun)
	e.overSamples(op, func(b int) {
		d := func(j int) reg.VecPhysical { return e.top(j) }
		for j := range columns {
			e.VMOVUPS(at(wRun, 64*b+e.bytes()*j), d(j))
		}
		for i := range p.rows {
			input := at(xRun, 4*(b*op.In+p.from+i))
			if columns == 1 {
				e.VFMADD231PS_BCST(input, d(0), e.v(i))
				continue
			}
			v := e.top(2 + i%2)
			e.VBROADCASTSS(input, v)
			for j := range columns {
				e.VFMADD231PS(v, d(j), e.v(columns*i+j))
			}
		}
	})
}

// biasSums adds d over all samples to one row.
func (e *emitter) biasSums(op *plan.Gradient) {
	e.overSamples(op, func(b int) {
		for j := range e.columns() {
			e.VADDPS(at(wRun, 64*b+e.bytes()*j), e.v(j), e.v(j))
		}
	})
}

// overSamples prints step for all samples, some an iteration and one by one at the end. Step(b) takes the b-th from the pointers on.
func (e *emitter) overSamples(op *plan.Gradient, step func(b int)) {
	e.MOVQ(gathered, wRun)
	unroll := e.part(op).Unroll
	advance := func(b int) {
		if op.Rows > 0 {
			e.ADDQ(imm(4*op.In*b), xRun)
		}
		e.ADDQ(imm(64*b), wRun)
	}
	loop, tail, done := e.label("samples"), e.label("rest"), e.label("done")
	e.MOVQ(samples, count)
	e.SUBQ(imm(unroll), count)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	for b := range unroll {
		step(b)
	}
	advance(unroll)
	e.SUBQ(imm(unroll), count)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(unroll), count)
	e.JEQ(operand.LabelRef(done))
	single := e.label("sample")
	e.Label(single)
	step(0)
	advance(1)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(single))
	e.Label(done)
}
