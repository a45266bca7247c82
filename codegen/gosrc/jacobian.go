package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// unitSlope prints the slopes of samples at one place.
func (g *generator) unitSlope(k *plan.Kernel, op *plan.UnitSlope) {
	w, n := &g.kernels, op.Width
	slope := g.slopeOf(nn.Contraction{Activation: op.Activation})
	w.line("// %s sets y to the derivative of %v at place i, taken from at, and to 0 elsewhere. %v", k.Name, op.Activation, k.At)
	w.line("func %s(y, at [][%d]float32, i int) {\nfor b := range min(len(y), len(at)) {\ny[b] = [%d]float32{}\ny[b][i] = %s\n}\n}\n", k.Name, n, n, slope("at[b][i]"))
}

// unitSlopeGrad prints the derivative of that by at.
func (g *generator) unitSlopeGrad(k *plan.Kernel, op *plan.UnitSlopeGrad) {
	w, n := &g.kernels, op.Width
	w.line("// %s sets y to d times the second derivative of %v at place i, as nn takes it from at, and to 0 elsewhere. %v", k.Name, op.Activation, k.At)
	w.line("func %s(y, d, at [][%d]float32, i int) {\nfor b := range min(len(y), len(d), len(at)) {\ny[b] = [%d]float32{}\ny[b][i] = d[b][i] * %s(at[b][i])\n}\n}\n",
		k.Name, n, n, g.curvature(op.Activation))
}

// activateCurve prints the derivative of d ⊙ f'(at) by at, times e.
func (g *generator) activateCurve(k *plan.Kernel, op *plan.ActivateCurve) {
	curve := g.curvature(op.Activation)
	g.elementwise(k, nil, op.Width, fmt.Sprintf("y = d ⊙ e ⊙ %v”(at)", op.Activation), fmt.Sprintf("d0[i] * e0[i] * %s(at0[i])", curve), "d", "e", "at")
}

// squares prints the squares of samples, and their derivative.
func (g *generator) squares(k *plan.Kernel, op *plan.Squares) {
	w, n := &g.kernels, op.Width
	w.line("// %s sets s[0] to %s·Σ x² of each sample, and d to its derivative by x, times share. Values are added in order, in float64. %v", k.Name, float(op.Strength), k.At)
	w.line("func %s(s [][1]float32, d, x [][%d]float32, share float64) {\nby := float32(share * %s)", k.Name, n, float(2*op.Strength))
	w.line("for len(s) > 0 && len(d) > 0 && len(x) > 0 {\nd0, x0, sum := &d[0], &x[0], 0.0")
	w.line("for i, v := range x0 {\nsum += float64(v) * float64(v)\nd0[i] = by * v\n}\ns[0][0] = float32(%s * sum)\ns, d, x = s[1:], d[1:], x[1:]\n}\n}\n", float(op.Strength))
}
