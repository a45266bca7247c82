package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// General registers of a code that is sampled, beside those of elementwise functions.
var (
	sumAt, deviationAt = reg.RAX, reg.RBX
	varianceAt, goalDz = reg.RCX, reg.RDX
)

// Vector registers of a code that is sampled: numbers 2 to 7 and 9 are free, 7 is the term of a loss, and the sum of a sample is that of a loss.
func (e *emitter) mean() reg.VecPhysical   { return e.v(0) }
func (e *emitter) logvar() reg.VecPhysical { return e.v(1) }
func (e *emitter) key() reg.VecPhysical    { return e.v(8) }

// highest is where exponentials end: beyond, they are infinite in float32.
const highest = 100

// expOf sets x to eˣ for any x. NaN stays NaN.
func (e *emitter) expOf(x reg.VecPhysical, t []reg.VecPhysical) {
	e.VMINPS(x, e.full(highest, t[0]), x) // the result where one is NaN is the first operand
	e.exp(x, t)
}

// deviation sets to to exp(½·logvar).
func (e *emitter) deviation(logvar, to reg.VecPhysical, t []reg.VecPhysical) {
	e.VMULPS(e.constant(0.5), logvar, to)
	e.expOf(to, t)
}

func (e *emitter) drawValues() {
	e.elementwise([]string{"mean", "logvar", "e"}, func(t []reg.VecPhysical) {
		e.deviation(e.logvar(), t[0], t[1:])
		e.VFMADD231PS(t[0], e.v(2), e.mean())
	})
}

// divergence adds the divergences of a register of units to the sum, each at least free. Variance is exp(logvar). With rest, only the
// lanes of the mask count.
func (e *emitter) divergence(variance reg.VecPhysical, free float64, rest bool) {
	term := e.term()
	e.VSUBPS(e.logvar(), variance, term)
	e.VSUBPS(e.constant(1), term, term)
	e.VFMADD231PS(e.mean(), e.mean(), term)
	e.VMULPS(e.constant(0.5), term, term)
	e.VMAXPS(term, e.full(free, e.v(2)), term) // NaN stays
	if rest && e.isWide() {
		e.VMOVAPS_Z(term, reg.K2, term)
	} else if rest {
		e.VANDPS(e.top(0), term, term)
	}
	e.addTerms()
}

// divergences is the loop over the units of a sample: draw may change registers 2 to 7, and leaves exp(½·logvar) in 3. With rest, it stores
// under the mask. At its end the sum is in X0. Pointers are all that move on.
func (e *emitter) divergences(pointers []reg.Register, free float64, draw func(rest bool)) {
	e.zero(e.sumLow())
	e.zero(e.sumHigh())
	each := func(rest bool) {
		draw(rest)
		e.VMULPS(e.v(3), e.v(3), e.v(3))
		e.divergence(e.v(3), free, rest)
	}
	e.vectors(samples, func() {
		e.VMOVUPS(at(xAt, 0), e.mean())
		e.VMOVUPS(at(wAt, 0), e.logvar())
		each(false)
		for _, p := range pointers {
			e.ADDQ(imm(e.bytes()), p)
		}
	}, func() {
		e.loadMasked(at(xAt, 0), e.mean())
		e.loadMasked(at(wAt, 0), e.logvar())
		each(true)
	})
	if e.isWide() {
		e.VEXTRACTF64X4(operand.Imm(1), e.sumLow(), reg.Y13)
	}
	e.sumOfLanes()
}

func (e *emitter) divergenceValues() {
	e.load("s", sumAt)
	e.load("mean", xAt)
	e.load("logvar", wAt)
	e.load("n", samples)
	e.divergences([]reg.Register{xAt, wAt}, 0, func(bool) { e.deviation(e.logvar(), e.v(3), e.all[4:8]) })
	e.VMOVSS(reg.X0, at(sumAt, 0))
}

