package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// fastReduced is the form of a reduced product by assembly functions.
func (g *generator) fastReduced(kernel *plan.Kernel, p *reducedProduct) {
	k, f := *p, p.Fast
	w := &writer{}
	k.writer = w
	w.line("n := min(len(y), len(x))\nif n == 0 {\nreturn\n}\nif n == 1 {")
	k.fastRow()
	w.line("} else {")
	k.fastPanels()
	w.line("}")
	if f.After != nil {
		samples := f.After.Most / k.m.Out
		w.line("for i := 0; i < n; i += %d {\n%s(&y[i][0], &y[i][0], %d*min(%d, n-i))\n}", samples, f.After.Name, k.m.Out, samples)
	}
	if f.Go {
		w.line("for j := range n {\nfor o, v := range &y[j] {\ny[j][o] = %s(v)\n}\n}", k.value)
	}
	g.forms = append(g.forms, form{name: kernel.Name, parameters: k.parameters(), arguments: k.arguments(), body: w.b.String()})
}

func (k *reducedProduct) integral() bool { return k.m.Format == plan.Int8 }

// scaled reports whether outputs have steps of their own.
func (k *reducedProduct) scaled() bool { return k.integral() && !k.Transposed }

// integersOf declares the integers and the steps of some samples.
func (k *reducedProduct) integersOf(samples int) {
	k.line("var q [%d][%d]%s\nvar xs [%d]float32", samples, plan.Padded(k.m.In), integerType(k.Inputs), samples)
}

// round prints the call that rounds m samples of x from sample i on.
func (k *reducedProduct) round(i, m string) {
	factors := ""
	if k.Transposed {
		factors = "&steps[0][0], "
	}
	k.line("%s(&q[0][0], &xs[0], &x[%s][0], %s%s)", k.Fast.Round.Name, i, factors, m)
}

// call prints the call of a function for panel p: results go to y, inputs come from sample i of x.
func (k *reducedProduct) call(f *plan.Function, y, i, p string, counts ...string) {
	args := []string{y}
	if k.integral() {
		args = append(args, "&q[0][0]", "&xs[0]")
	} else {
		args = append(args, address("x", i, 0))
	}
	args = append(args, address("b", p, 0))
	if k.scaled() {
		args = append(args, address("steps", p, 0))
	}
	indices := []any{p, 0, 0}
	if k.m.Format != plan.Half {
		indices = append(indices, 0)
	}
	args = append(append(args, address("w", indices...)), counts...)
	k.line("%s(%s)", f.Name, strings.Join(args, ", "))
}

// fastRow takes one sample through groups of panels. The outputs of a last panel that is not full pass through an array.
func (k *reducedProduct) fastRow() {
	f := k.Fast
	if k.integral() {
		k.integersOf(1)
		k.round("0", "1")
	}
	if f.Row != nil {
		panels := f.Row.Op.(*plan.ReducedRow).Panels
		if f.Groups <= f.Call {
			k.call(f.Row, "&y[0][0]", "0", "0", fmt.Sprint(f.Groups))
		} else {
			k.line("for i := 0; i < %d; i += %d {", f.Groups, f.Call)
			k.call(f.Row, fmt.Sprintf("&y[0][%d*i]", panels*plan.Panel), "0", fmt.Sprintf("%d*i", panels), fmt.Sprintf("min(%d, %d-i)", f.Call, f.Groups))
			k.line("}")
		}
	}
	if f.Rest == nil {
		return
	}
	panels := f.Rest.Op.(*plan.ReducedRow).Panels
	first := k.m.Panels() - panels
	if k.m.Out%plan.Panel == 0 {
		k.call(f.Rest, fmt.Sprintf("&y[0][%d]", first*plan.Panel), "0", fmt.Sprint(first), "1")
		return
	}
	k.line("var last [%d]float32", panels*plan.Panel)
	k.call(f.Rest, "&last[0]", "0", fmt.Sprint(first), "1")
	k.line("copy(y[0][%d:], last[:])", first*plan.Panel)
}

// fastPanels takes samples through panels: all samples panel by panel, or as many as are rounded at a time.
// The last panel, if it is not full, passes through an array of whole panel rows.
func (k *reducedProduct) fastPanels() {
	if k.m.Out%plan.Panel > 0 {
		k.line("var last [%d][%d]float32", k.Fast.Samples, plan.Panel)
	}
	if k.integral() {
		k.integersOf(k.Fast.Samples)
		k.tiles(func() {
			k.round("i", "m")
			k.eachPanel(k.fullPanel)
			k.lastPanel()
		})
		return
	}
	k.eachPanel(func() { k.tiles(k.fullPanel) })
	if k.m.Out%plan.Panel > 0 {
		k.tiles(k.lastPanel)
	}
}

// tiles prints a loop over as many samples as a call takes: m of them from sample i on.
func (k *reducedProduct) tiles(body func()) {
	k.line("for i := 0; i < n; i += %d {\nm := min(%d, n-i)", k.Fast.Samples, k.Fast.Samples)
	body()
	k.line("}")
}

// eachPanel prints a loop over the full panels.
func (k *reducedProduct) eachPanel(body func()) {
	if full := k.m.Out / plan.Panel; full > 0 {
		k.line("for p := range %d {", full)
		body()
		k.line("}")
	}
}

func (k *reducedProduct) fullPanel() {
	k.call(k.Fast.Panel, fmt.Sprintf("&y[i][%d*p]", plan.Panel), "i", "p", fmt.Sprint(k.m.Out), "m")
}

// lastPanel prints the panel that is not full, if there is one.
func (k *reducedProduct) lastPanel() {
	full := k.m.Out / plan.Panel
	if k.m.Out%plan.Panel == 0 {
		return
	}
	k.call(k.Fast.Panel, "&last[0][0]", "i", fmt.Sprint(full), fmt.Sprint(plan.Panel), "m")
	k.line("for j := range m {\ncopy(y[i+j][%d:], last[j][:])\n}", full*plan.Panel)
}
