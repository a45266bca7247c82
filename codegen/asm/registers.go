package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// registers are the vector registers of one instruction set. Instructions have the same names for both; what differs is below.
type registers struct {
	lanes int // floats in one
	all   []reg.VecPhysical
}

// narrow are those of AVX2, wide those of AVX-512.
var (
	narrow = registers{8, []reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}}
	wide   = registers{16, []reg.VecPhysical{reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}}
)

// bytes is the size of a register.
func (r registers) bytes() int { return 4 * r.lanes }

// v is register number i.
func (r registers) v(i int) reg.VecPhysical { return r.all[i] }

// top is the i-th register from the last one down: what accumulators, which go up, leave free.
func (r registers) top(i int) reg.VecPhysical { return r.all[len(r.all)-1-i] }

// isWide reports whether they are those of AVX-512.
func (r registers) isWide() bool { return r.lanes == wide.lanes }

// zero sets a register to 0.
func (e *emitter) zero(to reg.VecPhysical) {
	if e.isWide() {
		e.VPXORD(to, to, to)
	} else {
		e.VXORPS(to, to, to)
	}
}

// blend sets to to negative in the lanes where the sign bit of by is set, and to positive in the others.
func (e *emitter) blend(by, negative, positive, to reg.VecPhysical) {
	if e.isWide() {
		e.VPMOVD2M(by, reg.K1)
		e.VBLENDMPS(negative, positive, reg.K1, to)
	} else {
		e.VBLENDVPS(by, negative, positive, to)
	}
}

// above sets to to all bits in the lanes where v is greater than 0, false for NaN. It needs a register for 0.
func (e *emitter) above(v, zero, to reg.VecPhysical) {
	const greater = 30
	e.zero(zero)
	if e.isWide() {
		e.VCMPPS(operand.Imm(greater), zero, v, reg.K1)
		e.VPMOVM2D(reg.K1, to)
	} else {
		e.VCMPPS(operand.Imm(greater), zero, v, to)
	}
}

// notAtMost sets to to all bits in the lanes where v is greater than a limit or NaN.
func (e *emitter) notAtMost(v reg.VecPhysical, limit operand.Mem, to reg.VecPhysical) {
	const notLessOrEqual = 22
	if e.isWide() {
		e.VCMPPS(operand.Imm(notLessOrEqual), limit, v, reg.K1)
		e.VPMOVM2D(reg.K1, to)
	} else {
		e.VCMPPS(operand.Imm(notLessOrEqual), limit, v, to)
	}
}

// equal sets to to all bits in the lanes where v is a number.
func (e *emitter) equal(v, number, to reg.VecPhysical) {
	if e.isWide() {
		e.VCMPPS(operand.Imm(0), number, v, reg.K1)
		e.VPMOVM2D(reg.K1, to)
	} else {
		e.VCMPPS(operand.Imm(0), number, v, to)
	}
}

// round sets to to v rounded to whole numbers, ties to even.
func (e *emitter) round(v, to reg.VecPhysical) {
	const nearest = 8 // and no exception
	if e.isWide() {
		e.VRNDSCALEPS(operand.Imm(nearest), v, to)
	} else {
		e.VROUNDPS(operand.Imm(nearest), v, to)
	}
}

// mask selects the first n lanes, n in a register: in K2, or in the last register.
func (e *emitter) mask(n reg.Register) {
	last := e.top(0)
	e.VMOVQ(n, reg.X15)
	if e.isWide() {
		e.VPBROADCASTD(reg.X15, last)
		e.VPCMPGTD(e.lanesTable(), last, reg.K2)
	} else {
		e.VPBROADCASTD(reg.X15, last)
		e.VPCMPGTD(e.lanesTable(), last, last)
	}
}

// loadMasked reads the lanes of the mask, the others are 0.
func (e *emitter) loadMasked(from operand.Mem, to reg.VecPhysical) {
	if e.isWide() {
		e.VMOVUPS_Z(from, reg.K2, to)
	} else {
		e.VMASKMOVPS(from, e.top(0), to)
	}
}

// storeMasked writes the lanes of the mask.
func (e *emitter) storeMasked(from reg.VecPhysical, to operand.Mem) {
	if e.isWide() {
		e.VMOVUPS(from, reg.K2, to)
	} else {
		e.VMASKMOVPS(from, e.top(0), to)
	}
}

// lastMask sets K3 to the first n lanes, for storeFirst and loadFirst; n is 0 where there is no part of a register.
func (e *emitter) lastMask(n int) {
	if e.isWide() && n > 0 {
		e.MOVL(operand.U32(1<<n-1), count.As32())
		e.KMOVW(count.As32(), reg.K3)
	}
}

// storeFirst writes the first n lanes of a register: all, those of lastMask, up to 7 of a narrow one in pieces, or none if n is below 1.
// It may change the register.
func (e *emitter) storeFirst(from reg.VecPhysical, to operand.Mem, n int) {
	switch {
	case n >= e.lanes:
		e.VMOVUPS(from, to)
	case n < 1:
	case e.isWide():
		e.VMOVUPS(from, reg.K3, to)
	default:
		e.storePieces(from, to, n)
	}
}

func (e *emitter) storePieces(from reg.VecPhysical, to operand.Mem, n int) {
	low := from.AsX()
	if n >= 4 {
		e.VMOVUPS(low, to)
		e.VEXTRACTF128(operand.Imm(1), from, low)
		to, n = to.Offset(16), n-4
	}
	if n >= 2 {
		e.VMOVLPS(low, to)
		if n == 3 {
			e.VEXTRACTPS(operand.Imm(2), low, to.Offset(8))
		}
	} else if n == 1 {
		e.VMOVSS(low, to)
	}
}

// loadFirst reads the first n lanes of a register, the others are 0. It needs a register for a mask.
func (e *emitter) loadFirst(from operand.Mem, to, mask reg.VecPhysical, n int) {
	switch {
	case n >= e.lanes:
		e.VMOVUPS(from, to)
	case n < 1:
		e.zero(to)
	case e.isWide():
		e.VMOVUPS_Z(from, reg.K3, to)
	default:
		lanes := e.columnMask()
		lanes.Disp -= 4 * n
		e.VMOVUPS(lanes, mask)
		e.VMASKMOVPS(from, mask, to)
	}
}
