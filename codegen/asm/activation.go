package asm

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
)

// activate applies an activation to x. It may change at most nine registers t; two for those that a product applies to its sums.
// Results are at most 3 ulp off, those in the range of denormal numbers too; NaN stays NaN, and -0 stays -0 where f(0) is 0.
func (e *emitter) activate(a nn.Activation, x reg.VecPhysical, t []reg.VecPhysical) {
	switch a.Func {
	case nn.Identity:
	case nn.ReLU: // the first operand is the result where one is NaN or both are 0
		e.zero(t[0])
		e.VMAXPS(x, t[0], x)
	case nn.LeakyReLU:
		e.VMULPS(e.constant(a.Alpha), x, t[0])
		e.blend(x, t[0], x, x)
	case nn.ELU:
		e.negative(x, t[0])
		e.expm1(t[0], t[1:])
		e.VMULPS(e.constant(a.Alpha), t[0], t[0])
		e.blend(x, t[0], x, x)
	case nn.SELU:
		e.negative(x, t[0])
		e.expm1(t[0], t[1:])
		e.VMULPS(e.constant(nn.SELUScale*nn.SELUAlpha), t[0], t[0])
		e.VMULPS(e.constant(nn.SELUScale), x, t[1])
		e.blend(x, t[0], t[1], x)
	case nn.GELU:
		e.gelu(x, t)
	case nn.SiLU:
		e.silu(x, t)
	case nn.Sigmoid:
		e.sigmoid(x, t)
	case nn.Tanh:
		e.tanh(x, t)
	case nn.Softplus:
		e.softplus(x, t)
	case nn.Softshrink: // the sign of x on max(|x| - α, 0)
		e.VANDPS(e.otherBits(), x, t[0])
		e.VSUBPS(e.constant(a.Alpha), t[0], t[0])
		e.zero(t[1])
		e.VMAXPS(t[0], t[1], t[0])
		e.VANDPS(e.signBit(), x, x)
		e.VORPS(t[0], x, x)
	case nn.JumpReLU: // max(x, 0), its bits but the sign of -0 cleared where x is at most θ
		e.notAtMost(x, e.constant(a.Alpha), t[0])
		e.VORPS(e.signBit(), t[0], t[0])
		e.zero(t[1])
		e.VMAXPS(x, t[1], x)
		e.VANDPS(t[0], x, x)
	case nn.Rate:
		e.rate(x, t)
	default:
		panic(fmt.Sprintf("internal error: no assembly of %v", a))
	}
}

// slope multiplies d by the derivative of an activation at a point, given by its output or, where nn.Activation.FromOutput says so, its
// input. It may change at and at most nine registers t; three where the derivative is arithmetic on the output.
// A NaN in d stays NaN. The other derivatives are off by at most 3 ulp of the larger of 1 and their value.
func (e *emitter) slope(a nn.Activation, at, d reg.VecPhysical, t []reg.VecPhysical) {
	switch a.Func {
	case nn.ReLU, nn.JumpReLU:
		e.above(at, t[0], t[1])
		e.VANDPS(e.constant(1), t[1], t[1])
		e.VMULPS(t[1], d, d)
	case nn.Softshrink:
		e.VANDPS(e.otherBits(), at, at)
		e.above(at, t[0], t[1])
		e.VANDPS(e.constant(1), t[1], t[1])
		e.VMULPS(t[1], d, d)
	case nn.LeakyReLU:
		e.above(at, t[0], t[1])
		e.VMULPS(e.constant(a.Alpha), d, t[0])
		e.blend(t[1], d, t[0], d)
	case nn.ELU:
		e.above(at, t[0], t[1])
		e.VADDPS(e.constant(a.Alpha), at, at)
		e.VMULPS(at, d, at)
		e.blend(t[1], d, at, d)
	case nn.SELU:
		e.above(at, t[0], t[1])
		e.VADDPS(e.constant(nn.SELUScale*nn.SELUAlpha), at, at)
		e.VMULPS(at, d, at)
		e.VMULPS(e.constant(nn.SELUScale), d, t[0])
		e.blend(t[1], t[0], at, d)
	case nn.Sigmoid: // y·(1-y)
		e.full(1, t[0])
		e.VSUBPS(at, t[0], t[0])
		e.VMULPS(t[0], at, at)
		e.VMULPS(at, d, d)
	case nn.Tanh: // 1-y²
		e.full(1, t[0])
		e.VFNMADD231PS(at, at, t[0])
		e.VMULPS(t[0], d, d)
	case nn.Softplus: // 1-e⁻ʸ, y at least 0
		e.negative(at, at)
		e.expm1(at, t)
		e.VANDPS(e.otherBits(), at, at)
		e.VMULPS(at, d, d)
	case nn.GELU:
		e.geluSlope(at, t)
		e.VMULPS(at, d, d)
	case nn.SiLU:
		e.siluSlope(at, t)
		e.VMULPS(at, d, d)
	case nn.Rate: // the output, at most what it is at the bend; NaN stays NaN
		e.full(math.Exp(nn.RateBend), t[0])
		e.VMINPS(at, t[0], at)
		e.VMULPS(at, d, d)
	default:
		panic(fmt.Sprintf("internal error: no assembly of the derivative of %v", a))
	}
}

