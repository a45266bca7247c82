package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// General registers of a weight gradient. That of the gradient itself, or of the weights it moves, is weightsAt. MaskAt is where
// all bits are set for as many floats as the panel has columns with outputs.
var dAt, tiles, maskAt, dStride = reg.R9, reg.R11, reg.R13, reg.R15

// linesLeft counts the rows of positions of a convolution's gradient.
var linesLeft = reg.R14

// What of a panel a call includes beside its tiles: see plan.Gradient.
const withBias, withRest = 1, 2

// gradient adds to a panel's gradient the products of inputs and gradients, sample after sample.
func (e *emitter) gradient(op *plan.Gradient) {
	e.load("dw", weightsAt)
	e.gradientPanel(op, func(p part) {
		e.sums(p, func(i int, at operand.Mem) { e.VMOVUPS(at, e.v(i)) })
		e.gradientSums(op, p)
		e.sums(p, func(i int, at operand.Mem) {
			e.maskColumns(i)
			e.VMOVUPS(e.v(i), at)
		})
	}, func(bytes int) { e.ADDQ(imm(bytes), weightsAt) })
}

// gradientStep computes a panel's gradient and moves the weights by it. The weights and the optimiser's slots are on
// their way into the cache while the sums run.
func (e *emitter) gradientStep(op *plan.GradientStep) {
	e.loadSlots(op.Optimizer)
	e.gradientPanel(&op.Gradient, func(p part) {
		for i := range p.rows {
			e.PREFETCHT0(at(weightsAt, 64*i))
			for _, slot := range op.Optimizer.Slots() {
				e.PREFETCHT0(at(slotAt(slot), 64*i))
			}
		}
		for i := range p.rows * e.columns() {
			e.zero(e.v(i))
		}
		e.gradientSums(&op.Gradient, p)
		numbers := weightNumbers
		if p.bias {
			numbers = 0
		}
		e.sums(p, func(i int, at operand.Mem) {
			e.maskColumns(i)
			e.update(&op.OptimizerStep, at.Disp, numbers, e.v(i), e.top(0), e.top(1), e.top(2))
		})
	}, func(bytes int) { e.advanceSlots(op.Optimizer, bytes) })
}

// columns is the number of registers of a panel's row.
func (e *emitter) columns() int { return plan.Panel / e.lanes }

// maskColumns sets the lanes of a sum whose column has no output to 0: there d was a neighbour's.
func (e *emitter) maskColumns(i int) {
	e.VANDPS(at(maskAt, e.bytes()*(i%e.columns())), e.v(i), e.v(i))
}

// part is a run of a tile's inputs whose sums are in registers together, or the bias row.
type part struct {
	rows int
	bias bool
}

// sums lists the registers of a part and where their floats are from weightsAt on.
func (e *emitter) sums(p part, do func(i int, at operand.Mem)) {
	for i := range p.rows * e.columns() {
		do(i, at(weightsAt, e.bytes()*i))
	}
}

// gradientPanel prints the bias, the loop over parts of tiles, and the rest. The sums of a part come from do.
func (e *emitter) gradientPanel(op *plan.Gradient, do func(part), advance func(bytes int)) {
	e.gradientArguments()
	if op.Bias {
		weights := e.label("weights")
		e.comment("the bias")
		e.load("ends", count)
		e.TESTQ(operand.U32(withBias), count)
		e.JEQ(operand.LabelRef(weights))
		do(part{1, true})
		e.Label(weights)
		advance(64)
	}
	inputs := e.partOf(op).Inputs
	parts, rest := op.Rest/inputs, op.Rest%inputs
	loop, last, done := e.label("part"), e.label("rest"), e.label("done")
	e.IMUL3Q(imm(op.Rows/inputs), tiles, tiles)
	if parts > 0 {
		e.load("ends", count)
		e.SHRQ(operand.Imm(1), count)
		e.IMUL3Q(imm(parts), count, count)
		e.ADDQ(count, tiles)
	}
	if op.In >= inputs {
		e.TESTQ(tiles, tiles)
		e.JEQ(operand.LabelRef(last))
		e.Label(loop)
		e.comment("%d inputs by 16 outputs", inputs)
		do(part{rows: inputs})
		e.ADDQ(imm(4*inputs), xAt)
		advance(64 * inputs)
		e.DECQ(tiles)
		e.JNE(operand.LabelRef(loop))
		e.Label(last)
	}
	if rest > 0 {
		e.load("ends", count)
		e.TESTQ(operand.U32(withRest), count)
		e.JEQ(operand.LabelRef(done))
		e.comment("%d inputs by 16 outputs", rest)
		do(part{rows: rest})
		e.Label(done)
	}
}

func (e *emitter) gradientArguments() {
	e.load("x", xAt)
	e.load("d", dAt)
	e.load("n", samples)
	e.load("stride", dStride)
	e.SHLQ(operand.Imm(2), dStride)
	e.load("columns", count)
	e.LEAQ(e.columnMask(), maskAt)
	e.SHLQ(operand.Imm(2), count)
	e.SUBQ(count, maskAt)
	e.load("tiles", tiles)
}

// partOf is what of a tile the registers hold.
func (e *emitter) partOf(op *plan.Gradient) plan.Part {
	if e.isWide() {
		return op.Wide
	}
	return op.Narrow
}

// gradientSums adds xᵀ·d over all samples to the accumulators of a part; of the bias row, Σ d.
func (e *emitter) gradientSums(op *plan.Gradient, p part) {
	e.MOVQ(xAt, xRun)
	e.MOVQ(dAt, wRun)
	line := e.label("line")
	var n operand.Op = samples
	if op.Cols > 0 {
		e.MOVQ(samples, linesLeft)
		e.Label(line)
		n = operand.U32(op.Cols)
	}
	step := op.In
	if op.Cols > 0 {
		step = op.XCol
	}
	e.overSamples(n, e.partOf(op).Unroll, func(b int) {
		if p.bias {
			for j := range e.columns() {
				e.VADDPS(at(wRun, e.bytes()*j), e.v(j), e.v(j))
			}
		} else {
			e.gradientSample(p, step, b)
		}
		e.ADDQ(dStride, wRun)
	}, func(n int) { e.ADDQ(imm(4*step*n), xRun) })
	if op.Cols > 0 {
		e.ADDQ(imm(4*(op.XRow-op.Cols*op.XCol)), xRun)
		e.ADDQ(imm(4*(op.DRow-op.Cols*op.DCol)), wRun)
		e.DECQ(linesLeft)
		e.JNZ(operand.LabelRef(line))
	}
}

// gradientSample adds the products of the b-th sample from the pointer to x on.
func (e *emitter) gradientSample(p part, step, b int) {
	d := func(j int) reg.VecPhysical { return e.top(j) }
	for j := range e.columns() {
		e.VMOVUPS(at(wRun, e.bytes()*j), d(j))
	}
	for i := range p.rows {
		input := at(xRun, 4*(b*step+i))
		if e.columns() == 1 {
			e.VFMADD231PS_BCST(input, d(0), e.v(i))
			continue
		}
		v := e.top(2 + i%2)
		e.VBROADCASTSS(input, v)
		for j := range e.columns() {
			e.VFMADD231PS(v, d(j), e.v(e.columns()*i+j))
		}
	}
}

// overSamples prints step for n samples, some an iteration and one by one at the end. Step(b) takes the b-th from the pointers
// on, which advance moves by n samples.
func (e *emitter) overSamples(n operand.Op, unroll int, step, advance func(n int)) {
	loop, tail, done := e.label("samples"), e.label("rest"), e.label("done")
	e.MOVQ(n, count)
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
