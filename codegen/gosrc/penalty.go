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
	w.line("// %s sets s[0] to the penalty of each sample z: %s · %s. Values are added in order, in float64. %v", k.Name, float(src.scale), src.formula, k.At)
	w.line("func %s(s [][1]float32, z [][%d]float32) {\nfor len(s) > 0 && len(z) > 0 {\nz0, sum := &z[0], 0.0", k.Name, op.Width)
	w.line("for _, v := range z0 {\nsum += %s\n}\ns[0][0] = float32(%s * sum)\ns, z = s[1:], z[1:]\n}\n}\n", src.term, float(src.scale))
}

// penalizeGrad prints the sum of a gradient and the derivative of a penalty.
func (g *generator) penalizeGrad(k *plan.Kernel, op *plan.PenalizeGrad) {
	w, src := &g.kernels, goPenalty(op.Penalty)
	w.line("// %s sets y to d plus the derivative of %s · %s by z, times share. That of |z| at 0 is 0. %v", k.Name, float(src.scale), src.formula, k.At)
	w.line("func %s(y, d, z [][%d]float32, share float64) {\nby := float32(share * %s)", k.Name, op.Width, float(src.scale))
	w.line("for len(y) > 0 && len(d) > 0 && len(z) > 0 {\ny0, d0, z0 := &y[0], &d[0], &z[0]")
	w.line("for i, v := range z0 {\n%s\ny0[i] = d0[i] + p\n}\ny, d, z = y[1:], d[1:], z[1:]\n}\n}\n", src.slope)
}
