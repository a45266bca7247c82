package asm

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// featureRows is what the network sees of each sample. Logarithms are taken, and made relative to their means, in float64: columns that
// are large and vary little would lose digits.
func (e *emitter) featureRows(op *plan.FeatureRows) {
	f := fieldsFunction{e, &op.FieldShape, op.Frame(), false}
	featuresAt := slopeAt
	e.findFrame()
	f.standards(true)
	e.load("u", featuresAt)
	e.load("x", recordAt)
	e.load("n", samples)
	f.tiles(func(_ int, p plan.FieldPart) {
		e.takeColumns([]tileArray{{recordAt, 4 * p.First().Field, 4 * op.Fields, p.Fields(), f.X}})
		f.features(p)
		e.giveColumns([]tileArray{{featuresAt, 4 * p.First().Feature, 4 * op.Width, p.Columns(), f.U}})
	}, map[reg.Register]int{featuresAt: op.Width, recordAt: op.Fields})
}

// features computes the columns u of a part from its rows.
func (f fieldsFunction) features(p plan.FieldPart) {
	f.runs(p, func(r plan.FieldRun) {
		x := f.v(0)
		if r.Kind == nn.CategoryField {
			f.VMOVUPS(f.rowOf(p, r), x)
			f.classFeatures(r.Width)
			return
		}
		f.VMOVUPS(f.besides(p, r, f.X, r.Field-p.First().Field), x)
		switch r.Kind {
		case nn.RealField:
			f.VSUBPS(f.spread(f.Mean, r.Standard, f.v(1)), x, x)
			f.VMULPS(f.spread(f.Deviation, r.Standard, f.v(1)), x, x)
		case nn.LogField, nn.CountField:
			f.logFeature(r)
		case nn.BinaryField:
		default:
			panic(fmt.Sprintf("internal error: no assembly of field kind %d", r.Kind))
		}
		f.VMOVUPS(x, at(column, f.U))
	})
}

// rowOf is the column of a field with several features in its row. It changes the register of classes.
func (f fieldsFunction) rowOf(p plan.FieldPart, r plan.FieldRun) operand.Mem {
	f.MOVQ(entry, class)
	f.SHLQ(operand.U8(4), class) // from 4 bytes a field to a column
	return operand.Mem{Base: frameAt, Index: class, Scale: 1, Disp: f.X + laneBytes*(r.Field-p.First().Field)}
}

// classFeatures sets the columns of a field to 1 for the class in register 0, to 0 for others, and all to NaN if it is none.
func (f fieldsFunction) classFeatures(n int) {
	x, none, number, is := f.v(0), f.v(1), f.v(2), f.v(3)
	f.VSUBPS(x, x, none) // 0, or NaN
	f.zero(number)
	f.classes(n, func() {
		f.equal(x, number, is)
		f.VANDPS(f.constant(1), is, is)
		f.VADDPS(none, is, is)
		f.VMOVUPS(is, at(class, f.U))
		f.VADDPS(f.constant(1), number, number)
	})
}

// logFeature sets register 0, x ≥ 0, to (log(1+x) - mean)/deviation.
func (f fieldsFunction) logFeature(r plan.FieldRun) {
	x, low, high, mean, factor, no := f.v(0), f.v(1), f.v(2), f.v(3), f.v(4), f.v(5)
	f.VSUBPS(x, x, no) // 0, or NaN
	f.doubles(x, low, high)
	f.VBROADCASTSS(f.of(f.Mean, r.Standard), half(mean))
	f.VCVTPS2PD(half(mean), mean)
	f.VBROADCASTSS(f.of(f.Deviation, r.Standard), half(factor))
	f.VCVTPS2PD(half(factor), factor)
	for i, v := range []reg.VecPhysical{low, high} {
		f.log1pOfDouble(v, f.all[6+5*i:])
		f.VSUBPD(mean, v, v)
		f.VMULPD(factor, v, v)
	}
	f.floats(low, high, x)
	f.VADDPS(no, x, x)
}

// log1pOfDouble sets x ≥ 0 to log(1+x), in float64, at most 3e-11 off: 1 + x is 2ᵏ·y with √½ ≤ y < √2, and log y is 2·artanh s with
// s = (y-1)/(y+1), by its series to s¹¹. It may change five registers t.
func (e *emitter) log1pOfDouble(x reg.VecPhysical, t []reg.VecPhysical) {
	k, s, square, p, scale := t[0], t[1], t[2], t[3], t[4]
	const whole = 1 << 52 // plus a number below, in float64, has the number in its last bits
	e.VADDPD(e.double(1), x, x)
	e.VMOVUPS(e.double(math.Sqrt2/2), k)
	e.VPSUBQ(k, x, k)
	e.VPSRLQ(operand.U8(52), k, k)
	e.VPSLLQ(operand.U8(52), k, scale)
	e.VPSUBQ(scale, x, x)
	e.VORPS(e.double(whole), k, k)
	e.VSUBPD(e.double(whole), k, k)
	e.VADDPD(e.double(1), x, s)
	e.VSUBPD(e.double(1), x, x)
	e.VDIVPD(s, x, s)
	e.VMULPD(s, s, square)
	e.VMOVUPS(e.double(2./11), p)
	for _, c := range []float64{2. / 9, 2. / 7, 2. / 5, 2. / 3, 2} {
		e.VFMADD213PD(e.double(c), square, p)
	}
	e.VMULPD(p, s, x)
	e.VFMADD231PD(e.double(math.Ln2), k, x)
}
