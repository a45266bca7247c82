package asm

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// lanesOfDot is the number of sums of a scalar product, and of groups that have a maximum of their own: the same in both bodies.
const lanesOfDot = 64

// maxima keeps the largest values of 64 groups in registers. Where one operand is NaN the maximum is the other one: that of the group.
func (e *emitter) maxima() {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("n", samples)
	groups, x := lanesOfDot/e.lanes, e.top(0)
	for i := range groups {
		e.VMOVUPS(e.word(math.Float32bits(float32(math.Inf(-1)))), e.v(i))
	}
	loop, tail, value, done := e.label("values"), e.label("rest"), e.label("value"), e.label("done")
	e.SUBQ(imm(lanesOfDot), samples)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	for i := range groups {
		e.VMOVUPS(at(xAt, e.bytes()*i), x)
		e.VMAXPS(e.v(i), x, e.v(i))
	}
	e.ADDQ(imm(4*lanesOfDot), xAt)
	e.SUBQ(imm(lanesOfDot), samples)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	for i := range groups {
		e.VMOVUPS(e.v(i), at(yAt, e.bytes()*i))
	}
	e.ADDQ(imm(lanesOfDot), samples)
	e.JEQ(operand.LabelRef(done))
	e.Label(value)
	e.VMOVSS(at(xAt, 0), reg.X0)
	e.VMOVSS(at(yAt, 0), reg.X1)
	e.VMAXSS(reg.X1, reg.X0, reg.X1)
	e.VMOVSS(reg.X1, at(yAt, 0))
	e.ADDQ(imm(4), xAt)
	e.ADDQ(imm(4), yAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(value))
	e.Label(done)
}

// collect compares a register of values at a time with the bound, and goes through the bits of those that are not below it.
func (e *emitter) collect(op *plan.Collect) {
	list, found, base, place := yAt, xRun, wRun, reg.RDX
	e.load("c", list)
	e.load("x", xAt)
	e.load("n", samples)
	e.Load(e.Param("bound"), reg.X1)
	e.VBROADCASTSS(reg.X1, e.v(1))
	e.XORQ(found, found)
	e.XORQ(base, base)
	loop, tail, done, full := e.label("values"), e.label("rest"), e.label("done"), e.label("full")
	const notLess = 21 // or NaN
	bits := func(next string) {
		bit := e.label("bit")
		e.TESTL(count.As32(), count.As32())
		e.JEQ(operand.LabelRef(next))
		e.Label(bit)
		e.BSFL(count.As32(), place.As32())
		e.ADDL(base.As32(), place.As32())
		e.CMPQ(found, imm(op.Most))
		e.JGE(operand.LabelRef(full))
		e.MOVL(place.As32(), operand.Mem{Base: list, Index: found, Scale: 4})
		e.INCQ(found)
		e.MOVL(count.As32(), place.As32())
		e.DECL(place.As32())
		e.ANDL(place.As32(), count.As32())
		e.JNE(operand.LabelRef(bit))
	}
	e.SUBQ(imm(e.lanes), samples)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	e.VMOVUPS(at(xAt, 0), e.v(0))
	if e.isWide() {
		e.VCMPPS(operand.Imm(notLess), e.v(1), e.v(0), reg.K1)
		e.KMOVW(reg.K1, count.As32())
	} else {
		e.VCMPPS(operand.Imm(notLess), e.v(1), e.v(0), e.v(0))
		e.VMOVMSKPS(e.v(0), count.As32())
	}
	none := e.label("none")
	bits(none)
	e.Label(none)
	e.ADDQ(imm(e.bytes()), xAt)
	e.ADDQ(imm(e.lanes), base)
	e.SUBQ(imm(e.lanes), samples)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(e.lanes), samples)
	e.JEQ(operand.LabelRef(done))
	e.mask(samples)
	e.loadMasked(at(xAt, 0), e.v(0))
	if e.isWide() {
		e.VCMPPS(operand.Imm(notLess), e.v(1), e.v(0), reg.K2, reg.K1)
		e.KMOVW(reg.K1, count.As32())
	} else {
		e.VCMPPS(operand.Imm(notLess), e.v(1), e.v(0), e.v(0))
		e.VANDPS(e.top(0), e.v(0), e.v(0))
		e.VMOVMSKPS(e.v(0), count.As32())
	}
	bits(done)
	e.JMP(operand.LabelRef(done))
	e.Label(full)
	e.INCQ(found)
	e.Label(done)
	e.MOVL(found.As32(), at(list, 4*op.Most))
}

