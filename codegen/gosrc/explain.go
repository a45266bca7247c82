package gosrc

import (
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// explanation is what the template of the alarm's file shows of Explain.
type explanation struct {
	Unit    string // of scores
	Arena   int
	PoolOne bool
	Sampled bool   // whether the last part is that of the code
	Source  string // the method that takes a sample through all steps, and the function that takes its loss apart
}

// explanation is nil where a score has no parts.
func (g *generator) explanation() *explanation {
	e := g.p.Explain
	if e == nil {
		return nil
	}
	return &explanation{Unit: g.p.Loss.Unit(), Arena: e.Score.Arena, PoolOne: e.Score.Single == plan.Pool, Sampled: e.Divergence != nil, Source: g.explainSource(e)}
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
	if e.Divergence != nil {
		g.drawContributions(w, e)
		return w.b.String()
	}
	routineBody(w, e.Score, func(*plan.Step) {})
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
	src := g.goLoss(e.Loss, e.Width, false)
	w.line("// contributions sets c to the loss of each value, for logits a and targets t: the terms of %s.", src.formula)
	w.line("func contributions(c *Contributions, a0, t0 *[%d]float32) {\nfor i := range a0 {", e.Width)
	w.line("a, t := float64(a0[i]), float64(t0[i])\n%s", src.before)
	w.line("c[i] = %s\n}\n}", valueTerm(src, e.Loss))
	return w.b.String()
}

// valueTerm is the loss of one value, its share of the constant included.
func valueTerm(src lossSource, l nn.Loss) string {
	if src.constant == "" {
		return src.term
	}
	return src.term + " + " + float64Literal(valueConstant(l))
}

// drawContributions prints the body and the end of explain for a sampled code, and the function that adds the parts of one draw.
func (g *generator) drawContributions(w *writer, e *plan.Explanation) {
	w.line("*c = Contributions{}")
	routineBody(w, e.Score, func(s *plan.Step) {
		if slices.Contains(e.Draws, s) {
			w.line("addContributions(c, &%s[0], &%s[0])", s.Args[1].Name, s.Args[2].Name)
		}
	})
	w.line("c[%d] = float64(%s[0][0])\n}\n", e.Width, e.Divergence.Name)
	src := g.goLoss(e.Loss, e.Width, false)
	w.line("// addContributions adds to c the loss of each value of one of %d draws, for logits a and targets t: the terms of %s, divided by %d.", len(e.Draws), src.formula, len(e.Draws))
	w.line("func addContributions(c *Contributions, a0, t0 *[%d]float32) {\nfor i := range a0 {", e.Width)
	w.line("a, t := float64(a0[i]), float64(t0[i])\n%s", src.before)
	w.line("c[i] += (%s) / %d\n}\n}", valueTerm(src, e.Loss), len(e.Draws))
}

// explainMath reports whether the file of Explain imports math.
func (g *generator) explainMath() bool {
	return g.p.Explain != nil && (g.p.Explain.Loss.Likelihood == nn.Bernoulli || g.p.Explain.Fields != nil || g.p.Explain.LogStd != nil)
}
