package asm

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// General registers of a product of taps beside those of a product: rows of positions are counted by samples.
var tapAt, tapsLeft, tilesLeft = reg.R15, reg.R14, reg.RDX

// A tapTable is the taps of a function in memory: how many bytes behind a position, and behind the weights, each starts.
type tapTable struct {
	name string
	taps []plan.Tap
}

func (e *emitter) writeTapTables() {
	for _, t := range e.tables {
		e.StaticGlobal(t.name)
		e.DataAttributes(attr.RODATA | attr.NOPTR)
		for i, tap := range t.taps {
			e.AddDatum(8*i, operand.U32(4*tap.X))
			e.AddDatum(8*i+4, operand.U32(4*tap.W))
		}
	}
}

// tapPanels takes rows of positions through all panels. Narrow registers take one panel at a time.
func (e *emitter) tapPanels(name string, op *plan.TapPanels) {
	table := name + "Table"
	if e.isWide() {
		e.tables = append(e.tables, tapTable{table, op.Taps})
	}
	e.load("w", wAt)
	if op.Bias {
		e.load("b", bAt)
	}
	e.lastMask(op.Last)
	if e.isWide() || op.Panels == 1 {
		cut, lines := op.Narrow, op.NarrowLines
		if e.isWide() {
			cut, lines = op.Wide, op.WideLines
		}
		e.tapRows(table, op, strip{PanelProduct: &op.PanelProduct, panels: op.Panels, last: op.Last, Cut: cut, step: op.XCol}, 0, lines)
		return
	}
	for p := range op.Panels {
		last := 0
		if p == op.Panels-1 {
			last = op.Last
		}
		e.tapRows(table, op, strip{PanelProduct: &op.PanelProduct, panels: 1, last: last, Cut: op.Narrow, step: op.XCol}, p, op.NarrowLines)
		e.ADDQ(imm(4*op.Stride), wAt)
		if op.Bias {
			e.ADDQ(imm(4*op.BiasStride), bAt)
		}
	}
}

// tapRows takes the rows through the panels of a strip, which begins at panel number p: so many at a time, then one by one.
func (e *emitter) tapRows(table string, op *plan.TapPanels, s strip, p, lines int) {
	e.stripArguments(s, false)
	if p > 0 {
		e.ADDQ(imm(64*p), yAt)
		if s.slopes() {
			e.ADDQ(imm(64*p), atAt)
		}
	}
	e.MOVQ(operand.U32(4*op.YCol), stride)
	row, done, left := e.label("positions"), e.label("done"), op.Cols
	if lines > 1 {
		together, single := e.label("rows"), e.label("single")
		e.Label(together)
		e.CMPQ(samples, imm(lines))
		e.JLT(operand.LabelRef(single))
		t := s
		t.rows, t.grid = lines, op
		e.tapTiles(table, op, t, lines*op.Cols, 1)
		e.SUBQ(imm(lines), samples)
		e.JMP(operand.LabelRef(together))
		e.Label(single)
		e.TESTQ(samples, samples)
		e.JEQ(operand.LabelRef(done))
	}
	e.Label(row)
	for left > 0 {
		r := s.Next(left)
		n := 1
		for s.Next(left-n*r) == r && left-n*r >= r {
			n++
		}
		e.tapTiles(table, op, s, r, n)
		left -= n * r
	}
	e.ADDQ(imm(4*(op.XRow-op.Cols*op.XCol)), xAt)
	s.grid = op
	e.nextPositions(s)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
	e.Label(done)
}

// nextPositions goes on from behind a row of outputs to the next one.
func (e *emitter) nextPositions(s strip) {
	gap := imm(4 * (s.grid.YRow - s.grid.Cols*s.grid.YCol))
	e.ADDQ(gap, yAt)
	if s.slopes() {
		e.ADDQ(gap, atAt)
	}
}

// tapTiles computes n tiles of r positions.
func (e *emitter) tapTiles(table string, op *plan.TapPanels, s strip, r, n int) {
	tile := e.label("tile")
	if n > 1 {
		e.MOVQ(operand.U32(n), tilesLeft)
		e.Label(tile)
	}
	sum := e.startSums(s, r)
	tap := e.label("tap")
	if len(op.Taps) > 1 {
		e.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(table), 0), tapAt)
		e.MOVQ(operand.U32(len(op.Taps)), tapsLeft)
		e.Label(tap)
		e.MOVLQSX(at(tapAt, 0), xRun)
		e.MOVLQSX(at(tapAt, 4), wRun)
		e.ADDQ(xAt, xRun)
		e.ADDQ(wAt, wRun)
		e.ADDQ(imm(8), tapAt)
	} else {
		e.LEAQ(at(xAt, 4*op.Taps[0].X), xRun)
		e.LEAQ(at(wAt, 4*op.Taps[0].W), wRun)
	}
	e.sumInputs(s, r, sum)
	if len(op.Taps) > 1 {
		e.DECQ(tapsLeft)
		e.JNZ(operand.LabelRef(tap))
	}
	e.endSums(s, r, sum)
	if s.After {
		e.stored(s)
	}
	if n > 1 {
		e.DECQ(tilesLeft)
		e.JNZ(operand.LabelRef(tile))
	}
}
