package asm

import (
	"math"

	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
)

// rate sets x to eˣ, beyond nn.RateBend to its tangent there.
func (e *emitter) rate(x reg.VecPhysical, t []reg.VecPhysical) {
	e.bend(x, t[0], t[1], t[2])
	e.exp(t[0], t[2:])
	e.VMULPS(t[1], t[0], x)
}

// bend sets m to x, at most nn.RateBend, and stretch to 1 and what x is beyond: the rate is eᵐ·stretch.
func (e *emitter) bend(x, m, stretch, zero reg.VecPhysical) {
	e.full(nn.RateBend, m)
	e.VMINPS(x, m, m) // the result where one is NaN is the first operand
	e.VADDPS(e.constant(-nn.RateBend), x, stretch)
	e.zero(zero)
	e.VMAXPS(stretch, zero, stretch)
	e.VADDPS(e.constant(1), stretch, stretch)
}

// bregmanTerms are the coefficients of (eᵈ - 1 - d)/d² for |d| ≤ 1, highest power first: a fit at Chebyshev's points, whose error is at
// most 1.8e-8 of the value.
var bregmanTerms = []float64{2.8062802855e-06, 2.5358512272e-05, 0.00019838101964, 0.0013885396911, 0.0083333396759, 0.041666736595, 0.16666666647, 0.49999999781}

// stirlingTerms are the coefficients of (log t! - t·log t + t - ½·log 2πt)·t by powers of 1/t for t ≥ 1, highest power first: a fit at
// Chebyshev's points, whose error is at most 5.2e-9 of log t!.
var stirlingTerms = []float64{0.00014221893314, -0.00064566983739, 0.0010635330603, -6.090971242e-05, -0.0027706881195, -3.4973382663e-07, 0.083333336717}

// poissonTerm sets term to λ - t·log λ + log t! and dLogit to its derivative by the logit, with check both NaN where t is no count. Where log λ is
// near log t, d apart, large terms would cancel: there λ - t - t·d is t·(eᵈ - 1 - d) by a polynomial in d (as in Loader, Fast and accurate
// computation of binomial probabilities, 2000).
func (e *emitter) poissonTerm(gradient, check bool) {
	logit, target, free := e.logit(), e.target(), e.all[3:7]
	lambda, stretch, log, c, inverse := e.v(2), e.v(9), e.v(10), e.v(14), e.v(15)
	if check {
		e.counted(target, lambda, stretch, log, free[0])
	}
	e.bend(logit, lambda, stretch, free[0])
	e.VMOVAPS(lambda, log)
	e.exp(lambda, free)
	if gradient {
		e.VDIVPS(stretch, target, e.dLogit())
		e.VSUBPS(e.dLogit(), lambda, e.dLogit())
	}
	e.VMULPS(stretch, lambda, lambda)
	e.log(stretch, free)
	e.VADDPS(stretch, log, log)

	one, apart := free[0], log
	e.VMAXPS(target, e.full(1, one), c)
	e.VDIVPS(c, one, inverse)
	e.log(c, free)
	e.VSUBPS(c, log, apart)
	e.VMULPS(e.constant(0.5), c, c)
	e.VADDPS(e.constant(math.Log(2*math.Pi)/2), c, c)
	e.polynomial(free[0], inverse, stirlingTerms)
	e.VFMADD231PS(free[0], inverse, c)
	positive := free[2]
	e.above(target, free[1], positive)
	e.VANDPS(positive, c, c) // log 0! is 0

	near, by, far := free[0], free[1], free[3]
	e.polynomial(near, apart, bregmanTerms)
	e.VMULPS(apart, apart, by)
	e.VMULPS(target, by, by)
	e.VMULPS(by, near, near)
	e.VSUBPS(target, lambda, lambda)
	e.VFNMADD231PS(target, apart, lambda)
	e.VANDPS(e.otherBits(), apart, by)
	e.notAtMost(by, e.constant(1), far)
	e.VANDNPS(positive, far, by)
	e.blend(by, near, lambda, e.term())
	e.VADDPS(c, e.term(), e.term())
}

// counted sets x to NaN where it is no whole number from 0 to nn.MaxCount.
func (e *emitter) counted(x, a, b, wrong, zero reg.VecPhysical) {
	e.round(x, a)
	e.VSUBPS(a, x, a)
	e.VANDPS(e.otherBits(), a, a)
	e.notAtMost(a, e.constant(0), wrong)
	e.notAtMost(x, e.constant(nn.MaxCount), a)
	e.VORPS(a, wrong, wrong)
	e.VXORPS(e.signBit(), x, a)
	e.above(a, zero, b)
	e.VORPS(b, wrong, wrong)
	e.VORPS(wrong, x, x)
}
