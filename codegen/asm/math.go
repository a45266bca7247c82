package asm

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

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

// expTerms are the coefficients of (eʳ - 1 - r)/r² for |r| ≤ log(2)/2, highest power first: S. Moshier, Cephes, expf.
var expTerms = []float64{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}

// exp sets x to eˣ for x ≤ 0, at most 2 ulp off, denormal results included; NaN stays NaN. It needs four more registers.
//
// eˣ = 2ⁿ·eʳ with n = round(x/log 2), and log 2 in two parts. 2ⁿ is multiplied in as two powers that are both normal,
// so that only the last product is rounded where the result is denormal.
func (e *emitter) exp(x, n, r, p, s reg.VecPhysical) {
	e.VMAXPS(x, e.full(-104, n), x) // NaN is the second operand and stays
	e.VMULPS(e.constant(1.44269504088896341), x, n)
	e.round(n, n)
	e.VMOVAPS(x, r)
	e.VFNMADD231PS(e.constant(0.693359375), n, r)
	e.VFNMADD231PS(e.constant(-2.12194440e-4), n, r)
	e.polynomial(p, r, expTerms)
	e.VMULPS(r, r, s)
	e.VFMADD213PS(r, s, p) // p·r² + r
	e.VADDPS(e.constant(1), p, p)
	e.VCVTPS2DQ(n, n)
	e.VPSRAD(operand.Imm(1), n, s)
	e.VPSUBD(s, n, n)
	e.VPSLLD(operand.Imm(23), s, s)
	e.VPSLLD(operand.Imm(23), n, n)
	one := e.word(0x3f800000)
	e.VPADDD(one, s, s)
	e.VPADDD(one, n, n)
	e.VMULPS(s, p, x)
	e.VMULPS(n, x, x)
}

// full sets a register to a constant in all lanes and returns it.
func (e *emitter) full(v float64, to reg.VecPhysical) reg.VecPhysical {
	e.VMOVUPS(e.constant(v), to)
	return to
}

// polynomial sets p to the polynomial of x with the given coefficients, highest power first.
func (e *emitter) polynomial(p, x reg.VecPhysical, c []float64) {
	e.full(c[0], p)
	for _, v := range c[1:] {
		e.VFMADD213PS(e.constant(v), x, p)
	}
}

// sigmoid sets x to 1/(1 + e⁻ˣ), at most 3 ulp off: by e⁻|ˣ|, so that nothing overflows. It needs four more registers.
func (e *emitter) sigmoid(x, a, b, c, d reg.VecPhysical) {
	e.VMOVAPS(x, e.v(5))
	e.VORPS(e.word(0x80000000), x, x)
	e.exp(x, a, b, c, d)
	e.full(1, a)
	e.VADDPS(a, x, b)
	e.blend(e.v(5), x, a, x) // the numerator: e for x below 0, else 1
	e.VDIVPS(b, x, x)
}