// addScaled adds a·x to y, four registers at a time.
func (e *emitter) addScaled() {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("n", samples)
	e.Load(e.Param("a"), reg.X1)
	e.VBROADCASTSS(reg.X1, e.v(1))
	const together = 4
	loop, tail := e.label("values"), e.label("rest")
	e.SUBQ(imm(together*e.lanes), samples)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	for i := range together {
		e.VMOVUPS(at(yAt, e.bytes()*i), e.v(2+i))
		e.VFMADD231PS(at(xAt, e.bytes()*i), e.v(1), e.v(2+i))
		e.VMOVUPS(e.v(2+i), at(yAt, e.bytes()*i))
	}
	e.ADDQ(imm(together*e.bytes()), yAt)
	e.ADDQ(imm(together*e.bytes()), xAt)
	e.SUBQ(imm(together*e.lanes), samples)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(together*e.lanes), samples)
	e.vectors(samples, func() {
		e.VMOVUPS(at(yAt, 0), e.v(0))
		e.VFMADD231PS(at(xAt, 0), e.v(1), e.v(0))
		e.VMOVUPS(e.v(0), at(yAt, 0))
		e.ADDQ(imm(e.bytes()), yAt)
		e.ADDQ(imm(e.bytes()), xAt)
	}, func() {
		e.loadMasked(at(yAt, 0), e.v(0))
		e.loadMasked(at(xAt, 0), e.v(2))
		e.VFMADD231PS(e.v(2), e.v(1), e.v(0))
		e.storeMasked(e.v(0), at(yAt, 0))
	})
}

// dot sums products in 64 lanes, and then the lanes: the same order in both bodies.
func (e *emitter) dot() {
	e.load("y", yAt)
	e.load("a", xAt)
	e.load("b", wAt)
	e.load("n", samples)
	sums, group := lanesOfDot/e.lanes, plan.Panel/e.lanes
	for i := range sums {
		e.zero(e.v(i))
	}
	step := func(i int) {
		e.VMOVUPS(at(xAt, e.bytes()*i), e.top(0))
		e.VFMADD231PS(at(wAt, e.bytes()*i), e.top(0), e.v(i))
	}
	loop, tail, done := e.label("values"), e.label("rest"), e.label("done")
	e.SUBQ(imm(lanesOfDot), samples)
	e.JLT(operand.LabelRef(tail))
	e.Label(loop)
	for i := range sums {
		step(i)
	}
	e.ADDQ(imm(4*lanesOfDot), xAt)
	e.ADDQ(imm(4*lanesOfDot), wAt)
	e.SUBQ(imm(lanesOfDot), samples)
	e.JGE(operand.LabelRef(loop))
	e.Label(tail)
	e.ADDQ(imm(lanesOfDot), samples)
	for g := range lanesOfDot/plan.Panel - 1 {
		e.CMPQ(samples, imm(plan.Panel*(g+1)))
		e.JLT(operand.LabelRef(done))
		for i := range group {
			step(g*group + i)
		}
	}
	e.Label(done)
	e.comment("the sum of the lanes")
	add := func(g, other int) { // groups of 16 lanes
		for i := range group {
			e.VADDPS(e.v(other*group+i), e.v(g*group+i), e.v(g*group+i))
		}
	}
	add(0, 1)
	add(2, 3)
	add(0, 2)
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.v(0), reg.Y1)
	}
	e.VADDPS(reg.Y1, reg.Y0, reg.Y0)
	e.VEXTRACTF128(operand.Imm(1), reg.Y0, reg.X1)
	e.VADDPS(reg.X1, reg.X0, reg.X0)
	e.VPERMILPD(operand.Imm(1), reg.X0, reg.X1)
	e.VADDPS(reg.X1, reg.X0, reg.X0)
	e.VMOVSHDUP(reg.X0, reg.X1)
	e.VADDSS(reg.X1, reg.X0, reg.X0)
	e.VMOVSS(reg.X0, at(yAt, 0))
}

// rowDots multiplies eight rows of a panel at a time by a row, and sums each of them.
func (e *emitter) rowDots() {
	e.load("y", yAt)
	e.load("w", wAt)
	e.load("d", xAt)
	e.load("n", samples)
	low, high := reg.Y14, reg.Y15
	e.VMOVUPS(at(xAt, 0), low)
	e.VMOVUPS(at(xAt, 32), high)
	loop := e.label("rows")
	e.Label(loop)
	for i := range 8 {
		e.VMULPS(at(wAt, 64*i), low, e.v(i))
		e.VFMADD231PS(at(wAt, 64*i+32), high, e.v(i))
	}
	e.comment("sums of neighbours, three times: of each row in two halves")
	for step := 1; step < 8; step *= 2 {
		for i := 0; i < 8; i += 2 * step {
			if step < 4 {
				e.VHADDPS(e.v(i+step), e.v(i), e.v(i))
			}
		}
	}
	e.VPERM2F128(operand.Imm(0x20), reg.Y4, reg.Y0, reg.Y8)
	e.VPERM2F128(operand.Imm(0x31), reg.Y4, reg.Y0, reg.Y9)
	e.VADDPS(reg.Y9, reg.Y8, reg.Y8)
	e.VMOVUPS(reg.Y8, at(yAt, 0))
	e.ADDQ(imm(4*8), yAt)
	e.ADDQ(imm(64*8), wAt)
	e.SUBQ(imm(8), samples)
	e.JNZ(operand.LabelRef(loop))
}
