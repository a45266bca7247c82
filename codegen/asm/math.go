package asm

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// The functions of this file, of activation.go and of gelu.go take the register of their argument, which becomes the result, and registers
// t that they may change. Errors are counted from the exact result, in ulp: the distance of floats there, and where it is denormal the
// least number above 0. Nothing is flushed to 0.

// lanesTable is the numbers of the lanes, 0 to 15, in memory.
func (e *emitter) lanesTable() operand.Mem {
	e.lanesUsed = true
	return operand.NewDataAddr(operand.NewStaticSymbol("lanes"), 0)
}

// columnMask is the end of 16 words with all bits set, before 16 words that are 0, in memory.
func (e *emitter) columnMask() operand.Mem {
	e.columnsUsed = true
	return operand.NewDataAddr(operand.NewStaticSymbol("columns"), 4*plan.Panel)
}

func (e *emitter) writeColumnMask() {
	if !e.columnsUsed {
		return
	}
	e.StaticGlobal("columns")
	e.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 2 * plan.Panel {
		word := ^uint32(0)
		if i >= plan.Panel {
			word = 0
		}
		e.AddDatum(4*i, operand.U32(word))
	}
}

func (e *emitter) writeLanes() {
	if !e.lanesUsed {
		return
	}
	e.StaticGlobal("lanes")
	e.DataAttributes(attr.RODATA | attr.NOPTR)
	for lane := range wide.lanes {
		e.AddDatum(4*lane, operand.U32(lane))
	}
}

// full sets a register to a constant in all lanes and returns it.
func (e *emitter) full(v float64, to reg.VecPhysical) reg.VecPhysical {
	e.VMOVUPS(e.constant(v), to)
	return to
}

// signBit and otherBits select the sign of a float, and all but the sign.
func (e *emitter) signBit() operand.Mem   { return e.word(0x80000000) }
func (e *emitter) otherBits() operand.Mem { return e.word(0x7fffffff) }

// negative sets to to -|x|.
func (e *emitter) negative(x, to reg.VecPhysical) { e.VORPS(e.signBit(), x, to) }

// polynomial sets p to the polynomial of x with the given coefficients, highest power first.
func (e *emitter) polynomial(p, x reg.VecPhysical, c []float64) {
	e.full(c[0], p)
	for _, v := range c[1:] {
		e.VFMADD213PS(e.constant(v), x, p)
	}
}

// lowest is where exponentials end: the product of e⁻¹¹⁰ and any number up to 500 rounds to 0.
const lowest = -110

// reduce sets n to x/log 2 rounded and r to x - n·log 2, log 2 in two parts: Cody and Waite 1980. Below lowest, x becomes lowest.
// NaN stays NaN.
func (e *emitter) reduce(x, n, r reg.VecPhysical) {
	e.VMAXPS(x, e.full(lowest, n), x) // the result where one is NaN is the first operand
	e.VMULPS(e.constant(1.44269504088896341), x, n)
	e.round(n, n)
	e.VMOVAPS(x, r)
	e.VFNMADD231PS(e.constant(0.693359375), n, r)
	e.VFNMADD231PS(e.constant(-2.12194440e-4), n, r)
}

// expTerms are the coefficients of (eʳ - 1 - r)/r² for |r| ≤ log(2)/2, highest power first: S. Moshier, Cephes, expf.
var expTerms = []float64{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}

// expOfReduced sets w to eʳ - 1, and n and s to powers of two, both normal, whose product is 2ⁿ: eˣ is (1 + w)·s·n. Where the
// factor n comes last, only that product is rounded to a denormal number.
func (e *emitter) expOfReduced(r, w, n, s reg.VecPhysical) {
	e.polynomial(w, r, expTerms)
	e.VMULPS(r, r, s)
	e.VFMADD213PS(r, s, w)
	e.VCVTPS2DQ(n, n)
	e.VPSRAD(operand.Imm(1), n, s)
	e.VPSUBD(s, n, n)
	e.VPSLLD(operand.Imm(23), s, s)
	e.VPSLLD(operand.Imm(23), n, n)
	one := e.word(0x3f800000)
	e.VPADDD(one, s, s)
	e.VPADDD(one, n, n)
}

// exp sets x to eˣ for x ≤ 80.
func (e *emitter) exp(x reg.VecPhysical, t []reg.VecPhysical) {
	n, r, w, s := t[0], t[1], t[2], t[3]
	e.reduce(x, n, r)
	e.expOfReduced(r, w, n, s)
	e.timesExp(s, w, x)
	e.VMULPS(n, x, x)
}

// timesExp sets to to v·(1 + w).
func (e *emitter) timesExp(v, w, to reg.VecPhysical) {
	e.VMOVAPS(v, to)
	e.VFMADD231PS(v, w, to)
}

// expm1 sets x to eˣ - 1 for x ≤ 0: (eʳ - 1)·2ⁿ + (2ⁿ - 1). -0 stays -0.
func (e *emitter) expm1(x reg.VecPhysical, t []reg.VecPhysical) {
	n, r, w, s := t[0], t[1], t[2], t[3]
	e.reduce(x, n, r)
	e.expOfReduced(r, w, n, s)
	e.VMULPS(s, n, n)
	e.VADDPS(e.constant(-1), n, x)
	e.VFMADD231PS(n, w, x)
	e.VORPS(e.signBit(), x, x)
}

// log1pTerms are the coefficients of (log(1+u) - u)/u² for 0 ≤ u ≤ 1, highest power first: a minimax fit whose error is at most
// 5.2e-9 of log(1+u).
var log1pTerms = []float64{-0.0033183329126, 0.020203956305, -0.057663265575, 0.10680436446, -0.15355326325, 0.19695376472, -0.24958582812,
	0.33330510888, -0.49999932749}

// log1p sets u to log(1+u) for 0 ≤ u ≤ 1.
func (e *emitter) log1p(u reg.VecPhysical, t []reg.VecPhysical) {
	p, square := t[0], t[1]
	e.polynomial(p, u, log1pTerms)
	e.VMULPS(u, u, square)
	e.VFMADD231PS(p, square, u)
}
