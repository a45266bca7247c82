package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// columnSquares prints the squared norms of the columns of a block.
func (g *generator) columnSquares(k *plan.Kernel, op *plan.ColumnSquares) {
	w, p := &g.kernels, op.Weights
	w.line("// %s sets the columns from to to-1 of s to the squared norms of those of the weights %s. Squares are added in order, in float64. %v", k.Name, p.Field, k.At)
	w.line("func %s(s *[%d]float32, w *%s, from, to int) {\nfor ; from < to; from += 16 {\nvar sums [16]float64", k.Name, p.Out, blockType(p))
	w.line("for _, row := range w[from/16][%d:] {\nfor c, v := range row {\nsums[c] += float64(v) * float64(v)\n}\n}", p.Rows()-p.In)
	w.line("for c, sum := range sums[:min(16, to-from)] {\ns[from+c] = float32(sum)\n}\n}\n}\n")
}

// contract prints the contraction of samples.
func (g *generator) contract(k *plan.Kernel, op *plan.Contract) {
	w, slope := &g.kernels, g.slopeOf(op.Contraction)
	w.line("// %s sets s[0] to %s·‖∂z/∂x‖² of each sample: the sum of the squared slopes of %v times norms, those of the weights. Values are added in order, in float64. %v",
		k.Name, float(op.Contraction.Strength), op.Contraction.Activation, k.At)
	w.line("func %s(s [][1]float32, at [][%d]float32, norms *[%d]float32) {\nfor len(s) > 0 && len(at) > 0 {\nsum := 0.0", k.Name, op.Width, op.Width)
	if op.Contraction.Activation.Func == nn.Identity { // whose slope is 1
		w.line("for _, norm := range norms {\nsum += float64(norm)\n}")
	} else {
		w.line("at0 := &at[0]\nfor i, norm := range norms {\nf := float64(%s)\nsum += f * f * float64(norm)\n}", slope("at0[i]"))
	}
	w.line("s[0][0] = float32(%s * sum)\ns, at = s[1:], at[1:]\n}\n}\n", float(op.Contraction.Strength))
}

// contractGrad prints the sum of a gradient and the derivative of the contraction by what slopes are taken at.
func (g *generator) contractGrad(k *plan.Kernel, op *plan.ContractGrad) {
	w, slope := &g.kernels, g.slopeOf(op.Contraction)
	w.line("// %s sets y to d plus share times the derivative of %s·‖∂z/∂x‖² by at%s. %v", k.Name, float(op.Contraction.Strength), timesDoc(op.Slope, "at"), k.At)
	w.line("func %s(y, d, at [][%d]float32, norms *[%d]float32, share float64) {\nby := float32(share * %s)", k.Name, op.Width, op.Width, float(2*op.Contraction.Strength))
	w.line("for len(y) > 0 && len(d) > 0 && len(at) > 0 {\ny0, d0, at0 := &y[0], &d[0], &at[0]")
	w.line("for i, norm := range norms {\ny0[i] = %s\n}\ny, d, at = y[1:], d[1:], at[1:]\n}\n}\n",
		g.times(op.Slope)(fmt.Sprintf("d0[i] + by*norm*%s*%s(at0[i])", slope("at0[i]"), g.curvature(op.Contraction.Activation)), "at0[i]"))
}

// contractNorms prints the derivative of the contraction by the squared norms.
func (g *generator) contractNorms(k *plan.Kernel, op *plan.ContractNorms) {
	w, slope := &g.kernels, g.slopeOf(op.Contraction)
	w.line("// %s sets the columns from to to-1 of dnorms to share times %s times the sum of the squared slopes of %v over the samples. Samples are added in order, in float64. %v",
		k.Name, float(op.Contraction.Strength), op.Contraction.Activation, k.At)
	w.line("func %s(dnorms *[%d]float32, at [][%d]float32, share float64, from, to int) {", k.Name, op.Width, op.Width)
	w.line("for ; from < to; from += 16 {\nvar sums [16]float64\nn := min(16, to-from)")
	v := "v"
	if op.Contraction.Activation.Func == nn.Identity {
		v = "_"
	}
	w.line("for b := range at {\nfor c, %s := range at[b][from : from+n] {\nf := float64(%s)\nsums[c&15] += f * f\n}\n}", v, slope("v"))
	w.line("for c, sum := range sums[:n] {\ndnorms[from+c] = float32(share * %s * sum)\n}\n}\n}\n", float(op.Contraction.Strength))
}

// slopeOf is the derivative of a contraction's activation at a point, as Go source of a float32.
func (g *generator) slopeOf(c nn.Contraction) func(at string) string {
	name := g.slope(c.Activation)
	return func(at string) string {
		if name == "" {
			return "float32(1)"
		}
		return name + "(" + at + ")"
	}
}

