package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// compactName is the type of compact codes of k values.
func compactName(k int) string { return fmt.Sprintf("compact%d", k) }

// compactType prints the type of compact codes of k values, once, and returns it.
func (g *generator) compactType(k int) string {
	name := compactName(k)
	if !g.functions[name] {
		g.functions[name] = true
		g.scalars.line("// %s is a code of which %d values at most are not 0: them, and their places in ascending order.", name, k)
		g.scalars.line("type %s struct {\nvalues [%d]float32\nplaces [%d]uint32\n}\n", name, k, k)
	}
	return name
}

// topK prints the kernel that keeps the largest values of samples.
func (g *generator) topK(k *plan.Kernel, op *plan.TopK) {
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	g.topk = true
	what, parameters := "to the "+fmt.Sprint(op.K)+" largest values of each sample, of equal ones the first, and 0 for the others. Y and x may be the same.", fmt.Sprintf("y, x [][%d]float32", op.Width)
	before, index := fmt.Sprintf("var index [%d]uint32\nvar kept [%d]float32\n", op.K, op.K), "index[:]"
	after := fmt.Sprintf("for i, at := range index {\nkept[i] = x0[at]\n}\n*y0 = [%d]float32{}\nfor i, at := range index {\ny0[at] = kept[i]\n}\n", op.Width)
	if op.Compact {
		what, parameters = fmt.Sprintf("to the %d largest values of each sample and their places, of equal ones the first.", op.K), fmt.Sprintf("y []%s, x [][%d]float32", g.compactType(op.K), op.Width)
		before, index, after = "", "y0.places[:]", "for i, at := range y0.places {\ny0.values[i] = x0[at]\n}\n"
	}
	w.line("// %s sets y %s %v", name, what, k.At)
	w.line("func %s(%s) {\n%sfor len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]\ntopk.Select(%s, x0[:])", name, parameters, before, index)
	w.line("%sy, x = y[1:], x[1:]\n}\n}\n", after)
	if f := op.Fast; f != nil {
		g.fastTopK(k, op, parameters, before, index, after)
	}
}

// fastTopK is the form by assembly functions.
func (g *generator) fastTopK(k *plan.Kernel, op *plan.TopK, parameters, before, index, after string) {
	f, w := op.Fast, &writer{}
	span := op.Width / f.Parts / 64 * 64 // topk.Span
	w.line("%svar groups [%d * topk.Groups]float32\nvar candidates [topk.Candidates + 1]uint32", before, f.Parts)
	w.line("for i := range min(len(y), len(x)) {\ny0, x0 := &y[i], &x[i]")
	for p := range f.Parts {
		n := span
		if p == f.Parts-1 {
			n = op.Width - p*span
		}
		w.line("%s(&groups[%d*topk.Groups], &x0[%d], %d)", f.Maxima.Name, p, p*span, n)
	}
	w.line("%s(&candidates[0], &x0[0], %d, topk.Bound(groups[:], %d))", f.Collect.Name, op.Width, op.K)
	w.line("topk.Keep(%s, x0[:], (*[topk.Candidates]uint32)(candidates[:]), int(candidates[topk.Candidates]))\n%s}", index, after)
	g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: "y, x", body: w.b.String()})
}

// accumulate prints the function that adds a multiple of a row to another, once.
func (g *generator) accumulate(f *plan.Function) {
	if g.functions["accumulate"] {
		return
	}
	g.functions["accumulate"] = true
	name := portable("accumulate", f != nil)
	g.scalars.line("// %s adds a·x to y, of equal lengths.\nfunc %s(y, x []float32, a float32) {\nx = x[:len(y)]\nfor i, v := range x {\ny[i] += a * v\n}\n}\n", name, name)
	if f != nil {
		g.forms = append(g.forms, form{name: "accumulate", parameters: "y, x []float32, a float32", arguments: "y, x, a",
			body: fmt.Sprintf("x = x[:len(y)]\n%s(&y[0], &x[0], len(y), a)\n", f.Name)})
	}
}