// posteriorValues draws a register of units at a time, by the bits of noise.
func (e *emitter) posteriorValues(op *plan.PosteriorValues) {
	e.load("y", yAt)
	e.load("d", deviationAt)
	e.load("s", sumAt)
	e.load("mean", xAt)
	e.load("logvar", wAt)
	e.load("k", keysAt)
	e.load("n", samples)
	counter := e.top(1)
	e.VMOVUPS(e.counter(0), counter)
	e.VMOVQ(keysAt, reg.X8)
	e.VPBROADCASTQ(reg.X8, e.key())
	store := func(rest bool, v reg.VecPhysical, to reg.Register) {
		if rest {
			e.storeMasked(v, at(to, 0))
		} else {
			e.VMOVUPS(v, at(to, 0))
		}
	}
	e.divergences([]reg.Register{xAt, wAt, yAt, deviationAt}, op.FreeBits, func(rest bool) {
		bits, d := e.v(2), e.v(4)
		e.comment("random bits, and the next ones' counters")
		e.VPADDQ(counter, e.key(), bits)
		e.mix(bits, e.all[3:5])
		e.VPBROADCASTQ(e.counter(e.lanes/2-1), d)
		e.VPADDQ(d, counter, counter)
		e.normal(bits, e.all[3:8])
		e.comment("the code and its distance from the mean")
		e.deviation(e.logvar(), e.v(3), e.all[4:8])
		e.VMULPS(e.v(3), bits, d)
		store(rest, d, deviationAt)
		e.VADDPS(e.mean(), d, d)
		store(rest, d, yAt)
	})
	e.Load(e.Param("beta"), reg.X1)
	e.VMULSS(reg.X1, reg.X0, reg.X0)
	e.VMOVSS(reg.X0, at(sumAt, 0))
}

// posteriorSlopes computes dmean = dz + w·mean and dlogvar = ½·(dz·d + w·(exp(logvar) - 1)); w is 0 where a unit's bits are free.
func (e *emitter) posteriorSlopes(op *plan.PosteriorSlopes) {
	e.load("y", yAt)
	e.load("v", varianceAt)
	from := []reg.Register{goalDz, deviationAt, xAt, wAt}
	for i, name := range []string{"dz", "d", "mean", "logvar"} {
		e.load(name, from[i])
	}
	e.load("n", samples)
	e.Load(e.Param("weight"), reg.X11)
	weight := e.v(11)
	e.VBROADCASTSS(reg.X11, weight)
	dz, d, mean, logvar, variance := e.v(0), e.v(1), e.v(2), e.v(3), e.v(4)
	compute := func() {
		e.VMOVAPS(logvar, variance)
		e.expOf(variance, e.all[5:9])
		w := weight
		e.VSUBPS(e.constant(1), variance, variance)
		if op.FreeBits > 0 {
			w = e.v(6)
			e.VSUBPS(logvar, variance, e.v(5))
			e.VFMADD231PS(mean, mean, e.v(5))
			e.VSUBPS(e.constant(2*op.FreeBits), e.v(5), e.v(5))
			e.above(e.v(5), e.v(7), w)
			e.VANDPS(weight, w, w)
		}
		e.VMULPS(w, variance, variance)
		e.VFMADD231PS(dz, d, variance)
		e.VMULPS(e.constant(0.5), variance, variance)
		e.VFMADD231PS(w, mean, dz)
	}
	e.vectors(samples, func() {
		for i, array := range from {
			e.VMOVUPS(at(array, 0), e.v(i))
		}
		compute()
		e.VMOVUPS(dz, at(yAt, 0))
		e.VMOVUPS(variance, at(varianceAt, 0))
		for _, array := range append(from, yAt, varianceAt) {
			e.ADDQ(imm(e.bytes()), array)
		}
	}, func() {
		for i, array := range from {
			e.loadMasked(at(array, 0), e.v(i))
		}
		compute()
		e.storeMasked(dz, at(yAt, 0))
		e.storeMasked(variance, at(varianceAt, 0))
	})
}
