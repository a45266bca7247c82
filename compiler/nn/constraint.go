package nn

import (
	"fmt"
	"math"
)

// A Unit says which vectors of a weight are scaled to Euclidean norm 1 after each update.
type Unit int

const (
	NoUnit      Unit = iota
	UnitRows         // of a weight [in, out], the out numbers of each input
	UnitColumns      // the in numbers of each output
)

// String names the vectors.
func (u Unit) String() string {
	return [...]string{NoUnit: "none", UnitRows: "rows", UnitColumns: "columns"}[u]
}

// LeastNorm is what a smaller norm counts as, so that a vector of zeros stays.
const LeastNorm = 1e-30

// Normalise scales the vectors of a weight [in, out], row-major, to norm 1. One of norm 0 stays.
func (u Unit) Normalise(w []float64, in, out int) {
	vectors, length, step, next := 0, 0, 0, 0
	switch u {
	case NoUnit:
	case UnitRows:
		vectors, length, step, next = in, out, 1, out
	case UnitColumns:
		vectors, length, step, next = out, in, out, 1
	}
	for v := range vectors {
		squares := 0.0
		for i := range length {
			x := w[v*next+i*step]
			squares += x * x
		}
		for i := range length {
			w[v*next+i*step] /= max(math.Sqrt(squares), LeastNorm)
		}
	}
}

// A Contraction is λ·‖∂z/∂x‖²_F of z = f(x·w + b), which is λ·Σⱼ f'(aⱼ)²·sⱼ with sⱼ = Σᵢ wᵢⱼ²: Rifai, Vincent, Muller, Glorot and
// Bengio, Contractive auto-encoders, 2011.
type Contraction struct {
	Activation Activation // f
	Strength   float64    // λ
}

// String is the penalty as a spec says it, with the activation: "contractive(0.1) of sigmoid".
func (c Contraction) String() string {
	return fmt.Sprintf("contractive(%s) of %v", short(c.Strength), c.Activation)
}

// Value is the factor of s: λ·f'². At is f(x) if the activation's FromOutput, else x.
func (c Contraction) Value(at float64) float64 {
	slope := c.Activation.Derivative(at)
	return c.Strength * slope * slope
}

// Derivative is the derivative of Value by at.
func (c Contraction) Derivative(at float64) float64 {
	return 2 * c.Strength * c.Activation.Derivative(at) * c.Activation.Curvature(at)
}
