package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// fastGradient is the form of a weight gradient by assembly functions.
func (g *generator) fastGradient(u *plan.Update, i int, args string) {
	f, w := u.Fast, &writer{}
	w.line("n := min(len(x), len(d))\nfor from := 0; from < n; from += %d {\nm := min(%d, n-from)", f.Samples, f.Samples)
	gradientCalls(w, u, f.Gradient.Name, i == 0, "g", "from", "m", "")
	w.line("}")
	g.forms = append(g.forms, form{name: gradientName(u, i), parameters: args, arguments: "g, p, x, d", body: w.b.String()})
}

// gradientCalls calls a function for all inputs. The bias goes with the first ones, and what fills no tile with the last ones.
func gradientCalls(w *writer, u *plan.Update, name string, bias bool, of, from, m, slots string) {
	f, p := u.Fast, u.Param
	first, last := 0, 2
	if bias && p.Bias != "" {
		first = 1
	}
	at := func(i string) string { return strings.ReplaceAll(slots, "#", i) }
	counts := fmt.Sprintf("%s, %d, min(16, %d-16*p)", m, p.Out, p.Out)
	if p.Out%plan.Panel == 0 {
		counts = fmt.Sprintf("%s, %d, 16", m, p.Out)
	}
	if f.Tiles <= f.TileCall {
		w.line("%s(&%s[0][0], &x[%s][0], &d[%s][16*p], %s%s, %d, %d)", name, of, from, from, at("0"), counts, f.Tiles, first+last)
		return
	}
	rows := f.Rows
	w.line("for i := 0; i < %d; i += %d {\nends := 0", f.Tiles, f.TileCall)
	if first > 0 {
		w.line("if i == 0 {\nends = 1\n}")
	}
	w.line("if i+%d >= %d {\nends += 2\n}", f.TileCall, f.Tiles)
	w.line("%s(&%s[%d*i][0], &x[%s][%d*i], &d[%s][16*p], %s%s, min(%d, %d-i), ends)\n}", name, of, rows, from, rows, from,
		at(fmt.Sprintf("%d*i", rows)), counts, f.TileCall, f.Tiles)
}

// fused reports whether a block's gradient and update are one function.
func fused(u *plan.Update) bool { return u.Fast != nil && u.Fast.Step != nil }

// fusedName is the function that makes the gradient of a panel and moves its weights.
func fusedName(u *plan.Update) string { return "update" + title(u.Param.Field) }

// fusedUpdate prints the function of a block whose gradient and update are one.
func (g *generator) fusedUpdate(u *plan.Update) {
	p, w := u.Param, &writer{}
	names := g.p.Train.Config.Optimizer.Slots()
	slots := ""
	for _, s := range names {
		slots += fmt.Sprintf("&%s[#][0], ", s)
	}
	w.line("n, c := min(len(x), len(d)), o.numbers()\nif n == 0 {\nreturn true\n}")
	gradientCalls(w, u, u.Fast.Step.Name, true, "w", "0", "n", slots+"&c[0], ")
	w.line("return true")
	g.forms = append(g.forms, form{
		doc:  fmt.Sprintf("// %s moves panel p of %s by its gradient, the samples in order, if assembly functions run. %v\n", fusedName(u), p.Field, u.At),
		name: fusedName(u), result: " bool", otherwise: "return false", body: w.b.String(),
		parameters: fmt.Sprintf("o *optimizer, p int, %s *[%d][%d]float32, x [][%d]float32, d [][%d]float32", strings.Join(append([]string{"w"}, names...), ", "),
			p.Rows(), plan.Panel, p.In, p.Out),
	})
}

// fastTranspose is the form of a transposition by assembly functions.
func (g *generator) fastTranspose(u *plan.Update, parameters string) {
	w, p, f := &writer{}, u.Param, u.Fast
	every := func(f *plan.Function) {
		blocks, first := p.In/plan.Panel, p.Rows()-p.In
		if blocks < f.Most {
			w.line("%s(&t[0][%d*p][0], &w[%d][0], %d, 1)", f.Name, plan.Panel, first, blocks)
			return
		}
		w.line("for i := 0; i <= %d; i += %d {\nn, rest := min(%d, %d-i), 0\nif i+n == %d {\nrest = 1\n}", blocks, f.Most-1, f.Most-1, blocks, blocks)
		w.line("%s(&t[i][%d*p][0], &w[%d*i+%d][0], n, rest)\nif rest == 1 {\nbreak\n}\n}", f.Name, plan.Panel, plan.Panel, first)
	}
	switch {
	case f.CopyLast == nil:
		every(f.Copy)
	case f.Copy == nil:
		every(f.CopyLast)
	default:
		w.line("if p < %d {", p.Out/plan.Panel)
		every(f.Copy)
		w.line("} else {")
		every(f.CopyLast)
		w.line("}")
	}
	g.forms = append(g.forms, form{name: transposeName(p), parameters: parameters, arguments: "t, w, p", body: w.b.String()})
}

// fastStep is the form of the optimiser's update by its assembly function. Row 0 holds biases, if any does.
func (g *generator) fastStep(method string, rows []string, biases bool) {
	w, f := &writer{}, g.p.Train.Step
	var heads, at []string
	for _, r := range rows {
		heads, at = append(heads, address(r, 0, 0)), append(at, address(r, "i", 0))
	}
	w.line("n, c := len(w), o.numbers()")
	most, first := f.Most/plan.Panel, 0
	if biases {
		w.line("%s(%s, &c[0], %d)", f.Name, strings.Join(heads, ", "), plan.Panel)
		first = 1
	}
	w.line("for i := %d; i < n; i += %d {\n%s(%s, &c[5], %d*min(%d, n-i))\n}", first, most, f.Name, strings.Join(at, ", "), plan.Panel, most)
	g.forms = append(g.forms, form{name: method, receiver: "(o *optimizer) ", parameters: strings.Join(rows, ", ") + " [][16]float32",
		arguments: strings.Join(rows, ", "), body: w.b.String()})
}

// stepNumbers is the Go source of a step's numbers in the order that assembly functions take them. Biases do not decay.
func stepNumbers(t *plan.Training) string {
	root, factor, keep := "0", "1", "1"
	o := t.Config.Optimizer
	if o.Method == nn.Adam || o.Method == nn.AdamW {
		root = "1 / o.root"
	}
	if o.Method == nn.AdamW && o.Decay != 0 {
		keep = "o.keep"
	}
	if t.Materialize {
		factor = "o.factor"
	}
	return fmt.Sprintf("[...]float32{o.rate, %s, 1, 0, %s, o.rate, %s, %s, %s, %s}", root, factor, root, keep, float(t.Decay.Strength), factor)
}
