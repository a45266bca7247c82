package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// terms adds the losses of part number i to the sums of a tile's samples, a lane each. Derivatives take the places of o. The sums lie in the
// frame between parts; the last one ends with the scores.
func (f fieldsFunction) terms(i int, p plan.FieldPart) {
	if f.gradient {
		f.Load(f.Param("share"), reg.X11)
		f.VBROADCASTSS(reg.X11, f.share())
	}
	sums := []operand.Mem{at(frameAt, f.Sums), at(frameAt, f.Sums+laneBytes)}
	for half, sum := range []reg.VecPhysical{f.sumLow(), f.sumHigh()} {
		if i == 0 {
			f.zero(sum)
		} else {
			f.VMOVUPS(sums[half], sum)
		}
	}
	f.runs(p, func(r plan.FieldRun) {
		switch r.Kind {
		case nn.RealField, nn.LogField:
			f.normalTerm(p, r)
		case nn.CategoryField:
			f.categoryTerm(r)
		case nn.BinaryField:
			f.VMOVUPS(at(column, f.O), f.logit())
			f.VMOVUPS(at(column, f.U), f.target())
			f.bernoulliTerm(f.gradient)
			f.giveSlope()
		case nn.CountField:
			f.VMOVUPS(at(column, f.O), f.logit())
			f.VMOVUPS(f.besides(p, r, f.X, r.Field-p.First().Field), f.target())
			f.VFMADD213PS(f.spread(f.Mean, r.Standard, f.v(3)), f.spread(f.Deviation, r.Standard, f.v(2)), f.logit())
			f.poissonTerm(f.gradient, false)
			if f.gradient {
				f.VMULPS(f.spread(f.Deviation, r.Standard, f.v(2)), f.dLogit(), f.dLogit())
			}
			f.giveSlope()
		default:
			panic(fmt.Sprintf("internal error: no assembly of field kind %d", r.Kind))
		}
		f.addToSamples()
	})
	if i < len(f.Parts)-1 {
		f.VMOVUPS(f.sumLow(), sums[0])
		f.VMOVUPS(f.sumHigh(), sums[1])
		return
	}
	f.scores()
}

// giveSlope stores share times a derivative.
func (f fieldsFunction) giveSlope() {
	if f.gradient {
		f.VMULPS(f.share(), f.dLogit(), f.dLogit())
		f.VMOVUPS(f.dLogit(), at(column, f.O))
	}
}

// doubles sets low and high to the values of a register in float64.
func (e *emitter) doubles(v, low, high reg.VecPhysical) {
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), v, high.AsY())
	} else {
		e.VEXTRACTF128(operand.Imm(1), v, high.AsX())
	}
	e.VCVTPS2PD(half(v), low)
	e.VCVTPS2PD(half(high), high)
}

// floats sets to to the values of two registers of float64, which it changes.
func (e *emitter) floats(low, high, to reg.VecPhysical) {
	if e.isWide() {
		e.VCVTPD2PS(low, low.AsY())
		e.VCVTPD2PS(high, high.AsY())
		e.VINSERTF64X4(operand.Imm(1), high.AsY(), low, to)
	} else {
		e.VCVTPD2PSY(low, low.AsX())
		e.VCVTPD2PSY(high, high.AsX())
		e.VINSERTF128(operand.Imm(1), high.AsX(), low, to)
	}
}

// addToSamples adds a register of terms to the sums, which have a lane a sample.
func (f fieldsFunction) addToSamples() {
	low, high := f.v(2), f.v(3)
	f.doubles(f.term(), low, high)
	f.VADDPD(low, f.sumLow(), f.sumLow())
	f.VADDPD(high, f.sumHigh(), f.sumHigh())
}

