package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// penalty is a penalty in generated Go: its terms and its derivative, for a value v of type float32.
type penalty struct {
	formula string // of a sample's penalty
	term    string // float64, times scale
	slope   string // float32: statements that set p
	scale   float64
}

func goPenalty(p nn.Penalty) penalty {
	switch p.Kind {
	case nn.L1Penalty:
		return penalty{
			formula: "Σ |z|", term: "math.Abs(float64(v))", scale: p.Strength,
			slope: "p := float32(0)\nif v > 0 {\np = by\n} else if v < 0 {\np = -by\n}",
		}
	}
	panic(fmt.Sprintf("internal error: no Go source of %v", p))
}

// penalize prints the penalty of samples.
func (g *generator) penalize(k *plan.Kernel, op *plan.Penalize) {
	w, src := &g.kernels, goPenalty(op.Penalty)
	g.math = true
	name, parameters := portable(k.Name, op.Fast != nil), fmt.Sprintf("s [][1]float32, z [][%d]float32", op.Width)
	if f := op.Fast; f != nil {
		body := &writer{}
		body.line("n := min(len(s), len(z))\nfor i := 0; i < n; i += %d {\n%s(&s[i][0], &z[i][0], min(%d, n-i))\n}", f.Most, f.Name, f.Most)
		g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: "s, z", body: body.b.String()})
	}
	w.line("// %s sets s[0] to the penalty of each sample z: %s · %s. Values are added in order, in float64. %v", name, float(src.scale), src.formula, k.At)
	w.line("func %s(%s) {\nfor len(s) > 0 && len(z) > 0 {\nz0, sum := &z[0], 0.0", name, parameters)
	w.line("for _, v := range z0 {\nsum += %s\n}\ns[0][0] = float32(%s * sum)\ns, z = s[1:], z[1:]\n}\n}\n", src.term, float(src.scale))
}

// penalizeGrad prints the sum of a gradient and the derivative of a penalty.
func (g *generator) penalizeGrad(k *plan.Kernel, op *plan.PenalizeGrad) {
	w, src := &g.kernels, goPenalty(op.Penalty)
	name, parameters := portable(k.Name, op.Fast != nil), fmt.Sprintf("y, d, z [][%d]float32, share float64", op.Width)
	if f := op.Fast; f != nil {
		body, samples := &writer{}, f.Most/op.Width
		body.line("by := float32(share * %s)\nn := min(len(y), len(d), len(z))", float(src.scale))
		body.line("for i := 0; i < n; i += %d {\n%s(&y[i][0], &d[i][0], &z[i][0], &by, %d*min(%d, n-i))\n}", samples, f.Name, op.Width, samples)
		g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: "y, d, z, share", body: body.b.String()})
	}
	slope := g.times(op.Slope)
	w.line("// %s sets y to d plus the derivative of %s · %s by z, times share%s. That of |z| at 0 is 0. %v", name, float(src.scale), src.formula, timesDoc(op.Slope, "z"), k.At)
	w.line("func %s(%s) {\nby := float32(share * %s)", name, parameters, float(src.scale))
	w.line("for len(y) > 0 && len(d) > 0 && len(z) > 0 {\ny0, d0, z0 := &y[0], &d[0], &z[0]")
	w.line("for i, v := range z0 {\n%s\ny0[i] = %s\n}\ny, d, z = y[1:], d[1:], z[1:]\n}\n}\n", src.slope, slope("d0[i] + p", "v"))
}

// times multiplies a sum by the derivative of an activation at a point.
func (g *generator) times(a nn.Activation) func(sum, at string) string {
	name := g.slope(a)
	return func(sum, at string) string {
		if name == "" {
			return sum
		}
		return fmt.Sprintf("(%s) * %s(%s)", sum, name, at)
	}
}

// timesDoc says that in a doc comment.
func timesDoc(a nn.Activation, at string) string {
	if a.Func == nn.Identity {
		return ""
	}
	return fmt.Sprintf(", and multiplies both by %v'(%s)", a, at)
}
