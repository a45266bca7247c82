package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// Registers of reduced products beside those of products: the steps of samples and of outputs, and runs that are left.
// Accumulators go up from the first vector register. Integers have no body for wide registers, and these registers:
var (
	sampleSteps, outputSteps = reg.RDX, reg.R10
	runs                     = reg.R13
	w0, w1, v0, v1           = reg.Y12, reg.Y13, reg.Y14, reg.Y15 // weights of a row, inputs, and a product
)

// reduced is the printing of one function of a reduced product.
type reduced struct {
	*emitter
	*plan.ReducedShape
	totals operand.Mem // float64 sums of runs: 16 of each pair of accumulators; only where there are several runs
}

// reducedPanel takes samples through tiles as panelProduct does.
func (e *emitter) reducedPanel(op *plan.ReducedPanel) {
	sizes := op.Narrow
	if e.isWide() {
		sizes = op.Wide
	}
	k := e.reduced(&op.ReducedShape, sizes[0])
	e.load("stride", stride)
	e.load("n", samples)
	e.comment("stride in bytes")
	e.SHLQ(operand.Imm(2), stride)
	next, done := e.label("next"), e.label("done")
	tiles := map[int]string{}
	for _, size := range sizes {
		if size > 0 {
			tiles[size] = e.label("tile")
		}
	}
	e.Label(next)
	e.choose(sizes, tiles, done)
	for _, size := range sizes {
		if size > 0 {
			e.Label(tiles[size])
			k.samplesTile(size)
			e.JMP(operand.LabelRef(next))
		}
	}
	e.Label(done)
}

// samplesTile computes and stores a panel of outputs for some samples, and goes on to the next ones.
func (k *reduced) samplesTile(size int) {
	k.comment("%d samples by 16 outputs", size)
	k.tile(size, 1)
	columns := k.columns(1)
	for i := range size {
		for j := range columns {
			k.VMOVUPS(k.v(i*columns+j), at(yAt, k.bytes()*j))
		}
		k.ADDQ(stride, yAt)
	}
	k.ADDQ(imm(size*k.inputBytes()), xAt)
	if k.integers() {
		k.ADDQ(imm(4*size), sampleSteps)
	}
	k.SUBQ(imm(size), samples)
}

// reducedRow takes one sample through groups of panels.
func (e *emitter) reducedRow(op *plan.ReducedRow) {
	k := e.reduced(&op.ReducedShape, op.Panels)
	e.load("n", samples)
	group := e.label("group")
	e.Label(group)
	e.comment("%d outputs", plan.Panel*op.Panels)
	k.tile(1, op.Panels)
	for j := range k.columns(op.Panels) {
		e.VMOVUPS(e.v(j), at(yAt, e.bytes()*j))
	}
	row := imm(4 * plan.Panel * op.Panels)
	e.ADDQ(row, yAt)
	e.ADDQ(row, bAt)
	if k.Scaled {
		e.ADDQ(row, outputSteps)
	}
	e.ADDQ(imm(op.Panels*k.Matrix.Stride()), wAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(group))
}

// reduced loads what both functions take. Tiles have at most pairs of accumulators.
func (e *emitter) reduced(s *plan.ReducedShape, pairs int) *reduced {
	k := &reduced{emitter: e, ReducedShape: s}
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("b", bAt)
	e.load("w", wAt)
	if !k.integers() {
		return k
	}
	e.load("xs", sampleSteps)
	if s.Scaled {
		e.load("ws", outputSteps)
	}
	if s.Matrix.Rows() > s.Run() {
		k.totals = e.AllocLocal(8 * plan.Panel * pairs)
	}
	if s.Matrix.Group == 4 {
		e.VMOVUPS(e.word(0x00010001), ones)
	}
	return k
}

// columns is the number of registers that the outputs of panels take.
func (k *reduced) columns(panels int) int { return panels * plan.Panel / k.lanes }

func (k *reduced) integers() bool { return k.Matrix.Format == plan.Int8 }

// inputBytes is the size of a sample's inputs.
func (k *reduced) inputBytes() int {
	if k.integers() {
		return plan.Padded(k.Matrix.In) * plan.Inputs{Most: k.Most}.Bytes()
	}
	return 4 * k.Matrix.In
}

// tile computes panels of outputs for some samples, one of the two being 1, into accumulators, a sample after the other.
func (k *reduced) tile(samples, panels int) {
	if k.integers() {
		k.integerSums(samples, panels)
		k.scale(samples, panels)
	} else {
		k.floatSums(samples, panels)
	}
	for i := range samples * k.columns(panels) {
		k.activate(k.Activation, k.v(i), []reg.VecPhysical{k.top(0), k.top(1)})
	}
}

// floatSums starts from the biases and takes the inputs in order.
func (k *reduced) floatSums(samples, panels int) {
	columns, perPanel := k.columns(panels), k.columns(1)
	for i := range samples {
		for j := range columns {
			k.VMOVUPS(at(bAt, k.bytes()*j), k.v(i*columns+j))
		}
	}
	k.groups(k.Matrix.Rows(), func(row int) {
		for p := range panels {
			weights := k.widen(at(wRun, p*k.Matrix.Stride()+row*k.Matrix.RowBytes()))
			for i := range samples {
				input := k.top(i % 2)
				if p == 0 {
					k.VBROADCASTSS(at(xRun, 4*row+i*k.inputBytes()), input)
				}
				for j, w := range weights {
					k.VFMADD231PS(w, input, k.v(i*columns+p*perPanel+j))
				}
			}
		}
	})
}

// widen returns registers with the weights of a row of a panel: one that is wide, or two.
func (k *reduced) widen(m operand.Mem) []reg.VecPhysical {
	low, high := k.top(3), k.top(2)
	switch {
	case k.Matrix.Format == plan.Half && k.isWide():
		k.VCVTPH2PS(m, low)
		return []reg.VecPhysical{low}
	case k.Matrix.Format == plan.Half:
		k.VCVTPH2PS(m, low)
		m.Disp += 16
		k.VCVTPH2PS(m, high)
	case k.Matrix.Format == plan.Bfloat16: // outputs c in the lower halves, 8+c in the upper ones
		k.VMOVUPS(m, high.AsY())
		k.VPSLLD(operand.Imm(16), high.AsY(), low.AsY())
		k.VANDPS(k.word(0xffff0000), high.AsY(), high.AsY())
		if k.isWide() {
			k.VINSERTF64X4(operand.Imm(1), high.AsY(), low, low)
			return []reg.VecPhysical{low}
		}
	default:
		panic(fmt.Sprintf("internal error: %v is not widened", k.Matrix.Format))
	}
	return []reg.VecPhysical{low, high}
}

// groups prints step for groups of inputs from those that xRun and wRun stand at, which start at the first.
func (k *reduced) groups(n int, step func(row int)) {
	k.MOVQ(xAt, xRun)
	k.MOVQ(wAt, wRun)
	k.run(n, step)
}

// run is groups from where the registers stand; it leaves them behind the last whole iteration of the loop.
func (k *reduced) run(n int, step func(row int)) {
	k.unrolled(n, k.Unroll, step, func(done int) {
		k.ADDQ(imm(done*k.groupBytes()), xRun)
		k.ADDQ(imm(done*k.Matrix.RowBytes()), wRun)
	})
}

// groupBytes is the size of the inputs of a group.
func (k *reduced) groupBytes() int {
	if k.integers() {
		return 4
	}
	return 4 * k.Matrix.Group
}