// sigmoid sets x to 1/(1 + e⁻ˣ): by e⁻|ˣ|, so that nothing overflows.
func (e *emitter) sigmoid(x reg.VecPhysical, t []reg.VecPhysical) {
	expo, one, sum := t[0], t[1], t[2]
	e.negative(x, expo)
	e.exp(expo, t[1:])
	e.full(1, one)
	e.VADDPS(one, expo, sum)
	e.blend(x, expo, one, x)
	e.VDIVPS(sum, x, x)
}

// softplus sets x to max(x, 0) + log(1 + e⁻|ˣ|).
func (e *emitter) softplus(x reg.VecPhysical, t []reg.VecPhysical) {
	expo := t[0]
	e.negative(x, expo)
	e.exp(expo, t[1:])
	e.log1p(expo, t[1:])
	e.zero(t[1])
	e.VMAXPS(x, t[1], x)
	e.VADDPS(expo, x, x)
}

// tanh sets x to its hyperbolic tangent: -m/(2 + m) for |x|, m = e⁻²|ˣ| - 1.
func (e *emitter) tanh(x reg.VecPhysical, t []reg.VecPhysical) {
	m, sign := t[0], t[1]
	e.negative(x, m)
	e.VADDPS(m, m, m)
	e.expm1(m, t[1:])
	e.VMOVUPS(e.signBit(), sign)
	e.VANDPS(sign, x, sign)
	e.VADDPS(e.constant(2), m, x)
	e.VDIVPS(x, m, x)
	e.VANDPS(e.otherBits(), x, x)
	e.VORPS(sign, x, x)
}

// silu sets x to x/(1 + e⁻ˣ), for negative x to x·eˣ/(1 + eˣ), where x·eˣ is rounded once if it is denormal.
func (e *emitter) silu(x reg.VecPhysical, t []reg.VecPhysical) {
	low, n, r, w, s := t[0], t[1], t[2], t[3], t[4]
	e.negative(x, low)
	e.reduce(low, n, r)
	e.expOfReduced(r, w, n, s)
	e.timesExp(low, w, low)
	e.timesExp(s, w, r)
	e.VMULPS(n, r, r)
	e.VMULPS(s, low, low)
	e.VMULPS(n, low, low)
	e.VADDPS(e.constant(1), r, r)
	e.blend(x, low, x, x)
	e.VDIVPS(r, x, x)
}

// siluSlope sets x to σ(x)·(1 + x·(1 - σ(x))). At |x| that is q·(1 + |x|·e·q) with e = e⁻|ˣ| and q = 1/(1 + e), and for negative x
// what is left to 1.
func (e *emitter) siluSlope(x reg.VecPhysical, t []reg.VecPhysical) {
	low, n, r, w, s := t[0], t[1], t[2], t[3], t[4]
	e.negative(x, low)
	e.reduce(low, n, r)
	e.expOfReduced(r, w, n, s)
	expo, q, one := r, s, w
	e.timesExp(s, w, expo)
	e.VMULPS(n, expo, expo)
	e.full(1, one)
	e.VADDPS(one, expo, n)
	e.VDIVPS(n, one, q)
	e.VMULPS(q, expo, expo)
	e.VMOVAPS(one, n)
	e.VFNMADD231PS(low, expo, n)
	e.VMULPS(q, n, n)
	e.VSUBPS(n, one, one)
	e.blend(x, one, n, x)
}
