package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// General registers of arrays that are taken from rows to columns.
var (
	rowsFrom, columnsTo       = reg.RAX, reg.RBX
	sampleRow, sampleOfColumn = reg.RDX, reg.R15
)

// A tileArray is some columns of an array of samples. Its rows begin at a register, stride bytes apart, first bytes from there on; in the frame
// they are columns of a lane a sample, plan.Lane bytes apart.
type tileArray struct {
	rows          reg.Register
	first, stride int
	columns       int
	frame         int
}

// takeColumns copies arrays of a tile's samples into the frame. Where samples are fewer than lanes, the first one is
// in the others too.
func (e *emitter) takeColumns(arrays []tileArray) {
	e.wholeOrPart(func() {
		for _, a := range arrays {
			e.blocksOf(a, func(columns int) {
				for half := 0; half < e.lanes; half += 8 {
					e.rowsToColumns(at(rowsFrom, half*a.stride), at(columnsTo, 4*half), a.stride, columns)
				}
			})
		}
	}, func() {
		for _, a := range arrays {
			e.elements(a, func() {
				e.VBROADCASTSS(at(rowsFrom, 0), e.v(0))
				e.VMOVUPS(e.v(0), at(columnsTo, 0))
			})
		}
		one := e.label("one")
		e.CMPQ(samples, imm(1))
		e.JEQ(operand.LabelRef(one))
		for _, a := range arrays {
			e.samplesOf(a, 1, func(row, column operand.Mem) {
				e.VMOVSS(row, reg.X0)
				e.VMOVSS(reg.X0, column)
			})
		}
		e.Label(one)
	})
}

// giveColumns copies columns of the frame into arrays.
func (e *emitter) giveColumns(arrays []tileArray) {
	e.wholeOrPart(func() {
		for _, a := range arrays {
			e.blocksOf(a, func(columns int) {
				for half := 0; half < e.lanes; half += 8 {
					e.columnsToRows(at(columnsTo, 4*half), at(rowsFrom, half*a.stride), a.stride, columns)
				}
			})
		}
	}, func() {
		for _, a := range arrays {
			e.samplesOf(a, 0, func(row, column operand.Mem) {
				e.VMOVSS(column, reg.X0)
				e.VMOVSS(reg.X0, row)
			})
		}
	})
}

// wholeOrPart takes a tile that has a sample for each lane in one way, and one of fewer, which registers are narrow for, in another.
func (e *emitter) wholeOrPart(whole, part func()) {
	if e.isWide() {
		whole()
		return
	}
	fewer, done := e.label("fewer"), e.label("done")
	e.CMPQ(samples, imm(e.lanes))
	e.JLT(operand.LabelRef(fewer))
	whole()
	e.JMP(operand.LabelRef(done))
	e.Label(fewer)
	part()
	e.Label(done)
}

// begin points to the first column of an array in both of its places.
func (e *emitter) begin(a tileArray) {
	e.LEAQ(at(a.rows, a.first), rowsFrom)
	e.LEAQ(at(frameAt, a.frame), columnsTo)
}

// elements goes over the columns of an array.
func (e *emitter) elements(a tileArray, column func()) {
	loop := e.label("element")
	e.begin(a)
	e.MOVQ(operand.U32(a.columns), count)
	e.Label(loop)
	column()
	e.ADDQ(imm(4), rowsFrom)
	e.ADDQ(imm(laneBytes), columnsTo)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(loop))
}

// samplesOf goes over the columns of an array, and in each over the samples from one on that there are.
func (e *emitter) samplesOf(a tileArray, first int, copy func(row, column operand.Mem)) {
	next := e.label("sample")
	e.elements(a, func() {
		e.LEAQ(at(rowsFrom, first*a.stride), sampleRow)
		e.MOVQ(operand.U32(first), sampleOfColumn)
		e.Label(next)
		copy(at(sampleRow, 0), operand.Mem{Base: columnsTo, Index: sampleOfColumn, Scale: 4})
		e.ADDQ(imm(a.stride), sampleRow)
		e.INCQ(sampleOfColumn)
		e.CMPQ(sampleOfColumn, samples)
		e.JLT(operand.LabelRef(next))
	})
}

// blocksOf takes the columns of an array eight at a time. What remains are less than eight, or the last eight again.
func (e *emitter) blocksOf(a tileArray, block func(columns int)) {
	e.begin(a)
	rest := a.columns % 8
	if whole := a.columns / 8; whole > 0 {
		loop := e.label("block")
		e.MOVQ(operand.U32(whole), count)
		e.Label(loop)
		block(8)
		e.ADDQ(imm(4*8), rowsFrom)
		e.ADDQ(imm(laneBytes*8), columnsTo)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
		if rest > 0 {
			e.SUBQ(imm(4*(8-rest)), rowsFrom)
			e.SUBQ(imm(laneBytes*(8-rest)), columnsTo)
			block(8)
		}
		return
	}
	block(rest)
}

// rowsToColumns copies up to 8 floats of 8 rows.
func (e *emitter) rowsToColumns(from, to operand.Mem, stride, columns int) {
	defer e.narrowly()()
	a, b := narrow.all[:8], narrow.all[8:]
	for i := range 8 {
		e.loadFirst(from.Offset(stride*i), a[i], b[0], columns)
	}
	e.transposeRegisters()
	for i := range columns {
		e.VMOVUPS(b[i], to.Offset(laneBytes*i))
	}
}

// columnsToRows copies 8 floats of up to 8 columns.
func (e *emitter) columnsToRows(from, to operand.Mem, stride, columns int) {
	defer e.narrowly()()
	a, b := narrow.all[:8], narrow.all[8:]
	for i := range 8 {
		if i < columns {
			e.VMOVUPS(from.Offset(laneBytes*i), a[i])
		} else {
			e.zero(a[i])
		}
	}
	e.transposeRegisters()
	for i := range 8 {
		e.storeFirst(b[i], to.Offset(stride*i), columns)
	}
}

// narrowly takes narrow registers until the function that it returns is called.
func (e *emitter) narrowly() func() {
	before := e.registers
	e.registers = narrow
	return func() { e.registers = before }
}