// dot prints the function of the scalar product of two rows, once.
func (g *generator) dot(f *plan.Function) {
	if g.functions["dotOf"] {
		return
	}
	g.functions["dotOf"] = true
	name := portable("dotOf", f != nil)
	g.scalars.line("// %s is the sum of the products of two rows of equal lengths.\nfunc %s(a, b []float32) (sum float32) {\nb = b[:len(a)]\nfor i, v := range a {\nsum += v * b[i]\n}\nreturn sum\n}\n", name, name)
	if f != nil {
		g.forms = append(g.forms, form{name: "dotOf", parameters: "a, b []float32", arguments: "a, b", result: " float32", value: true,
			body: fmt.Sprintf("b = b[:len(a)]\nvar sum float32\n%s(&sum, &a[0], &b[0], len(a))\nreturn sum\n", f.Name)})
	}
}

// unitRow prints the function that scales a row to norm 1, once.
func (g *generator) unitRow(dot *plan.Function) {
	if g.functions["unitRow"] {
		return
	}
	g.functions["unitRow"] = true
	g.math = true
	g.dot(dot)
	w := &g.scalars
	w.line("// unitRow scales a row to norm 1. A norm counts as at least %s. Near 1, which weights are after a small step, the factor's distance from 1 is more precise.", float(nn.LeastNorm))
	w.line("func unitRow(row []float32) {\nsquare := float64(dotOf(row, row))\nif !(square > 1e-20 && square < 1e20) { // beyond what sums in float32 hold\nsquare = 0\nfor _, v := range row {\nsquare += float64(v) * float64(v)\n}\n}")
	w.line("by := 1 / max(math.Sqrt(square), %s)\nif by > 0.5 && by < 2 {\naccumulate(row, row, float32(by-1))\nreturn\n}", float(nn.LeastNorm))
	w.line("for i := range row {\nrow[i] = float32(by * float64(row[i]))\n}\n}\n")
}

// rowsProduct prints a product with a block by rows.
func (g *generator) rowsProduct(k *plan.Kernel, op *plan.RowsProduct) {
	if op.Weights.Reduced != nil {
		g.reducedRowsProduct(k, op)
		return
	}
	w, out := &g.kernels, op.Weights.Out
	z, parameters, arguments, start := fmt.Sprintf("[%d]float32", op.Weights.In), "b, w []float32", "y, z, b, w", "copy(y[0][:], b)"
	if op.K > 0 {
		z = g.compactType(op.K)
	}
	fast, name := op.Fast, k.Name
	if fast != nil {
		if _, rows := fast.Op.(*plan.AddRows); rows {
			fast, name = g.addScaled(), portable(name, true)
			g.forms = append(g.forms, form{name: k.Name, parameters: fmt.Sprintf("y [][%d]float32, z []%s, %s", out, z, parameters), arguments: arguments,
				body: fmt.Sprintf("for i := range min(len(y), len(z)) {\n%s(&y[i][0], &b[0], &w[0], &z[i].values[0], &z[i].places[0], %d)\n}\n", op.Fast.Name, op.K)})
		}
	}
	g.accumulate(fast)
	if op.Bias == nil {
		parameters, start = "w []float32", "clear(y[0][:])"
		w.line("// %s computes y = z·W for each sample, by the rows of W for the values of z that are not 0, in order. %v", name, k.At)
	} else {
		w.line("// %s computes y = z·W + b for each sample: the bias, then the rows of W for the values of z that are not 0, in order. %v", name, k.At)
	}
	w.line("func %s(y [][%d]float32, z []%s, %s) {\nfor len(y) > 0 && len(z) > 0 {\n%s", name, out, z, parameters, start)
	if op.K > 0 {
		w.line("for j, v := range z[0].values {\nif i := int(z[0].places[j]); v != 0 {\naccumulate(y[0][:], w[%d*i:%d*i+%d], v)\n}\n}", out, out, out)
	} else {
		w.line("for i, v := range &z[0] {\nif v != 0 {\naccumulate(y[0][:], w[%d*i:%d*i+%d], v)\n}\n}", out, out, out)
	}
	w.line("y, z = y[1:], z[1:]\n}\n}\n")
}