// curvature is the name of the derivative of a derivative, noted for printing.
func (g *generator) curvature(a nn.Activation) string {
	name, body := goActivation(a).name+"Curve", goCurvature(a)
	g.uses(name, body, strings.Contains(body, "math."), fmt.Sprintf("%s is the derivative of %sSlope at a.", name, goActivation(a).name), "a")
	return name
}

// goCurvature is the source of nn.Activation.Curvature.
func goCurvature(a nn.Activation) string {
	switch a.Func {
	case nn.ELU, nn.SELU:
		return "if a > 0 {\nreturn 0\n}\nreturn 1"
	case nn.GELU:
		return finite + "return float32((2 - x*x) * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi))"
	case nn.SiLU:
		return finite + "s := 1 / (1 + math.Exp(-x))\nreturn float32(s * (1 - s) * (2 + x*(1-2*s)))"
	case nn.Sigmoid:
		return "return 1 - 2*a"
	case nn.Tanh:
		return "return -2 * a"
	case nn.Softplus:
		return "return float32(math.Exp(-float64(a)))"
	}
	panic(fmt.Sprintf("internal error: no Go source of the curvature of %v", a))
}

// unpack prints the rows of a block.
func (g *generator) unpack(k *plan.Kernel, op *plan.Unpack) {
	w, p := &g.kernels, op.Weights
	w.line("// %s sets the rows from to to-1 to those of the weights %s, without padding. %v", k.Name, p.Field, k.At)
	w.line("func %s(rows [][%d]float32, w *%s, from, to int) {\nfor i := from; i < to; i++ {\nfor p := range w {\ncopy(rows[i][16*p:], w[p][i+%d][:])\n}\n}\n}\n", k.Name, p.Out, blockType(p), p.Rows()-p.In)
}

// gram prints the products of a weight's columns with each other, and the sum that it is made of.
func (g *generator) gram(k *plan.Kernel, op *plan.Gram) {
	g.gradient(op.Gradient, 0)
	w, p := &g.kernels, op.Gradient.Param
	w.line("// %s sets the columns from to to-1 of g to those of WᵀW - I, for the rows of W, and of terms to %s times the sum of the squares of each. %v", k.Name, float(op.Strength), k.At)
	w.line("func %s(g *%s, terms *[%d]float32, rows [][%d]float32, from, to int) {\nfor ; from < to; from += 16 {\np := from / 16", k.Name, blockType(p), p.Out, p.Out)
	w.line("clear(g[p][:])\n%s(&g[p], p, rows, rows)\nvar sums [16]float64", gradientName(op.Gradient, 0))
	w.line("for i := range g[p] {\nrow := &g[p][i]\nif c := i - from; c >= 0 && c < 16 {\nrow[c]--\n}\nfor c, v := range row {\nsums[c] += float64(v) * float64(v)\n}\n}")
	w.line("for c, sum := range sums[:min(16, to-from)] {\nterms[from+c] = float32(%s * sum)\n}\n}\n}\n", float(op.Strength))
}

// printTerms prints what adds the terms of an update to the gradient of a panel, and returns the calls.
func (g *generator) printTerms(u *plan.Update) []string {
	var calls []string
	p := u.Param
	panel, first := fmt.Sprintf("[%d][%d]float32", p.Rows(), plan.Panel), p.Rows()-p.In
	for i, t := range u.Terms {
		name := fmt.Sprintf("term%sOf%s", map[bool]string{true: fmt.Sprint(i + 1)}[i > 0], title(p.Field))
		w := &g.kernels
		switch t := t.(type) {
		case *plan.ColumnTerm:
			w.line("// %s adds 2·w·by to panel p of a gradient, a column by its number. %v", name, u.At)
			w.line("func %s(g, w *%s, by *[%d]float32, p int) {\nvar b [16]float32\ncopy(b[:], by[16*p:])", name, panel, p.Out)
			w.line("for i := %d; i < %d; i++ {\nfor c, v := range w[i] {\ng[i][c] += 2 * v * b[c]\n}\n}\n}\n", first, p.Rows())
			calls = append(calls, fmt.Sprintf("%s(&t.g.%s[p], &t.w.%s[p], %s, p)", name, p.Field, p.Field, wholeOf(t.By)))
		case *plan.RowsTerm:
			w.line("// %s adds %s·rows to panel p of a gradient. %v", name, float(t.Factor), u.At)
			w.line("func %s(g *%s, rows [][%d]float32, p int) {\nfor i := range rows {\nto := &g[i+%d]\nfor c, v := range rows[i][16*p:min(16*p+16, %d)] {\nto[c&15] += %s * v\n}\n}\n}\n",
				name, panel, p.Out, first, p.Out, float(t.Factor))
			calls = append(calls, fmt.Sprintf("%s(&t.g.%s[p], %s, p)", name, p.Field, wholeOf(t.Rows)))
		default:
			panic(fmt.Sprintf("internal error: no Go source of %T", t))
		}
	}
	return calls
}

