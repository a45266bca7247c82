// Package nn names the mathematics that specs speak of, once for every stage:
// activations, likelihoods, optimisers, schedules. It holds their definitions in float64 and no code generation.
package nn

import (
	"fmt"
	"math"
	"strconv"
)

// A Func is an activation function without its parameter.
type Func int

const (
	Identity Func = iota
	ReLU
	LeakyReLU
	ELU
	SELU
	GELU
	SiLU
	Sigmoid
	Tanh
	Softplus
	Softshrink
	JumpReLU
	Rate // no word of a spec: the link of Poisson
)

// An Activation is an elementwise function. Alpha is the slope of leaky_relu, the scale of elu and the threshold of
// softshrink and jumprelu, above 0; for others it is 0.
type Activation struct {
	Func  Func
	Alpha float64
}

// The constants of SELU: Klambauer et al., Self-Normalizing Neural Networks, 2017.
const (
	SELUScale = 1.0507009873554804934193349852946
	SELUAlpha = 1.6732632423543772848170429916717
)

// activations defines every function. A new activation is a row here and a case in codegen/gosrc and codegen/asm.
var activations = [...]struct {
	name string
	// alpha is the default of the parameter; 0 for functions without one.
	alpha float64
	// fromOutput says that slope takes y = f(x), else it takes x.
	fromOutput bool
	value      func(x, alpha float64) float64
	slope      func(at, alpha float64) float64
	// curve is the derivative of slope by at, nil where it is 0 all over.
	curve func(at, alpha float64) float64
}{
	Identity: {
		name: "identity", fromOutput: true,
		value: func(x, _ float64) float64 { return x },
		slope: func(_, _ float64) float64 { return 1 },
	},
	ReLU: { // max(x, 0); the derivative at 0 is 0
		name: "relu", fromOutput: true,
		value: func(x, _ float64) float64 { return positive(x, 0) },
		slope: func(y, _ float64) float64 { return step(y, 0) },
	},
	LeakyReLU: { // x, or αx below 0
		name: "leaky_relu", alpha: 0.01, fromOutput: true,
		value: func(x, alpha float64) float64 { return positive(x, alpha*x) },
		slope: func(y, alpha float64) float64 { return step(y, alpha) },
	},
	ELU: { // x, or α(eˣ - 1) below 0: Clevert et al. 2015
		name: "elu", alpha: 1, fromOutput: true,
		value: func(x, alpha float64) float64 { return positive(x, alpha*math.Expm1(x)) },
		slope: func(y, alpha float64) float64 { return step(y, y+alpha) },
		curve: func(y, _ float64) float64 { return 1 - step(y, 0) },
	},
	SELU: { // λx, or λα(eˣ - 1) below 0
		name: "selu", fromOutput: true,
		value: func(x, _ float64) float64 { return SELUScale * positive(x, SELUAlpha*math.Expm1(x)) },
		slope: func(y, _ float64) float64 {
			if y > 0 {
				return SELUScale
			}
			return y + SELUScale*SELUAlpha
		},
		curve: func(y, _ float64) float64 { return 1 - step(y, 0) },
	},
	GELU: { // xΦ(x): Hendrycks and Gimpel 2016
		name:  "gelu",
		value: func(x, _ float64) float64 { return gated(x, normalCDF(x)) },
		slope: func(x, _ float64) float64 {
			return normalCDF(x) + gated(x, math.Exp(-x*x/2)/math.Sqrt(2*math.Pi))
		},
		curve: func(x, _ float64) float64 {
			return (2 - x*x) * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
		},
	},
	SiLU: { // xσ(x): Elfwing et al. 2017
		name:  "silu",
		value: func(x, _ float64) float64 { return gated(x, logistic(x)) },
		slope: func(x, _ float64) float64 { s := logistic(x); return s + gated(x, s*(1-s)) },
		curve: func(x, _ float64) float64 {
			s := logistic(x)
			return s * (1 - s) * (2 + x*(1-2*s))
		},
	},
	Sigmoid: { // 1/(1 + e⁻ˣ)
		name: "sigmoid", fromOutput: true,
		value: func(x, _ float64) float64 { return logistic(x) },
		slope: func(y, _ float64) float64 { return y * (1 - y) },
		curve: func(y, _ float64) float64 { return 1 - 2*y },
	},
	Tanh: {
		name: "tanh", fromOutput: true,
		value: func(x, _ float64) float64 { return math.Tanh(x) },
		slope: func(y, _ float64) float64 { return 1 - y*y },
		curve: func(y, _ float64) float64 { return -2 * y },
	},
	Softplus: { // log(1 + eˣ); the derivative is σ(x) = 1 - e⁻ʸ
		name: "softplus", fromOutput: true,
		value: func(x, _ float64) float64 { return softplus(x) },
		slope: func(y, _ float64) float64 { return -math.Expm1(-y) },
		curve: func(y, _ float64) float64 { return math.Exp(-y) },
	},
	Softshrink: { // x moved by α towards 0, and 0 within ±α: the proximal operator of α·|x|, Daubechies et al. 2004. The derivative at ±α is 0
		name: "softshrink", alpha: 0.5, fromOutput: true,
		value: func(x, alpha float64) float64 {
			switch {
			case x > alpha:
				return x - alpha
			case x < -alpha:
				return x + alpha
			}
			return 0 * x // of the same sign, or NaN
		},
		slope: func(y, _ float64) float64 { return step(math.Abs(y), 0) },
	},
	JumpReLU: { // x above θ, else 0: Rajamanoharan et al. 2024. θ is fixed, and the derivative at θ is 0
		name: "jumprelu", alpha: 0.001, fromOutput: true,
		value: func(x, threshold float64) float64 {
			if x <= threshold {
				return 0
			}
			return x
		},
		slope: func(y, _ float64) float64 { return step(y, 0) },
	},
	Rate: { // eˣ, beyond RateBend its tangent there
		name: "rate", fromOutput: true,
		value: func(x, _ float64) float64 { rate, _ := PoissonRate(x); return rate },
		slope: func(y, _ float64) float64 { return min(y, bendRate) },
		curve: func(y, _ float64) float64 { return step(bendRate-y, 0) },
	},
}