// reducedRowsProduct prints a product with a reduced block by rows.
func (g *generator) reducedRowsProduct(k *plan.Kernel, op *plan.RowsProduct) {
	w, m := &g.kernels, op.Weights.Reduced.Values
	z := fmt.Sprintf("[%d]float32", m.In)
	if op.K > 0 {
		z = g.compactType(op.K)
	}
	value := "float32(q)"
	if m.Format != plan.Int8 {
		g.reduced = true
		value = map[plan.Format]string{plan.Half: "reduced.FromHalf(q)", plan.Bfloat16: "reduced.FromBfloat16(q)"}[m.Format]
	}
	w.line("// %s computes y = z·W + b for each sample, by the rows of W for the values of z that are not 0, in order. %v", k.Name, k.At)
	steps := ""
	if m.Format == plan.Int8 {
		w.line("// The sums of integers times values are multiplied by the outputs' steps.")
		steps = ", steps *" + rowsType(op.Weights)
	}
	w.line("func %s(y [][%d]float32, z []%s, b []float32, w *%s%s) {", k.Name, m.Out, z, matrixType(m), steps)
	w.line("b = b[:%d]\nfor len(y) > 0 && len(z) > 0 {\nsums := [%d]float32{}", m.Out, m.Out)
	if op.K > 0 {
		w.line("for j, v := range z[0].values {\nif v == 0 {\ncontinue\n}\ni := z[0].places[j]")
	} else {
		w.line("for i, v := range &z[0] {\nif v == 0 {\ncontinue\n}")
	}
	w.line("for o, q := range &w[i] {\nsums[o] += v * %s\n}\n}", value)
	if m.Format == plan.Int8 {
		w.line("for o, sum := range &sums {\ny[0][o] = b[o] + sum*steps[o/16][o%%16]\n}")
	} else {
		w.line("for o, sum := range &sums {\ny[0][o] = b[o] + sum\n}")
	}
	w.line("y, z = y[1:], z[1:]\n}\n}\n")
}

// rowsGrad prints the gradient of a compact code.
func (g *generator) rowsGrad(k *plan.Kernel, op *plan.RowsGrad) {
	w, out := &g.kernels, op.Weights.Out
	g.dot(op.Fast)
	if op.K == 0 {
		w.line("// %s sets d to dy·Wᵀ where z is not 0, and to 0 elsewhere. %v", k.Name, k.At)
		w.line("func %s(d [][%d]float32, dy [][%d]float32, z [][%d]float32, w []float32) {", k.Name, op.Weights.In, out, op.Weights.In)
		w.line("for len(d) > 0 && len(dy) > 0 && len(z) > 0 {\nd0 := &d[0]\n*d0 = [%d]float32{}\nfor i, v := range &z[0] {\nif v != 0 {", op.Weights.In)
		w.line("d0[i] = dotOf(dy[0][:], w[%d*i:%d*i+%d])\n}\n}\nd, dy, z = d[1:], dy[1:], z[1:]\n}\n}\n", out, out, out)
		return
	}
	code := g.compactType(op.K)
	w.line("// %s sets d to dy·Wᵀ at the places of z, and 0 where the value of z is 0. %v", k.Name, k.At)
	w.line("func %s(d []%s, dy [][%d]float32, z []%s, w []float32) {", k.Name, code, out, code)
	w.line("for len(d) > 0 && len(dy) > 0 && len(z) > 0 {\nd[0].places = z[0].places\nfor j, v := range z[0].values {\nd[0].values[j] = 0")
	w.line("if i := int(z[0].places[j]); v != 0 {\nd[0].values[j] = dotOf(dy[0][:], w[%d*i:%d*i+%d])\n}\n}", out, out, out)
	w.line("d, dy, z = d[1:], dy[1:], z[1:]\n}\n}\n")
}

// subBias prints the kernel that takes a bias from samples.
func (g *generator) subBias(k *plan.Kernel, op *plan.SubBias) {
	w := &g.kernels
	w.line("// %s computes y = x - b for each sample. %v", k.Name, k.At)
	w.line("func %s(y, x [][%d]float32, b []float32) {\nb = b[:%d]\nfor len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]", k.Name, op.Width, op.Width)
	w.line("for i := range x0 {\ny0[i] = x0[i] - b[i]\n}\ny, x = y[1:], x[1:]\n}\n}\n")
}

