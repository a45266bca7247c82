package gosrc

import (
	"math"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// fieldContributions prints the end of explain, and the function that takes the loss of a record apart.
func (g *generator) fieldContributions(w *writer, e *plan.Explanation) {
	op := e.Fields
	f := &fieldsKernel{writer: w, g: g, Standardised: op.Standardised, record: op.Record, std: op.LogStd}
	args := append([]string{"c", "&" + e.Logits.Name + "[0]", "&" + e.Targets.Name + "[0]", "&" + e.Rows.Name + "[0]"}, fieldArguments("w", blocksOf(op.Standardised, op.LogStd))...)
	w.line("contributions(%s)\n}\n", strings.Join(args, ", "))
	w.line("// contributions sets c to the negative log-likelihood of each field of a row x, with features u, under the numbers o.")
	w.line("func contributions(c *Contributions, o0, u0 *[%d]float32, x0 *[%d]float32%s) {", op.Record.Width(), len(op.Record), f.parameters())
	f.standards(func(field nn.Field) bool { return field.Logarithmic() }, false)
	f.variances(false)
	for i, s := range op.Record.Slots() {
		f.line("{ // %v\nsum := 0.0", s.Field)
		f.fieldTerm(s, i, false)
		f.line("c[%d] = sum\n}", i)
	}
	f.line("}")
}

// variances prints v, the variance of each normal field, c, the constant of its loss, and q, half the derivative of log v by logStd.
func (k *fieldsKernel) variances(gradient bool) {
	for _, s := range k.record.Slots() {
		if !s.Normal() {
			continue
		}
		k.g.math = true
		k.g.logVariance()
		rho := k.entry("logStd", k.std, s.Std)
		k.line("c%d := logVariance(%s) // %s", s.Std, rho, s.Name)
		k.line("v%d := math.Exp(c%d)", s.Std, s.Std)
		if gradient {
			k.line("q%d := math.Exp(2*%s - c%d)", s.Std, rho, s.Std)
		}
		k.line("c%d = c%d/2 + %s + %s", s.Std, s.Std, float64Literal(math.Log(2*math.Pi)/2), k.entry("logDeviation", k.LogDeviation, s.Standard))
	}
}

// fieldTerm prints the term of a field's loss and its derivatives.
func (k *fieldsKernel) fieldTerm(s nn.Slot, i int, gradient bool) {
	k.g.math = k.g.math || s.Kind != nn.RealField && s.Kind != nn.LogField
	switch s.Kind {
	case nn.RealField, nn.LogField:
		k.line("d := float64(u0[%d]) - float64(o0[%d])\nsum += d*d/(2*v%d) + c%d", s.At, s.At, s.Std, s.Std)
		if s.Kind == nn.LogField {
			k.line("sum += m%d + f%d*float64(u0[%d]) // log(1+x)", s.Standard, s.Standard, s.At)
		}
		if gradient {
			k.line("d0[%d] = float32(-share * d / v%d)\ne0[%d] = float32(share * q%d * (1 - d*d/v%d))", s.At, s.Std, s.Std, s.Std, s.Std)
		}
	case nn.CategoryField:
		k.line("top := float64(o0[%d])\nfor _, v := range o0[%d:%d] {\ntop = max(top, float64(v))\n}", s.At, s.At, s.At+s.Width())
		exponential := "total += math.Exp(o - top)"
		if gradient {
			k.line("var expo [%d]float64", s.Width())
			exponential = "expo[c] = math.Exp(o - top)\ntotal += expo[c]"
		}
		k.line("total, own := 0.0, 0.0\nfor c := range %d {\no := float64(o0[%d+c])\n%s\nown += o * float64(u0[%d+c])\n}", s.Width(), s.At, exponential, s.At)
		k.line("sum += top + math.Log(total) - own")
		if gradient {
			k.line("for c := range %d {\nd0[%d+c] = float32(share * (expo[c]/total - float64(u0[%d+c])))\n}", s.Width(), s.At, s.At)
		}
	case nn.BinaryField:
		k.line("a, t := float64(o0[%d]), float64(u0[%d])\ne := math.Exp(-math.Abs(a))\nsum += max(a, 0) + math.Log1p(e) - a*t", s.At, s.At)
		if gradient {
			k.line("r := 1 / (1 + e) // the sigmoid of |a|\nif a < 0 {\nr = e / (1 + e)\n}\nd0[%d] = float32(share * (r - t))", s.At)
		}
	case nn.CountField:
		k.g.poisson()
		slope := "_"
		if gradient {
			slope = "slope"
		}
		k.line("nll, %s := poisson(m%d+f%d*float64(o0[%d]), float64(x0[%d]))\nsum += nll", slope, s.Standard, s.Standard, s.At, i)
		if gradient {
			k.line("d0[%d] = float32(share * f%d * slope)", s.At, s.Standard)
		}
	}
}

// logVariance notes a function of the kernels file, printed once.
func (g *generator) logVariance() {
	if g.functions["logVariance"] {
		return
	}
	g.functions["logVariance"] = true
	least := float64Literal(math.Log(nn.LeastVariance))
	g.scalars.line("// logVariance is the logarithm of e^2ρ + %s: the variance of a field, in squares of its deviation in the data.", float(nn.LeastVariance))
	g.scalars.line("func logVariance(rho float64) float64 {\nreturn max(2*rho, %s) + math.Log1p(math.Exp(-math.Abs(2*rho-(%s))))\n}\n", least, least)
}