// Activations lists every function in a fixed order, with its default parameter.
func Activations() []Activation {
	all := make([]Activation, len(activations))
	for f := range activations {
		all[f] = Activation{Func(f), activations[f].alpha}
	}
	return all
}

// IsWord reports whether a spec may name the function.
func (f Func) IsWord() bool { return f != Rate }

// Name is the function's word in a spec.
func (f Func) Name() string { return activations[f].name }

// Parameter is the name of the function's parameter.
func (f Func) Parameter() string {
	if f == JumpReLU {
		return "threshold"
	}
	return "alpha"
}

// HasAlpha reports whether the function takes a parameter.
func (f Func) HasAlpha() bool { return activations[f].alpha != 0 }

// String is the activation as a spec says it: "relu", "leaky_relu(0.1)".
func (a Activation) String() string {
	if a.Func.HasAlpha() {
		return fmt.Sprintf("%s(%s)", a.Func.Name(), strconv.FormatFloat(a.Alpha, 'g', -1, 64))
	}
	return a.Func.Name()
}

// FromOutput reports whether the derivative follows from y = f(x), so that x need not be kept for the backward pass.
func (a Activation) FromOutput() bool {
	return activations[a.Func].fromOutput
}

// Value is f(x).
func (a Activation) Value(x float64) float64 { return activations[a.Func].value(x, a.Alpha) }

// Derivative is f'(x). At is f(x) if FromOutput, else x.
func (a Activation) Derivative(at float64) float64 {
	return activations[a.Func].slope(at, a.Alpha)
}

// Curved reports whether the second derivative is other than 0 anywhere.
func (a Activation) Curved() bool { return activations[a.Func].curve != nil }

// Curvature is the derivative of Derivative by at: where FromOutput, not f”(x) but f”(x)/f'(x).
func (a Activation) Curvature(at float64) float64 {
	if !a.Curved() {
		return 0
	}
	return activations[a.Func].curve(at, a.Alpha)
}

func positive(x, otherwise float64) float64 {
	if x > 0 || math.IsNaN(x) {
		return x
	}
	return otherwise
}

func step(y, otherwise float64) float64 {
	if y > 0 {
		return 1
	}
	return otherwise
}

func normalCDF(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// gated is x·gate: in the limit 0 at an infinity where the gate is shut.
func gated(x, gate float64) float64 {
	if gate == 0 {
		return 0
	}
	return x * gate
}

func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
