package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Registers of a product. Accumulators are Y0 and up, two a sample; W0, W1 hold a row of weights, V0, V1 inputs.
var (
	w0, w1, v0, v1 = reg.Y12, reg.Y13, reg.Y14, reg.Y15

	yAt, xAt, bAt, wAt = reg.RDI, reg.RSI, reg.R8, reg.R9
	atAt               = reg.R10
	stride, samples    = reg.R11, reg.R12
	xRun, wRun, count  = reg.RAX, reg.RBX, reg.RCX
)

// ymm are all vector registers.
var ymm = []reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}

// panelProduct takes samples through tiles of 6, 5, 4 and fewer so that no tile is thin while there are four samples or more.
func (e *emitter) panelProduct(op *plan.PanelProduct) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("w", wAt)
	if op.Bias {
		e.load("b", bAt)
	}
	if op.Slope.Func != nn.Identity {
		e.load("at", atAt)
	}
	e.load("stride", stride)
	e.load("n", samples)
	e.comment("stride in bytes")
	e.SHLQ(operand.Imm(2), stride)
	next := e.label("next")
	done := e.label("done")
	tiles := make([]string, op.Rows+1)
	for r := 1; r <= op.Rows; r++ {
		tiles[r] = e.label("tile")
	}
	e.Label(next)
	e.choose(op.Rows, tiles, done)
	for r := op.Rows; r >= 1; r-- {
		e.Label(tiles[r])
		e.productTile(op, r)
		e.JMP(operand.LabelRef(next))
	}
	e.Label(done)
}

// choose jumps to the tile that comes next. With more samples than two tiles hold, it is a full one; the last ones share.
func (e *emitter) choose(rows int, tiles []string, done string) {
	e.CMPQ(samples, imm(2*rows-1))
	e.JGE(operand.LabelRef(tiles[rows]))
	for n := 2*rows - 2; n >= 1; n-- {
		e.CMPQ(samples, imm(n))
		e.JEQ(operand.LabelRef(tiles[firstTile(n, rows)]))
	}
	e.JMP(operand.LabelRef(done))
}

// firstTile is the size of the first tile of n samples, n less than two tiles: all of them if they fit, else the larger half.
func firstTile(n, rows int) int {
	if n <= rows {
		return n
	}
	return (n + 1) / 2
}

// productTile computes a tile of r samples.
func (e *emitter) productTile(op *plan.PanelProduct, r int) {
	e.comment("%d samples by 16 outputs", r)
	for i := range r {
		for half := range 2 {
			if op.Bias {
				e.VMOVUPS(at(bAt, 32*half), ymm[2*i+half])
			} else {
				e.VXORPS(ymm[2*i+half], ymm[2*i+half], ymm[2*i+half])
			}
		}
	}
	e.MOVQ(xAt, xRun)
	e.MOVQ(wAt, wRun)
	e.unrolled(op.In, op.Unroll, func(k int) {
		e.VMOVUPS(at(wRun, 64*k), w0)
		e.VMOVUPS(at(wRun, 64*k+32), w1)
		if r == op.Rows && op.Stride > 0 {
			e.PREFETCHT1(at(wRun, 4*op.Stride+64*k))
		}
		for i := range r {
			v := []reg.VecPhysical{v0, v1}[i%2]
			e.VBROADCASTSS(at(xRun, 4*(k+i*op.In)), v)
			e.VFMADD231PS(v, w0, ymm[2*i])
			e.VFMADD231PS(v, w1, ymm[2*i+1])
		}
	}, func(n int) {
		e.ADDQ(imm(4*n), xRun)
		e.ADDQ(imm(64*n), wRun)
	})
	e.activate(op.Activation, ymm[:2*r])
	for i := range r {
		if op.Slope.Func != nn.Identity {
			for half := range 2 {
				e.slope(op.Slope, at(atAt, 32*half), ymm[2*i+half])
			}
			e.ADDQ(stride, atAt)
		}
		e.VMOVUPS(ymm[2*i], at(yAt, 0))
		e.VMOVUPS(ymm[2*i+1], at(yAt, 32))
		e.ADDQ(stride, yAt)
	}
	e.ADDQ(imm(4*r*op.In), xAt)
	e.SUBQ(imm(r), samples)
}

// unrolled prints step for 0 ≤ k < n: a loop of u steps, and what remains after it. Advance moves the pointers.
func (e *emitter) unrolled(n, u int, step func(k int), advance func(n int)) {
	done := 0
	if n >= 2*u {
		loop := e.label("loop")
		e.MOVQ(operand.U32(n/u), count)
		e.Label(loop)
		for k := range u {
			step(k)
		}
		advance(u)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
		done = n / u * u
	}
	for k := range n - done {
		step(k)
	}
}

// rowProduct takes one sample through groups of panels.
func (e *emitter) rowProduct(op *plan.RowProduct) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("w", wAt)
	if op.Bias {
		e.load("b", bAt)
	}
	e.load("n", samples)
	group := e.label("group")
	e.Label(group)
	e.comment("%d outputs", plan.Panel*op.Panels)
	for p := range op.Panels {
		for half := range 2 {
			if op.Bias {
				e.VMOVUPS(at(bAt, 4*p*op.BiasStride+32*half), ymm[2*p+half])
			} else {
				e.VXORPS(ymm[2*p+half], ymm[2*p+half], ymm[2*p+half])
			}
		}
	}
	e.MOVQ(xAt, xRun)
	e.MOVQ(wAt, wRun)
	e.unrolled(op.In, op.Unroll, func(k int) {
		v := []reg.VecPhysical{v0, v1}[k%2]
		e.VBROADCASTSS(at(xRun, 4*k), v)
		for p := range op.Panels {
			e.VFMADD231PS(at(wRun, 4*p*op.Stride+64*k), v, ymm[2*p])
			e.VFMADD231PS(at(wRun, 4*p*op.Stride+64*k+32), v, ymm[2*p+1])
		}
	}, func(n int) {
		e.ADDQ(imm(4*n), xRun)
		e.ADDQ(imm(64*n), wRun)
	})
	e.activate(op.Activation, ymm[:2*op.Panels])
	for i := range 2 * op.Panels {
		e.VMOVUPS(ymm[i], at(yAt, 32*i))
	}
	e.ADDQ(imm(64*op.Panels), yAt)
	e.ADDQ(imm(4*op.Panels*op.Stride), wAt)
	if op.Bias {
		e.ADDQ(imm(4*op.Panels*op.BiasStride), bAt)
	}
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(group))
}
