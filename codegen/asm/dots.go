package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// tapDots takes rows of positions to few outputs. A register holds inputs of one tap, not outputs: sums of lanes are added at the end,
// pairs of neighbours first, so that eight positions come out in order.
func (e *emitter) tapDots(name string, op *plan.TapDots) {
	table := name + "Table"
	if e.isWide() {
		e.tables = append(e.tables, tapTable{table, op.Taps})
	}
	e.load("w", wAt)
	e.load("b", bAt)
	for o := range op.Outs {
		e.load("y", yAt)
		e.load("x", xAt)
		e.load("n", samples)
		if o > 0 {
			e.ADDQ(imm(4*o), yAt)
			e.ADDQ(imm(4*plan.Panel), wAt)
			e.ADDQ(imm(4), bAt)
		}
		cut := op.Narrow
		if e.isWide() {
			cut = op.Wide
		}
		row, left := e.label("positions"), op.Cols
		e.Label(row)
		for left > 0 {
			r := cut.Next(left)
			n := 1
			for left-n*r >= r && cut.Next(left-n*r) == r {
				n++
			}
			e.dotTiles(table, op, r, n)
			left -= n * r
		}
		e.ADDQ(imm(4*(op.XRow-op.Cols*op.XCol)), xAt)
		e.ADDQ(imm(4*(op.YRow-op.Cols*op.YCol)), yAt)
		e.DECQ(samples)
		e.JNZ(operand.LabelRef(row))
	}
}

// dotTiles computes n tiles of r positions, r up to 8.
func (e *emitter) dotTiles(table string, op *plan.TapDots, r, n int) {
	tile, tap := e.label("tile"), e.label("tap")
	e.comment("%d positions: products of the inputs under each tap, lane by lane", r)
	if n > 1 {
		e.MOVQ(operand.U32(n), tilesLeft)
		e.Label(tile)
	}
	parts := plan.Panel / e.lanes
	for i := range r * parts {
		e.zero(e.v(i))
	}
	e.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(table), 0), tapAt)
	e.MOVQ(operand.U32(len(op.Taps)), tapsLeft)
	e.Label(tap)
	e.MOVLQSX(at(tapAt, 0), xRun)
	e.MOVLQSX(at(tapAt, 4), wRun)
	e.ADDQ(xAt, xRun)
	e.ADDQ(wAt, wRun)
	e.ADDQ(imm(8), tapAt)
	e.unrolled(op.Len/plan.Panel, 2, func(k int) {
		for part := range parts {
			w := e.top(part)
			e.VMOVUPS(at(wRun, 4*k*op.Stride+e.bytes()*part), w)
			for i := range r {
				e.VFMADD231PS(at(xRun, 4*(k*plan.Panel+i*op.XCol)+e.bytes()*part), w, e.v(i*parts+part))
			}
		}
	}, func(n int) {
		e.ADDQ(imm(4*n*plan.Panel), xRun)
		e.ADDQ(imm(4*n*op.Stride), wRun)
	})
	e.DECQ(tapsLeft)
	e.JNZ(operand.LabelRef(tap))
	e.dotSums(op, r)
	e.ADDQ(imm(4*r*op.XCol), xAt)
	e.ADDQ(imm(4*r*op.YCol), yAt)
	if n > 1 {
		e.DECQ(tilesLeft)
		e.JNZ(operand.LabelRef(tile))
	}
}

// dotSums adds the lanes of r positions and stores the outputs.
func (e *emitter) dotSums(op *plan.TapDots, r int) {
	e.comment("sums of lanes, the bias, and %v", op.Activation)
	half := func(i int) reg.VecPhysical { return narrow.v(i) }
	for i := range r {
		if e.isWide() {
			e.VEXTRACTF64X4(operand.Imm(1), e.v(i), narrow.v(15))
			e.VADDPS(narrow.v(15), half(i), half(i))
		} else {
			e.VADDPS(e.v(2*i+1), e.v(2*i), half(i))
		}
	}
	for i := r; i < 8; i++ {
		e.VXORPS(half(i), half(i), half(i))
	}
	for n := 8; n > 2; n /= 2 {
		for i := 0; i < n; i += 2 {
			e.VHADDPS(half(i+1), half(i), half(i/2))
		}
	}
	low, high := half(2), half(3)
	e.VPERM2F128(operand.Imm(0x20), half(1), half(0), low)
	e.VPERM2F128(operand.Imm(0x31), half(1), half(0), high)
	sum := half(0)
	e.VADDPS(high, low, sum)
	e.VBROADCASTSS(at(bAt, 0), half(1))
	e.VADDPS(half(1), sum, sum)
	if op.Activation.Func != nn.Identity {
		saved := e.registers
		e.registers = narrow
		e.activate(op.Activation, sum, e.all[4:])
		e.registers = saved
	}
	for i := range r {
		low, to := sum.AsX(), at(yAt, 4*i*op.YCol)
		if i == 4 {
			e.VEXTRACTF128(operand.Imm(1), sum, low)
		}
		if i%4 == 0 {
			e.VMOVSS(low, to)
		} else {
			e.VEXTRACTPS(operand.U8(i%4), low, to)
		}
	}
}
