package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// penaltyRows is the penalty of each sample. The sum is kept in float64 as that of a loss: lane i for the values 8k+i.
func (e *emitter) penaltyRows(op *plan.PenaltyRows) {
	if op.Penalty.Kind != nn.L1Penalty {
		panic(fmt.Sprintf("internal error: no assembly of %v", op.Penalty))
	}
	e.load("s", scoreAt)
	e.load("z", xAt)
	e.load("n", samples)
	row := e.label("row")
	e.Label(row)
	e.zero(e.sumLow())
	e.zero(e.sumHigh())
	e.MOVQ(operand.U32(op.Width), count)
	e.vectors(count, func() {
		e.VMOVUPS(at(xAt, 0), e.term())
		e.VANDPS(e.otherBits(), e.term(), e.term())
		e.addTerms()
		e.ADDQ(imm(e.bytes()), xAt)
	}, func() {
		e.loadMasked(at(xAt, 0), e.term())
		e.VANDPS(e.otherBits(), e.term(), e.term())
		e.addTerms()
	})
	if rest := op.Width % e.lanes; rest > 0 {
		e.ADDQ(imm(4*rest), xAt)
	}
	e.comment("the sum of the lanes")
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.sumLow(), reg.Y13)
	}
	e.VADDPD(reg.Y13, reg.Y12, reg.Y12)
	e.VEXTRACTF128(operand.Imm(1), reg.Y12, reg.X0)
	e.VADDPD(reg.X0, reg.X12, reg.X12)
	e.VUNPCKHPD(reg.X12, reg.X12, reg.X0)
	e.VADDSD(reg.X0, reg.X12, reg.X12)
	e.VCVTSD2SS(reg.X12, reg.X12, reg.X0)
	e.VMULSS(e.constant(op.Penalty.Strength), reg.X0, reg.X0)
	e.VMOVSS(reg.X0, at(scoreAt, 0))
	e.ADDQ(imm(4), scoreAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}

// addPenalty is d plus by with the sign of z, and d where z is 0 or NaN, times the slope of z.
func (e *emitter) addPenalty(op *plan.AddPenalty) {
	if op.Kind != nn.L1Penalty {
		panic(fmt.Sprintf("internal error: no assembly of the derivative of penalty %d", op.Kind))
	}
	by := e.top(1)
	e.load("by", count)
	e.VBROADCASTSS(at(count, 0), by)
	e.elementwise([]string{"d", "z"}, func(t []reg.VecPhysical) {
		z, size, not0, at := e.v(1), t[0], t[1], t[2]
		if op.Slope.Func != nn.Identity {
			e.VMOVAPS(z, at)
		}
		e.VANDPS(e.otherBits(), z, size)
		e.above(size, not0, size)
		e.VANDPS(e.signBit(), z, z)
		e.VORPS(by, z, z)
		e.VANDPS(size, z, z)
		e.VADDPS(z, e.v(0), e.v(0))
		if op.Slope.Func != nn.Identity {
			e.slope(op.Slope, at, e.v(0), t[3:len(t)-1])
		}
	})
}

// laneFactors sets y to 1 over the norms of 16 columns of n rows, squares added in float64. A norm counts as at least nn.LeastNorm.
func (e *emitter) laneFactors() {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("n", samples)
	halves := 16 / (e.lanes / 2) // registers of float64
	for i := range halves {
		e.zero(e.v(i))
	}
	loop := e.label("row")
	e.Label(loop)
	for i := range halves {
		square := e.v(halves + i)
		e.VCVTPS2PD(at(xAt, 16*i*(e.lanes/8)), square)
		e.VFMADD231PD(square, square, e.v(i))
	}
	e.ADDQ(imm(64), xAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(loop))
	least, one := e.v(2*halves), e.v(2*halves+1)
	e.VCVTPS2PD(e.constant(nn.LeastNorm), least)
	e.VMULPD(least, least, least)
	e.VCVTPS2PD(e.constant(1), one)
	for i := range halves {
		e.VMAXPD(e.v(i), least, e.v(i))
		e.VSQRTPD(e.v(i), e.v(i))
		e.VDIVPD(e.v(i), one, e.v(i))
		to := at(yAt, 16*i*(e.lanes/8))
		if e.isWide() {
			e.VCVTPD2PS(e.v(i), e.v(i).AsY())
			e.VMOVUPS(e.v(i).AsY(), to)
		} else {
			e.VCVTPD2PSY(e.v(i), e.v(i).AsX())
			e.VMOVUPS(e.v(i).AsX(), to)
		}
	}
}

// scaleLanes multiplies n rows of 16 by as many factors, one a column.
func (e *emitter) scaleLanes() {
	e.load("x", xAt)
	e.load("by", count)
	e.load("n", samples)
	for i := range e.columns() {
		e.VMOVUPS(at(count, e.bytes()*i), e.v(i))
	}
	loop := e.label("row")
	e.Label(loop)
	for i := range e.columns() {
		e.VMULPS(at(xAt, e.bytes()*i), e.v(i), e.v(2+i))
		e.VMOVUPS(e.v(2+i), at(xAt, e.bytes()*i))
	}
	e.ADDQ(imm(64), xAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(loop))
}

// scaleRows multiplies n rows of 16 by a factor each.
func (e *emitter) scaleRows() {
	e.load("x", xAt)
	e.load("by", count)
	e.load("n", samples)
	loop := e.label("row")
	e.Label(loop)
	e.VBROADCASTSS(at(count, 0), e.v(0))
	for i := range e.columns() {
		e.VMULPS(at(xAt, e.bytes()*i), e.v(0), e.v(1+i))
		e.VMOVUPS(e.v(1+i), at(xAt, e.bytes()*i))
	}
	e.ADDQ(imm(4), count)
	e.ADDQ(imm(64), xAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(loop))
}