// scores stores the sums.
func (f fieldsFunction) scores() {
	f.comment("scores")
	f.floats(f.sumLow(), f.sumHigh(), f.v(0))
	f.wholeOrPart(func() { f.VMOVUPS(f.v(0), at(scoreAt, 0)) }, func() {
		next := f.label("sample")
		f.VMOVUPS(f.v(0), at(frameAt, f.Sums))
		f.XORL(sampleOfColumn.As32(), sampleOfColumn.As32())
		f.Label(next)
		f.VMOVSS(operand.Mem{Base: frameAt, Index: sampleOfColumn, Scale: 4, Disp: f.Sums}, reg.X0)
		f.VMOVSS(reg.X0, operand.Mem{Base: scoreAt, Index: sampleOfColumn, Scale: 4})
		f.INCQ(sampleOfColumn)
		f.CMPQ(sampleOfColumn, samples)
		f.JLT(operand.LabelRef(next))
	})
}

// normalTerm sets term to d²/2v + ½ log v + ½ log 2π + log s with d = o - u, of a logarithm with + m + s·u. The derivative by o is d/v, by ρ
// (1 - d²/v) times that of ½ log v.
func (f fieldsFunction) normalTerm(p plan.FieldPart, r plan.FieldRun) {
	d, u, scaled, constant, t := f.v(0), f.v(1), f.dLogit(), f.v(3), f.v(4)
	f.VMOVUPS(at(column, f.U), u)
	f.VMOVUPS(at(column, f.O), d)
	f.VSUBPS(u, d, d)
	f.VMULPS(f.spread(f.InverseVariance, r.Deviation, t), d, scaled)
	f.VMULPS(d, scaled, d)
	f.spread(f.HalfLogVariance, r.Deviation, constant)
	f.VADDPS(f.spread(f.LogDeviation, r.Standard, t), constant, constant)
	if r.Kind == nn.LogField {
		f.VADDPS(f.spread(f.Mean, r.Standard, t), constant, constant)
		f.VFMADD231PS(f.spread(f.Deviation, r.Standard, t), u, constant)
	}
	f.VMOVAPS(constant, f.term())
	f.VFMADD231PS(f.constant(0.5), d, f.term())
	f.giveSlope()
	if f.gradient {
		f.full(1, t)
		f.VSUBPS(d, t, t)
		f.VMULPS(f.spread(f.VarianceSlope, r.Deviation, f.v(5)), t, t)
		f.VMULPS(f.share(), t, t)
		f.VMOVUPS(t, f.besides(p, r, f.E, r.Deviation-p.First().Deviation))
	}
}

// categoryTerm sets term to log Σ e^o - Σ u·o, with the largest o taken away before. The derivative is e^o / Σ e^o - u.
func (f fieldsFunction) categoryTerm(r plan.FieldRun) {
	o, most, own, sum := f.logit(), f.v(14), f.v(15), f.v(10)
	f.VMOVUPS(f.word(0xff800000), most)
	f.zero(own)
	f.classes(r.Width, func() {
		f.VMOVUPS(at(class, f.O), o)
		f.VMAXPS(o, most, most)
		f.VFMADD231PS(at(class, f.U), o, own)
	})
	f.zero(sum)
	f.classes(r.Width, func() {
		f.VMOVUPS(at(class, f.O), o)
		f.VSUBPS(most, o, o)
		f.exp(o, f.all[3:7])
		if f.gradient {
			f.VMOVUPS(o, at(class, f.O))
		}
		f.VADDPS(o, sum, sum)
	})
	if f.gradient {
		factor := f.v(9)
		f.VDIVPS(sum, f.share(), factor)
		f.classes(r.Width, func() {
			f.VMULPS(at(class, f.O), factor, o)
			f.VFNMADD231PS(at(class, f.U), f.share(), o)
			f.VMOVUPS(o, at(class, f.O))
		})
	}
	f.log(sum, f.all[3:7])
	f.VSUBPS(own, most, f.term())
	f.VADDPS(sum, f.term(), f.term())
}

// classes goes over the columns of a field.
func (f fieldsFunction) classes(n int, column func()) {
	loop := f.label("class")
	f.MOVQ(reg.RAX, class)
	f.MOVQ(operand.U32(n), classes)
	f.Label(loop)
	column()
	f.ADDQ(imm(laneBytes), class)
	f.DECQ(classes)
	f.JNZ(operand.LabelRef(loop))
}