// keptArguments are the arguments of a step of a code of few values after its buffers. Blocks are fields of the variable w.
func keptArguments(op plan.Op, w string) []string {
	flat := func(p *plan.Param) string { return fmt.Sprintf("arena.Flat(&%s.%s)", w, p.Field) }
	bias := func(p *plan.Param) string {
		if p.Reduced != nil {
			return fmt.Sprintf("arena.Flat(&%s.%s)[:%d]", w, p.Reduced.Bias, p.Out)
		}
		return fmt.Sprintf("%s[:%d]", flat(p), p.Out)
	}
	switch op := op.(type) {
	case *plan.RowsProduct:
		r := op.Weights.Reduced
		switch {
		case op.Bias == nil:
			return []string{flat(op.Weights)}
		case r == nil:
			return []string{bias(op.Bias), flat(op.Weights)}
		case r.Steps != "":
			return []string{bias(op.Bias), fmt.Sprintf("&%s.%s", w, r.Values.Field), fmt.Sprintf("&%s.%s", w, r.Steps)}
		}
		return []string{bias(op.Bias), fmt.Sprintf("&%s.%s", w, r.Values.Field)}
	case *plan.RowsGrad:
		return []string{flat(op.Weights)}
	case *plan.SubBias:
		return []string{bias(op.Bias)}
	case *plan.Above:
		return []string{"(*[1]float32)(" + bias(op.Threshold) + ")"}
	}
	return nil
}

// fastKept reports whether the largest values are found by assembly functions.
func (g *generator) fastKept() bool {
	for _, k := range g.p.Kernels {
		if op, ok := k.Op.(*plan.TopK); ok && op.Fast != nil {
			return true
		}
	}
	return false
}

// deadTopK prints the kernel that keeps the largest of the values that are dead.
func (g *generator) deadTopK(k *plan.Kernel, op *plan.DeadTopK) {
	w, kept := &g.kernels, min(op.K, op.Width)
	g.topk = true
	code, none, one, chosen := fmt.Sprintf("[%d]float32", op.Width), fmt.Sprintf("*y0 = [%d]float32{}\n", op.Width), "y0[at] = x0[at]", "y0[dead[i]] = values[i]"
	rest := ""
	if op.Compact {
		code, none, one, chosen = g.compactType(op.K), "", "y0.values[i], y0.places[i] = x0[at], at", "y0.values[j], y0.places[j] = values[i], dead[i]"
		rest = "clear(y0.values[n:])\n"
	}
	w.line("// %s sets y to the %d largest values of each sample among those that were 0 for %d steps or more, of equal ones the first, and 0 for the", k.Name, op.K, op.After)
	w.line("// others. Idle counts the steps. Where fewer are dead, all of them stay. %v", k.At)
	w.line("func %s(y []%s, x [][%d]float32, idle *[%d]uint32) {\nvar dead [%d]uint32\nn := 0\nfor i, steps := range idle {\nif steps >= %d {\ndead[n] = uint32(i)\nn++\n}\n}",
		k.Name, code, op.Width, op.Width, op.Width, op.After)
	w.line("var values [%d]float32\nvar index [%d]uint32", op.Width, kept)
	w.line("for len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]\n%sif n <= %d {\nfor %s, at := range dead[:n] {\n%s\n}\n%s} else {", none, kept, map[bool]string{true: "i", false: "_"}[op.Compact], one, rest)
	w.line("for i, at := range dead[:n] {\nvalues[i] = x0[at]\n}\ntopk.Select(index[:], values[:n])\nfor %s := range index {\n%s\n}\n}", map[bool]string{true: "j, i", false: "_, i"}[op.Compact], chosen)
	w.line("y, x = y[1:], x[1:]\n}\n}\n")
}

// batchBound prints the least value that a batch keeps.
func (g *generator) batchBound(k *plan.Kernel, op *plan.BatchBound) {
	g.topk = true
	g.kernels.line("// %s sets bound to number %d·len(x) of the values of x, from the largest on. %v", k.Name, op.K, k.At)
	g.kernels.line("func %s(bound *[1]float32, x [][%d]float32, _, _ int) {\nvar r topk.Ranks\nfor r.Begin(%d * len(x)); r.More(); r.Next() {", k.Name, op.Width, op.K)
	g.kernels.line("for i := range x {\nr.Count(x[i][:])\n}\n}\nbound[0] = r.Value()\n}\n")
}

// above prints the kernel that keeps values that are no less than a bound.
func (g *generator) above(k *plan.Kernel, op *plan.Above) {
	w := &g.kernels
	w.line("// %s sets y to the values of x that are above 0 and no less than bound, or NaN, and to 0 for the others. %v", k.Name, k.At)
	w.line("func %s(y, x [][%d]float32, bound *[1]float32) {\nfor len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]\nfor i, v := range x0 {", k.Name, op.Width)
	w.line("if v <= 0 || v < bound[0] {\nv = 0\n}\ny0[i] = v\n}\ny, x = y[1:], x[1:]\n}\n}\n")
}