// printUnits prints what scales vectors of blocks to norm 1, and returns the tasks.
func (g *generator) printUnits() []task {
	var tasks []task
	for i, u := range g.p.Train.Units {
		p, name := u.Param, "unit"+title(u.Param.Field)
		if p.ByRow {
			tasks = append(tasks, g.unitRows(u))
			continue
		}
		w, first := &g.kernels, p.Rows()-p.In
		lanes, rows, where := "t[from/16][:]", fmt.Sprintf("w[p][from+%d : from+n+%d]", first, first), "w"
		if u.Unit == nn.UnitColumns {
			lanes, rows, where = fmt.Sprintf("w[from/16][%d:]", first), "t[p][from:from+n]", "t"
		}
		w.line("// %s scales the %v from to to-1 of the weights %s to norm 1, in the block and in its transposed copy. One of norm 0 stays. %v", name, u.Unit, p.Field, p.At)
		w.line("func %s(w *%s, t *%s, from, to int) {\nfor ; from < to; from += 16 {", name, blockType(p), transposedType(p))
		w.line("lanes, n := %s, min(16, to-from)\nby := unitFactors(lanes)\nscaleLanes(lanes, &by)\nfor p := range %s {\nscaleRows(%s, &by)\n}\n}\n}\n", lanes, where, rows)
		tasks = append(tasks, task{Name: fmt.Sprintf("unit%d", i), Doc: fmt.Sprintf("scales %v of %s to norm 1", u.Unit, p.Field), Body: fmt.Sprintf("%s(&t.w.%s, &t.wt.%s, from, to)", name, p.Field, p.Field),
			Range: fmt.Sprint(u.Vectors()), Split: split(u.Split)})
	}
	if len(tasks) > 0 && !g.p.Train.Units[0].Param.ByRow { // there is one decoder, and so one block whose vectors are scaled
		g.unitFunctions(g.p.Train.Units[0].Fast)
	}
	return tasks
}

// unitRows is the task that scales the rows of a block by rows to norm 1, where their updates could not.
func (g *generator) unitRows(u *plan.UnitNorm) task {
	p := u.Param
	for _, update := range g.p.Train.Updates {
		if update.Param == p {
			g.unitRow(update.Rows.Dot)
		}
	}
	return task{Name: "unit0", Doc: fmt.Sprintf("scales rows of %s to norm 1", p.Field), Range: fmt.Sprint(p.In), Split: split(u.Split),
		Body: fmt.Sprintf("for w := arena.Flat(&t.w.%s); from < to; from++ {\nunitRow(w[%d*from : %d*from+%d])\n}", p.Field, p.Out, p.Out, p.Out)}
}

// leastSquare is the square of nn.LeastNorm as assembly functions have it: that of a float32, in float64.
var leastSquare = float(float64(float32(nn.LeastNorm)) * float64(float32(nn.LeastNorm)))

// unitFunctions prints what scales 16 vectors.
func (g *generator) unitFunctions(f *plan.FastUnit) {
	g.math = true
	w, fast := &g.kernels, f != nil
	name := portable("unitFactors", fast)
	w.line("// %s are 1 over the norms of the columns of x. Squares are added in order, in float64. A norm counts as at least %s.", name, float(nn.LeastNorm))
	w.line("func %s(x [][16]float32) (by [16]float32) {\nvar sums [16]float64\nfor i := range x {\nfor c, v := range x[i] {\nsums[c] += float64(v) * float64(v)\n}\n}", name)
	w.line("for c, sum := range sums {\nby[c] = float32(1 / math.Sqrt(max(sum, %s)))\n}\nreturn by\n}\n", leastSquare)
	name = portable("scaleLanes", fast)
	w.line("// %s multiplies each column of x by its factor.", name)
	w.line("func %s(x [][16]float32, by *[16]float32) {\nfor i := range x {\nrow := &x[i]\nfor c := range row {\nrow[c] *= by[c]\n}\n}\n}\n", name)
	name = portable("scaleRows", fast)
	w.line("// %s multiplies each row of x, at most 16, by its factor.", name)
	w.line("func %s(x [][16]float32, by *[16]float32) {\nfor i := range x {\nrow, v := &x[i], by[i&15]\nfor c := range row {\nrow[c] *= v\n}\n}\n}\n", name)
	if !fast {
		return
	}
	factors := fmt.Sprintf("var by [16]float32\nif len(x) > 0 {\n%s(&by[0], &x[0][0], len(x))\n}\nreturn by\n", f.Factors.Name)
	scale := func(by *plan.Function) string {
		return fmt.Sprintf("if len(x) > 0 {\n%s(&x[0][0], &by[0], len(x))\n}\n", by.Name)
	}
	g.forms = append(g.forms, form{name: "unitFactors", parameters: "x [][16]float32", arguments: "x", result: " [16]float32", body: factors},
		form{name: "scaleLanes", parameters: "x [][16]float32, by *[16]float32", arguments: "x, by", body: scale(f.Lanes)},
		form{name: "scaleRows", parameters: "x [][16]float32, by *[16]float32", arguments: "x, by", body: scale(f.Rows)})
}
