package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// logStd is the logarithm of a learned deviation in a variable that points to its block.
func logStd(p *plan.Param, name string) string {
	if p.Reduced != nil {
		return fmt.Sprintf("float64(%s[0][0])", name)
	}
	return fmt.Sprintf("float64(%s[0][0][0])", name)
}

// logStdOf is the same of a model m.
func logStdOf(p *plan.Param) string {
	field, _ := strings.CutPrefix(fieldArguments("m.w", []*plan.Param{p})[0], "&")
	return logStd(p, field)
}

// halfLog2Pi is ½·log 2π.
const halfLog2Pi = "0.91893853320467274178"

// gaussianLoss prints the loss of samples under a normal distribution of one learned deviation, and its derivatives.
func (g *generator) gaussianLoss(k *plan.Kernel, op *plan.GaussianLoss) {
	g.math = true
	block := rowsType
	if op.LogStd.Reduced == nil {
		block = blockType
	}
	w, name, n := &g.kernels, portable(k.Name, op.Fast != nil), op.Width
	parameters := fmt.Sprintf("s [][1]float32, a, t [][%d]float32, logStd *%s", n, block(op.LogStd))
	arguments := "s, a, t, logStd"
	if op.Gradient {
		parameters = fmt.Sprintf("s [][1]float32, d [][%d]float32, e [][1]float32, a, t [][%d]float32, logStd *%s, share float64", n, n, block(op.LogStd))
		arguments = "s, d, e, a, t, logStd, share"
	}
	if op.Fast != nil {
		g.fastGaussianLoss(k, op, parameters, arguments)
	}
	w.line("// %s sets s to the loss of each sample, for logits a and targets t: Σ (a-t)²/2σ² + log σ + ½ log 2π.", name)
	if op.Gradient {
		w.line("// It sets d to its derivative by the logits and e to that by log σ, times share.")
	}
	w.line("// Values are added in order, in float64. %v", k.At)
	w.line("func %s(%s) {\nrho := %s\nprecision := math.Exp(-2 * rho)", name, parameters, logStd(op.LogStd, "logStd"))
	if op.Gradient {
		w.line("for len(s) > 0 && len(d) > 0 && len(e) > 0 && len(a) > 0 && len(t) > 0 {\nd0, a0, t0 := &d[0], &a[0], &t[0]")
	} else {
		w.line("for len(s) > 0 && len(a) > 0 && len(t) > 0 {\na0, t0 := &a[0], &t[0]")
	}
	w.line("sum := 0.0\nfor i := range a0 {\nd := float64(a0[i]) - float64(t0[i])\nsum += d * d")
	if op.Gradient {
		w.line("d0[i] = float32(share * precision * d)")
	}
	w.line("}\ns[0][0] = float32(sum*precision/2 + %d*(rho+%s))", n, halfLog2Pi)
	if op.Gradient {
		w.line("e[0][0] = float32(share * (%d - sum*precision))\ns, d, e, a, t = s[1:], d[1:], e[1:], a[1:], t[1:]\n}\n}\n", n)
		return
	}
	w.line("s, a, t = s[1:], a[1:], t[1:]\n}\n}\n")
}

// fastGaussianLoss is its form by the assembly function of mse, from which all follows.
func (g *generator) fastGaussianLoss(k *plan.Kernel, op *plan.GaussianLoss, parameters, arguments string) {
	w, n, f := &writer{}, op.Width, op.Fast
	g.fastMath = true
	w.line("rho := %s\nprecision := math.Exp(-2 * rho)", logStd(op.LogStd, "logStd"))
	if op.Gradient {
		w.line("n := min(len(s), len(d), len(e), len(a), len(t))\nfor i := 0; i < n; i += %d {", f.Most)
		w.line("%s(&s[i][0], &d[i][0], &a[i][0], &t[i][0], min(%d, n-i), float32(share*precision*%d/2))\n}", f.Name, f.Most, n)
		w.line("for i := range n {\nsum := float64(s[i][0]) * %d * precision", n)
		w.line("s[i][0], e[i][0] = float32(sum/2+%d*(rho+%s)), float32(share*(%d-sum))\n}", n, halfLog2Pi, n)
	} else {
		w.line("n := min(len(s), len(a), len(t))\nfor i := 0; i < n; i += %d {", f.Most)
		w.line("%s(&s[i][0], &a[i][0], &t[i][0], min(%d, n-i))\n}", f.Name, f.Most)
		w.line("for i := range n {\ns[i][0] = float32(float64(s[i][0])*%d*precision/2 + %d*(rho+%s))\n}", n, n, halfLog2Pi)
	}
	g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: arguments, body: w.b.String()})
}
