package asm

import (
	"math"

	"github.com/mmcloughlin/avo/reg"
)

// tailTerms are the coefficients of (3.5+t)·e^(t²/2)·Φ(-t) in 0.375 - t/(3.5+t), highest power first, for 0 ≤ t ≤ 14.5, Φ the normal
// distribution: a minimax fit whose error is at most 1.2e-8 of that. The form is that of M. Shepherd and J. Laframboise, Chebyshev
// Approximation of (1+2x)exp(x²)erfc x in 0 ≤ x < ∞, 1981.
var tailTerms = []float64{-0.0572921522, 0.0450301953, 0.140048906, -0.110056803, -0.329456031, 0.106990084, 1.02798772, 1.63121688, 1.49195528,
	0.907394826}

// A tail is Φ(-t) in parts: p/(3.5+t) times e^(-t²/2), which is (1 + w)·s·n. Share + lost is t/(3.5+t): lost is what the division's
// rounding took.
type tail struct{ t, w, s, n, share, lost, p reg.VecPhysical }

// normalTail sets the parts of Φ(-t) for t = |x|, or 14.5 above that: there Φ(-t)·t rounds to 0. It may change nine registers.
// The exponential would magnify the rounding error of t², so it is added to what the exponent leaves after its reduction. NaN stays NaN.
func (e *emitter) normalTail(x reg.VecPhysical, t []reg.VecPhysical) tail {
	q := tail{t: t[0], w: t[1], s: t[2], n: t[3], share: t[4], lost: t[5], p: t[6]}
	exponent, r, lost := t[6], t[7], t[8]
	e.VANDPS(e.otherBits(), x, q.t)
	e.VMINPS(q.t, e.full(14.5, r), q.t)
	e.VMULPS(e.constant(-0.5), q.t, lost)
	e.VMULPS(lost, q.t, exponent)
	e.VFMSUB213PS(exponent, q.t, lost)
	e.reduce(exponent, q.n, r)
	e.VADDPS(lost, r, r)
	e.expOfReduced(r, q.w, q.n, q.s)
	sum, rest := t[7], t[8]
	e.VADDPS(e.constant(3.5), q.t, sum)
	e.VDIVPS(sum, q.t, q.share)
	e.VMOVAPS(q.t, q.lost)
	e.VFNMADD231PS(q.share, sum, q.lost)
	e.full(1, rest)
	e.VSUBPS(q.share, rest, rest)
	e.VMULPS(e.constant(1/3.5), q.lost, q.lost)
	e.VMULPS(rest, q.lost, q.lost)
	centred := t[7]
	e.full(0.375, centred)
	e.VSUBPS(q.share, centred, centred)
	e.VSUBPS(q.lost, centred, centred)
	e.polynomial(q.p, centred, tailTerms)
	return q
}

// gelu sets x to x·Φ(x): max(x, 0) - |x|·Φ(-|x|). What the rounding of share·p takes is added again too.
func (e *emitter) gelu(x reg.VecPhysical, t []reg.VecPhysical) {
	q := e.normalTail(x, t)
	product, zero := t[7], t[0]
	e.VMULPS(q.share, q.p, product)
	e.VMULPS(q.p, q.lost, q.lost)
	e.VFMSUB213PS(product, q.share, q.p)
	e.VADDPS(q.p, q.lost, q.lost)
	e.VFMADD231PS(product, q.w, q.lost)
	e.VADDPS(q.lost, product, product)
	e.VMULPS(q.s, product, product)
	e.VMULPS(q.n, product, product)
	e.zero(zero)
	e.VMAXPS(x, zero, x)
	e.VSUBPS(product, x, x)
}

// geluSlope sets x to Φ(x) + x·φ(x), φ the normal density. At -t that is e^(-t²/2)·(p/(3.5+t) - t/√(2π)), and at t what is left to 1.
func (e *emitter) geluSlope(x reg.VecPhysical, t []reg.VecPhysical) {
	q := e.normalTail(x, t)
	one, left := t[7], q.share
	e.full(1, one)
	e.VSUBPS(q.share, one, left)
	e.VMULPS(left, q.p, q.p)
	e.VMULPS(e.constant(1/3.5), q.p, q.p)
	e.VFNMADD231PS(e.constant(1/math.Sqrt(2*math.Pi)), q.t, q.p)
	e.timesExp(q.p, q.w, left)
	e.VMULPS(q.s, left, left)
	e.VMULPS(q.n, left, left)
	e.VSUBPS(left, one, one)
	e.blend(x, left, one, x)
}
