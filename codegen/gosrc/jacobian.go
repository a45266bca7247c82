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
	g.elementwise(k, op.Fast, op.Width, fmt.Sprintf("y = d ⊙ e ⊙ %v”(at)", op.Activation), fmt.Sprintf("d0[i] * e0[i] * %s(at0[i])", curve), "d", "e", "at")
}

// squares prints the squares of samples, and their derivative.
func (g *generator) squares(k *plan.Kernel, op *plan.Squares) {
	w, n := &g.kernels, op.Width
	name, parameters := portable(k.Name, op.Fast != nil), fmt.Sprintf("s [][1]float32, d, x [][%d]float32, share float64", n)
	if f := op.Fast; f != nil {
		body := &writer{}
		body.line("by := float32(share * %s)\nn := min(len(s), len(d), len(x))", float(2*op.Strength))
		body.line("for i := 0; i < n; i += %d {\n%s(&s[i][0], &d[i][0], &x[i][0], min(%d, n-i), by)\n}", f.Most, f.Name, f.Most)
		g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: "s, d, x, share", body: body.b.String()})
	}
	w.line("// %s sets s[0] to %s·Σ x² of each sample, and d to its derivative by x, times share. Values are added in order, in float64. %v", name, float(op.Strength), k.At)
	w.line("func %s(%s) {\nby := float32(share * %s)", name, parameters, float(2*op.Strength))
	w.line("for len(s) > 0 && len(d) > 0 && len(x) > 0 {\nd0, x0, sum := &d[0], &x[0], 0.0")
	w.line("for i, v := range x0 {\nsum += float64(v) * float64(v)\nd0[i] = by * v\n}\ns[0][0] = float32(%s * sum)\ns, d, x = s[1:], d[1:], x[1:]\n}\n}\n", float(op.Strength))
}
