package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// optimizer prints the update of a panel: type optimizer with what is the same for all numbers of a step, and its method apply.
func (g *generator) optimizer() {
	t := g.p.Train
	o := t.Config.Optimizer
	fields, scalars := optimizerScalars(o)
	if o.Method != nn.SGD {
		g.math = true
	}
	w := &g.kernels
	w.line("// optimizer is %s at one step: what is the same for all numbers.\ntype optimizer struct {\n%s", o.Method.Name(), fields)
	if t.Materialize {
		w.line("factor float32 // on the gradient, for its norm")
	}
	w.line("}\n")
	w.line("// newOptimizer prepares step number t, counted from 1, at a learning rate.")
	w.line("func newOptimizer(rate float64, %s int) optimizer {\n%s}\n", map[bool]string{true: "t", false: "_"}[strings.Contains(scalars, "float64(t)")], scalars)
	g.apply(o, true)
	if g.unbiased() {
		g.apply(o, false)
	}
}

// unbiased reports whether there are blocks without biases.
func (g *generator) unbiased() bool {
	return slices.ContainsFunc(g.p.Train.Updates, func(u *plan.Update) bool { return u.Param.Bias == "" })
}

func optimizerScalars(o nn.Optimizer) (fields, body string) {
	switch o.Method {
	case nn.SGD, nn.RMSProp:
		return "rate float32", "return optimizer{rate: float32(rate)}\n"
	case nn.Adam:
		return "rate float32 // over 1-β1ᵗ\nroot float32 // of 1-β2ᵗ", adamScalars(o, "")
	case nn.AdamW:
		return "rate float32 // over 1-β1ᵗ\nroot float32 // of 1-β2ᵗ\nkeep float32 // of a weight, by decay", adamScalars(o, ", keep: float32(1 - rate*"+float(o.Decay)+")")
	}
	panic(fmt.Sprintf("internal error: no Go source of optimiser %d", o.Method))
}

func adamScalars(o nn.Optimizer, more string) string {
	return fmt.Sprintf("return optimizer{rate: float32(rate / (1 - math.Pow(%s, float64(t)))), root: float32(math.Sqrt(1 - math.Pow(%s, float64(t))))%s}\n",
		float(o.Beta1), float(o.Beta2), more)
}

// apply prints the method that moves one panel, or rows of weights alone. Row 0 of a panel holds biases: they do not decay.
func (g *generator) apply(o nn.Optimizer, biases bool) {
	t := g.p.Train
	rows := append([]string{"w", "g"}, o.Slots()...)
	var lens, heads, tails []string
	for _, r := range rows {
		lens = append(lens, fmt.Sprintf("len(%s) > 0", r))
		heads = append(heads, "&"+r+"[0]")
		tails = append(tails, r+"[1:]")
	}
	w := &g.kernels
	method, doc := "apply", "the weights w of a panel against their gradient g. Row 0 holds biases."
	if !biases {
		method, doc = "applyWeights", "weights w against their gradient g. No row holds biases."
	}
	name := portable(method, t.Step != nil)
	if t.Step != nil {
		g.fastStep(method, rows, biases)
	}
	w.line("// %s moves %s", name, doc)
	w.line("func (o *optimizer) %s(%s [][16]float32) {", name, strings.Join(rows, ", "))
	decays := t.Decay.Kind != nn.NoDecay || o.Method == nn.AdamW && o.Decay != 0
	if t.Decay.Kind != nn.NoDecay {
		w.line("decay := float32(%s)", map[bool]string{true: "0", false: float(t.Decay.Strength)}[biases])
	}
	if o.Method == nn.AdamW && o.Decay != 0 {
		w.line("keep := %s", map[bool]string{true: "float32(1)", false: "o.keep"}[biases])
	}
	w.line("for %s {\n%s := %s\nfor i := range w0 {\nd := g0[i]", strings.Join(lens, " && "), strings.Join(suffixed(rows, "0"), ", "), strings.Join(heads, ", "))
	if t.Materialize {
		w.line("d *= o.factor")
	}
	if t.ClipValue != 0 {
		w.line("d = max(-%s, min(%s, d))", float(t.ClipValue), float(t.ClipValue))
	}
	switch t.Decay.Kind {
	case nn.L2Decay:
		w.line("d += decay * w0[i]")
	case nn.L1Decay:
		w.line("if w0[i] > 0 {\nd += decay\n} else if w0[i] < 0 {\nd -= decay\n}")
	}
	w.line("%s\n}", applyRule(o))
	w.line("%s = %s", strings.Join(rows, ", "), strings.Join(tails, ", "))
	if biases && decays && t.Decay.Kind != nn.NoDecay {
		w.line("decay = %s", float(t.Decay.Strength))
	}
	if biases && o.Method == nn.AdamW && o.Decay != 0 {
		w.line("keep = o.keep")
	}
	w.line("}\n}\n")
}

// applyRule is the update of w0[i] by the gradient d.
func applyRule(o nn.Optimizer) string {
	switch o.Method {
	case nn.SGD:
		if o.Momentum == 0 {
			return "w0[i] -= o.rate * d"
		}
		momentum := fmt.Sprintf("momentum0[i] = %s*momentum0[i] + d\n", float(o.Momentum))
		if o.Nesterov {
			return momentum + fmt.Sprintf("w0[i] -= o.rate * (d + %s*momentum0[i])", float(o.Momentum))
		}
		return momentum + "w0[i] -= o.rate * momentum0[i]"
	case nn.Adam, nn.AdamW:
		decay := ""
		if o.Method == nn.AdamW && o.Decay != 0 {
			decay = "w0[i] *= keep\n"
		}
		return decay + fmt.Sprintf("m := %s*m0[i] + %s*d\nv := %s*v0[i] + %s*d*d\nm0[i], v0[i] = m, v\nw0[i] -= o.rate * m / (float32(math.Sqrt(float64(v)))/o.root + %s)",
			float(o.Beta1), float(1-o.Beta1), float(o.Beta2), float(1-o.Beta2), float(o.Eps))
	case nn.RMSProp:
		return fmt.Sprintf("v := %s*v0[i] + %s*d*d\nv0[i] = v\nw0[i] -= o.rate * d / (float32(math.Sqrt(float64(v))) + %s)", float(o.Alpha), float(1-o.Alpha), float(o.Eps))
	}
	panic(fmt.Sprintf("internal error: no Go source of optimiser %d", o.Method))
}

// slotDoc says what an optimiser keeps in a slot.
func slotDoc(slot string) string {
	switch slot {
	case "m":
		return "the optimiser's running means of gradients"
	case "v":
		return "the optimiser's running means of squared gradients"
	}
	return "the optimiser's " + slot
}
