package gosrc

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// lossSource is the source of a loss of one value: statements on a (logit) and t (target), both float64.
type lossSource struct {
	formula  string
	before   string // statements
	term     string // what is added to the sample's loss
	slope    string // derivative by the logit
	constant string // added once a sample, or ""
}

func (g *generator) goLoss(l nn.Loss, width int, grad bool) lossSource {
	switch l.Likelihood {
	case nn.MSE:
		return lossSource{
			formula: fmt.Sprintf("Σ (a-t)²/%d", width), before: "d := a - t",
			term: "d * d / " + fmt.Sprint(width), slope: "2 * d / " + fmt.Sprint(width),
		}
	case nn.Bernoulli: // log(1+eᵃ) - a·t, by e^-|a| so that nothing overflows
		return lossSource{
			formula: "Σ log(1 + eᵃ) - a·t, finite for every finite a",
			before:  "e := math.Exp(-math.Abs(a))",
			term:    "max(a, 0) + math.Log1p(e) - a*t",
			slope:   "r - t",
		}
	case nn.Gaussian:
		return lossSource{
			formula: fmt.Sprintf("Σ (a-t)²/2σ² + log σ + ½ log 2π, σ = %s", float(l.Std)), before: fmt.Sprintf("d := (a - t) / %s", float(l.Std)),
			term: "d * d / 2", slope: "d / " + float(l.Std),
			constant: float64Literal(float64(width) * valueConstant(l)),
		}
	}
	if l.Likelihood == nn.Poisson {
		g.poisson()
		g.counted()
		return lossSource{formula: "Σ (λ - t·log λ + log t!) with λ = eᵃ", before: "nll, " + blank(!grad, "slope") + " := poisson(a, counted(t))", term: "nll", slope: "slope"}
	}
	panic(fmt.Sprintf("internal error: no Go source of %v", l))
}

// blank is a name, or _ where nothing uses it.
func blank(unused bool, name string) string {
	if unused {
		return "_"
	}
	return name
}

// valueConstant is what each value adds to the loss beside its term.
func valueConstant(l nn.Loss) float64 {
	if l.Likelihood == nn.Gaussian {
		return math.Log(l.Std) + math.Log(2*math.Pi)/2
	}
	return 0
}

// lossOf prints the loss of samples, value by value or, of categorical, sample by sample.
func (g *generator) lossOf(k *plan.Kernel, rows plan.LossRows, fast *plan.Function) {
	if fast != nil {
		g.fastLoss(k, fast, rows)
	}
	if rows.Loss.Likelihood == nn.Categorical {
		g.categorical(k, rows, portable(k.Name, fast != nil))
		return
	}
	g.loss(k, rows.Loss, rows.Width, portable(k.Name, fast != nil), rows.Gradient)
}

// loss prints the loss of samples, and with grad its derivative by the logits times share.
func (g *generator) loss(k *plan.Kernel, l nn.Loss, width int, name string, grad bool) {
	w, src := &g.kernels, g.goLoss(l, width, grad)
	g.math = g.math || l.Likelihood == nn.Bernoulli
	w.line("// %s sets s[0] to the loss of each sample, for logits a and targets t: %s.", name, src.formula)
	if grad {
		w.line("// It sets d to its derivative by the logits, times share. %v", k.At)
		w.line("// Values are added in order, in float64.\nfunc %s(s [][1]float32, d, a, t [][%d]float32, share float64) {", name, width)
		w.line("for len(s) > 0 && len(d) > 0 && len(a) > 0 && len(t) > 0 {\nd0, a0, t0 := &d[0], &a[0], &t[0]")
	} else {
		w.line("// Values are added in order, in float64. %v\nfunc %s(s [][1]float32, a, t [][%d]float32) {", k.At, name, width)
		w.line("for len(s) > 0 && len(a) > 0 && len(t) > 0 {\na0, t0 := &a[0], &t[0]")
	}
	start := "0.0"
	if src.constant != "" {
		start = src.constant
	}
	w.line("sum := %s", start)
	w.line("for i := range a0 {\na, t := float64(a0[i]), float64(t0[i])\n%s\nsum += %s", src.before, src.term)
	if grad && l.Likelihood == nn.Bernoulli {
		w.line("r := 1 / (1 + e) // the sigmoid of |a|\nif a < 0 {\nr = e / (1 + e)\n}")
	}
	if grad {
		w.line("d0[i] = float32(share * (%s))", src.slope)
	}
	w.line("}\ns[0][0] = float32(sum)")
	if grad {
		w.line("s, d, a, t = s[1:], d[1:], a[1:], t[1:]")
	} else {
		w.line("s, a, t = s[1:], a[1:], t[1:]")
	}
	w.line("}\n}\n")
}
