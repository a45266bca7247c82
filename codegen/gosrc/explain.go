package gosrc

import (
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// explanation is what the template of the alarm's file shows of Explain.
type explanation struct {
	Unit    string // of scores
	Arena   int
	PoolOne bool
	Source  string // the method that takes a sample through all steps, and the function that takes its loss apart
}

// explanation is nil where a score has no parts.
func (g *generator) explanation() *explanation {
	e := g.p.Explain
	if e == nil {
		return nil
	}
	return &explanation{Unit: g.p.Loss.Unit(), Arena: e.Score.Arena, PoolOne: e.Score.Single == plan.Pool, Source: g.explainSource(e)}
}

func (g *generator) explainSource(e *plan.Explanation) string {
	w := &writer{}
	arguments := "score [][1]float32, c *Contributions"
	if e.Score.Arena > 0 {
		arguments = "a []float32, " + arguments
	}
	if g.p.Tied() {
		arguments = "wt *transposed, " + arguments
	}
	in := e.Score.In[0]
	w.line("// explain is score of one sample%s, and sets c to the loss of each value.", map[bool]string{true: "; a holds its activations"}[e.Score.Arena > 0])
	w.line("func (w *parameters) explain(%s, %s [][%d]float32) {", arguments, in.Name, in.Width)
	routineBody(w, e.Score)
	if e.Fields != nil {
		g.fieldContributions(w, e)
		return w.b.String()
	}
	if e.LogStd != nil {
		w.line("contributions(c, &%s[0], &%s[0], %s)\n}\n", e.Logits.Name, e.Targets.Name, strings.Replace(logStdOf(e.LogStd), "m.w.", "w.", 1))
		w.line("// contributions sets c to the loss of each value, for logits a and targets t: the terms of Σ (a-t)²/2σ² + log σ + ½ log 2π.")
		w.line("func contributions(c *Contributions, a0, t0 *[%d]float32, rho float64) {\nprecision := math.Exp(-2 * rho)\nfor i := range a0 {", e.Width)
		w.line("d := float64(a0[i]) - float64(t0[i])\nc[i] = d*d*precision/2 + rho + %s\n}\n}", halfLog2Pi)
		return w.b.String()
	}
	w.line("contributions(c, &%s[0], &%s[0])\n}\n", e.Logits.Name, e.Targets.Name)
	src := goLoss(e.Loss, e.Width)
	w.line("// contributions sets c to the loss of each value, for logits a and targets t: the terms of %s.", src.formula)
	w.line("func contributions(c *Contributions, a0, t0 *[%d]float32) {\nfor i := range a0 {", e.Width)
	w.line("a, t := float64(a0[i]), float64(t0[i])\n%s", src.before)
	term := src.term
	if src.constant != "" {
		term += " + " + float64Literal(valueConstant(e.Loss))
	}
	w.line("c[i] = %s\n}\n}", term)
	return w.b.String()
}

// explainMath reports whether the file of Explain imports math.
func (g *generator) explainMath() bool {
	return g.p.Explain != nil && (g.p.Explain.Loss.Likelihood == nn.Bernoulli || g.p.Explain.Fields != nil || g.p.Explain.LogStd != nil)
}
