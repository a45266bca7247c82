package gosrc

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// tapProduct is a kernel that goes over the positions of a grid, printed as a function over samples.
type tapProduct struct {
	*writer
	*plan.TapProduct
	name         string
	value, slope string // functions of a sum, and of an entry of `at`, or ""
}

func (g *generator) tapProduct(k *plan.Kernel, op *plan.TapProduct) {
	p := &tapProduct{writer: &g.kernels, TapProduct: op, name: portable(k.Name, op.Fast != nil), value: g.value(op.Activation), slope: g.slope(op.Slope)}
	start := "0"
	if op.Bias != nil {
		start = "the bias"
	}
	p.line("// %s computes %s for each sample, up to the shortest argument. %v", p.name, p.formula(), k.At)
	p.line("// Each sum starts from %s and takes the taps, and the values of x under each, in order.", start)
	p.line("func %s(%s) {", p.name, p.parameters())
	p.line("for len(y) > 0 && len(x) > 0%s {\ny0, x0%s := &y[0], &x[0]%s", p.with(" && len(at) > 0"), p.with(", at0"), p.with(", &at[0]"))
	for i, l := range op.Lattices {
		p.lattice(i, l)
	}
	p.line("y, x%s = y[1:], x[1:]%s\n}\n}\n", p.with(", at"), p.with(", at[1:]"))
	for i, l := range op.Lattices {
		p.table(i, l)
	}
	if op.Fast != nil {
		g.fastTapProduct(p)
	}
}

// with is text for a kernel that multiplies by slopes, else nothing.
func (p *tapProduct) with(text string) string {
	if p.slope == "" {
		return ""
	}
	return text
}

func (p *tapProduct) formula() string {
	sum := "Σ x·w"
	if p.Bias != nil {
		sum += " + b"
	}
	switch {
	case p.slope != "":
		return fmt.Sprintf("y = (%s) ⊙ %s'(at)", sum, p.Slope.Func.Name())
	case p.Activation.Func != nn.Identity:
		return fmt.Sprintf("y = %s(%s)", p.Activation.Func.Name(), sum)
	}
	return "y = " + sum
}

// own reports whether the biases are the first rows of the weights' block.
func (p *tapProduct) own() bool { return p.Bias == p.Weights && !p.Transposed }

func (p *tapProduct) parameters() string {
	text := fmt.Sprintf("y [][%d]float32, x [][%d]float32, ", p.To, p.From)
	text += p.with(fmt.Sprintf("at [][%d]float32, ", p.To))
	if p.Bias != nil && !p.own() {
		text += fmt.Sprintf("b *%s, ", blockType(p.Bias))
	}
	if p.Transposed {
		return text + "w *" + transposedType(p.Weights)
	}
	return text + "w *" + blockType(p.Weights)
}

// arguments are those of parameters.
func (p *tapProduct) arguments() string {
	text := "y, x, " + p.with("at, ")
	if p.Bias != nil && !p.own() {
		text += "b, "
	}
	return text + "w"
}

// firstRow is the row of a panel that belongs to input 0.
func (p *tapProduct) firstRow() int {
	if p.Transposed {
		return 0
	}
	return p.Weights.Rows() - p.Weights.In
}

// tableName is the table of a lattice's taps.
func (p *tapProduct) tableName(i int) string {
	return fmt.Sprintf("%sTaps%d", strings.TrimSuffix(p.name, "Go"), i)
}

// table prints the taps of a lattice.
func (p *tapProduct) table(i int, l plan.Lattice) {
	if len(l.Taps) == 0 {
		return
	}
	what := "the row of weights that its first value meets"
	if p.Transposed {
		what = "the number of its first panel"
	}
	p.line("// %s are the taps of %d×%d positions: where each starts behind a position's place in x, and %s.", p.tableName(i), l.Rows, l.Cols, what)
	var rows []string
	for _, t := range l.Taps {
		w := t.W + p.firstRow()
		if p.Transposed {
			w = t.W * p.Weights.CopyPanels() / p.Weights.Taps()
		}
		rows = append(rows, fmt.Sprintf("{%d, %d}", t.X, w))
	}
	p.line("var %s = [...][2]int{%s}\n", p.tableName(i), strings.Join(rows, ", "))
}

// lattice prints the loops over the positions of a lattice.
func (p *tapProduct) lattice(i int, l plan.Lattice) {
	p.line("for r := range %d {\nfor c := range %d {", l.Rows, l.Cols)
	p.line("to, from := %s, %s", offset(l.Y, l.YRow, l.YCol), offset(l.X, l.XRow, l.XCol))
	if len(l.Taps) == 0 {
		p.line("_ = from")
	}
	per := p.Outs / p.Groups
	switch {
	case p.Dots:
		p.line("for o := range %d {", p.Outs)
		p.dots(i, l)
		p.line("}")
	case p.Groups > 1:
		p.line("for o := range %d {", p.Outs)
		p.grouped(i, l)
		p.line("}")
	default:
		if full := per / 4 * 4; full > 0 {
			p.line("for o := 0; o < %d; o += 4 {", full)
			p.columns(i, l, 4, "o")
			p.line("}")
		}
		if rest := per % 4; rest > 0 {
			p.line("{ // the last ones")
			p.columns(i, l, rest, fmt.Sprint(per-rest))
			p.line("}")
		}
	}
	p.line("}\n}")
}

// offset is first + r·row + c·col as Go source.
func offset(first, row, col int) string { return fmt.Sprintf("%d + r*%d + c*%d", first, row, col) }

// columns prints the sums of n channels from channel o on.
func (p *tapProduct) columns(i int, l plan.Lattice, n int, o string) {
	start := func(j int) string {
		switch {
		case p.Bias == nil:
			return "float32(0)"
		case p.own():
			return fmt.Sprintf("w[%s][0][(%s+%d)&15]", panelNumber(o), o, j)
		}
		return fmt.Sprintf("b[%s][0][(%s+%d)&15]", panelNumber(o), o, j)
	}
	for j := range n {
		p.line("s%d := %s", j, start(j))
	}
	if len(l.Taps) > 0 {
		p.line("for _, tap := range &%s {", p.tableName(i))
		if p.Transposed {
			p.line("rows := w[tap[1]+%s][:%d]", panelNumber(o), l.Len)
		} else {
			p.line("rows := w[%s][tap[1]:][:%d]", panelNumber(o), l.Len)
		}
		p.line("for i, v := range x0[from+tap[0]:][:%d] {\nrow := &rows[i]", l.Len)
		for j := range n {
			p.line("s%d += v * row[(%s+%d)&15]", j, o, j)
		}
		p.line("}\n}")
	}
	for j := range n {
		p.line("y0[to+%s+%d] = %s", o, j, p.store(fmt.Sprintf("s%d", j), fmt.Sprintf("to+%s+%d", o, j)))
	}
}

// dots prints the sum of channel o by a row of the copy for each panel of inputs.
func (p *tapProduct) dots(i int, l plan.Lattice) {
	p.line("s := b[0][0][o]\nfor _, tap := range &%s {\nxs := x0[from+tap[0]:][:%d]", p.tableName(i), l.Len)
	p.line("for q := range %d {\nrow := &w[tap[1]+q][o]\nfor i, v := range xs[16*q:][:16] {\ns += v * row[i]\n}\n}\n}", l.Len/plan.Panel)
	p.line("y0[to+o] = %s", p.store("s", "to+o"))
}

// panelNumber is that of the panel of output o, a number or a variable.
func panelNumber(o string) string {
	if n, err := strconv.Atoi(o); err == nil {
		return strconv.Itoa(n / plan.Panel)
	}
	return o + "/16"
}

// quotient and remainder are those of a division by n as Go source.
func quotient(x string, n int) string {
	if n == 1 {
		return x
	}
	return fmt.Sprintf("%s / %d", x, n)
}

func remainder(x string, n int) string {
	if n == 1 {
		return "0"
	}
	return fmt.Sprintf("%s %% %d", x, n)
}

// grouped prints the sum of channel o.
func (p *tapProduct) grouped(i int, l plan.Lattice) {
	per := p.Outs / p.Groups
	switch {
	case p.Bias == nil:
		p.line("s := float32(0)")
	case p.own():
		p.line("s := w[o/16][0][o&15]")
	default:
		p.line("s := b[o/16][0][o&15]")
	}
	if len(l.Taps) > 0 {
		p.line("group := %s", quotient("o", per))
		p.line("for _, tap := range &%s {", p.tableName(i))
		if p.Transposed {
			p.line("own := %s\nrows := w[tap[1]+own/16][group*%d:][:%d]", remainder("o", per), l.Len, l.Len)
			p.line("for i, v := range x0[from+tap[0]+group*%d:][:%d] {\ns += v * rows[i][own&15]\n}", l.Len, l.Len)
		} else {
			p.line("rows := w[o/16][tap[1]:][:%d]", l.Len)
			p.line("for i, v := range x0[from+tap[0]+group*%d:][:%d] {\ns += v * rows[i][o&15]\n}", l.Len, l.Len)
		}
		p.line("}")
	}
	p.line("y0[to+o] = %s", p.store("s", "to+o"))
}

// store is what becomes of a finished sum.
func (p *tapProduct) store(sum, at string) string {
	switch {
	case p.value != "":
		return fmt.Sprintf("%s(%s)", p.value, sum)
	case p.slope != "":
		return fmt.Sprintf("%s * %s(at0[%s])", sum, p.slope, at)
	}
	return sum
}

// halo prints the copy of a grid into a larger one.
func (g *generator) halo(k *plan.Kernel, op *plan.Halo) {
	_, n := plan.Widths(op)
	w, row := &g.kernels, op.Grid.W*op.Grid.C
	wide := row + (op.Left+op.Right)*op.Grid.C
	w.line("// %s sets y to x, %v, with positions of zeros around: %d above, %d at the left, %d below, %d at the right. %v", k.Name, op.Grid, op.Top, op.Left, op.Bottom, op.Right, k.At)
	w.line("func %s(y [][%d]float32, x [][%d]float32) {\nfor len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]", k.Name, n[0], n[1])
	if op.Top > 0 {
		w.line("clear(y0[:%d])", op.Top*wide)
	}
	w.line("for r := range %d {\nto := y0[%d+r*%d:][:%d]", op.Grid.H, op.Top*wide, wide, wide)
	if op.Left > 0 {
		w.line("clear(to[:%d])", op.Left*op.Grid.C)
	}
	w.line("copy(to[%d:], x0[r*%d:][:%d])", op.Left*op.Grid.C, row, row)
	if op.Right > 0 {
		w.line("clear(to[%d:])", op.Left*op.Grid.C+row)
	}
	w.line("}")
	if op.Bottom > 0 {
		w.line("clear(y0[%d:])", (op.Top+op.Grid.H)*wide)
	}
	w.line("y, x = y[1:], x[1:]\n}\n}\n")
}

// tapGradient prints the kernel of one pair of the gradient of a convolution's weight, or of a bias alone.
func (g *generator) tapGradient(u *plan.Update, i int) {
	w, p, pair := &g.kernels, u.Param, u.Pairs[i]
	t := pair.Taps
	bias := i == 0 && p.Bias != ""
	name := portable(gradientName(u, i), t.Fast != nil)
	w.line("// %s adds panel p of %s over positions to g, samples, rows and columns in order. %v", name, gradientFormula(pair, bias), u.At)
	args := fmt.Sprintf("d [][%d]float32", pair.D.Width)
	if pair.A != nil {
		args = fmt.Sprintf("x [][%d]float32, ", pair.A.Width) + args
	}
	args = fmt.Sprintf("g *[%d][%d]float32, p int, %s", p.Rows(), plan.Panel, args)
	w.line("func %s(%s) {", name, args)
	if t.Fast != nil {
		g.fastTapGradient(u, i, args, bias)
	}
	table := gradientName(u, i) + "Taps"
	w.line("channels := min(16, %d-16*p)", t.Outs)
	more, heads, tails := "len(d) > 0", "d0 := &d[0]", "d = d[1:]"
	if pair.A != nil {
		more, heads, tails = more+" && len(x) > 0", "x0, d0 := &x[0], &d[0]", "x, d = x[1:], d[1:]"
	}
	w.line("for %s {\n%s", more, heads)
	if bias {
		l := t.Bias
		w.line("for r := range %d {\nfor c := range %d {\nfor o, v := range d0[%s+16*p:][:channels] {\ng[0][o&15] += v\n}\n}\n}", l.Rows, l.Cols, offset(l.Y, l.YRow, l.YCol))
	}
	if pair.A != nil {
		var rows []string
		for _, tap := range t.Taps {
			rows = append(rows, fmt.Sprintf("{%d, %d, %d}", tap.A, tap.D, tap.W+p.Rows()-p.In))
		}
		w.line("for r := range %d {\nfor c := range %d {\nfrom, of := r*%d+c*%d, r*%d+c*%d+16*p", t.Rows, t.Cols, t.ARow, t.ACol, t.DRow, t.DCol)
		w.line("for _, tap := range &%s {\nds := d0[of+tap[1]:][:channels]", table)
		if t.Groups > 1 {
			w.line("for o, v := range ds {\na := x0[from+tap[0]+%s*%d:][:%d]\nfor i, u := range a {\ng[tap[2]+i][o&15] += u * v\n}\n}", quotient("(16*p+o)", t.Outs/t.Groups), t.Len, t.Len)
		} else {
			w.line("for i, u := range x0[from+tap[0]:][:%d] {\nto := &g[tap[2]+i]\nfor o, v := range ds {\nto[o&15] += u * v\n}\n}", t.Len)
		}
		w.line("}\n}\n}")
		w.line("%s\n}\n}\n\n// %s are the taps of %s: where each starts in x and in d behind a position's place, and its first row of the weight.\nvar %s = [...][3]int{%s}\n",
			tails, table, name, table, strings.Join(rows, ", "))
		return
	}
	w.line("%s\n}\n}\n", tails)
}

// transposeTaps prints the function that copies one panel of a convolution's block into the transposed copy, tap by tap.
func (g *generator) transposeTaps(p *plan.Param) {
	w, first, per := &g.kernels, p.Rows()-p.In, p.In/p.Taps()
	w.line("// %s copies panel p of %s into its transposed copy, the panels of each tap for themselves. %v", transposeName(p), p.Field, p.At)
	w.line("func %s(t *%s, w *[%d][%d]float32, p int) {", transposeName(p), transposedType(p), p.Rows(), plan.Panel)
	w.line("for tap := range %d {\nfor i := range %d {\nfrom, to := &w[tap*%d+i+%d], &t[tap*%d+i/16]", p.Taps(), per, per, first, p.CopyPanels()/p.Taps())
	w.line("for c := range min(16, %d-16*p) {\nto[16*p+c][i&15] = from[c&15]\n}\n}\n}\n}\n", p.Out)
}

// fastTapProduct is the form of a product of taps by assembly functions.
func (g *generator) fastTapProduct(p *tapProduct) {
	w, f := &writer{}, p.Fast
	w.line("n := min(len(y), len(x)%s)\nfor i := range n {\ny0, x0%s := &y[i], &x[i]%s", p.with(", len(at)"), p.with(", at0"), p.with(", &at[i]"))
	for i, l := range p.Lattices {
		if f.Strips[i] != nil {
			w.line("for p := range %d {", f.Full)
			p.rowsOf(w, f.Strips[i], l, f.Rows[i], fmt.Sprintf("%d*p", f.Panels), fmt.Sprintf("%d*p", f.Panels*plan.Panel))
			w.line("}")
		}
		if f.Ends[i] != nil {
			done := f.Full * f.Panels
			p.rowsOf(w, f.Ends[i], l, f.Rows[i], fmt.Sprint(done), fmt.Sprint(done*plan.Panel))
		}
	}
	w.line("}")
	g.forms = append(g.forms, form{name: strings.TrimSuffix(p.name, "Go"), parameters: p.parameters(), arguments: p.arguments(), body: w.b.String()})
}

// rowsOf calls a function for the rows of a lattice, from panel and column on.
func (p *tapProduct) rowsOf(w *writer, f *plan.Function, l plan.Lattice, most int, panel, column string) {
	call := func(r, n string) {
		at := func(first, row int) string {
			if r == "" {
				return fmt.Sprint(first)
			}
			return fmt.Sprintf("%d+%d*%s", first, row, r)
		}
		args := []string{fmt.Sprintf("&y0[%s+%s]", at(l.Y, l.YRow), column)}
		if p.slope != "" {
			args = append(args, fmt.Sprintf("&at0[%s+%s]", at(l.Y, l.YRow), column))
		}
		args = append(args, fmt.Sprintf("&x0[%s]", at(l.X, l.XRow)))
		switch {
		case p.Dots:
			w.line("%s(%s, &b[0][0][0], &w[0][0][0], %s)", f.Name, strings.Join(args, ", "), n)
			return
		case p.Bias == nil:
		case p.own():
			args = append(args, address("w", panel, 0, 0))
		default:
			args = append(args, address("b", panel, 0, 0))
		}
		w.line("%s(%s, %s)", f.Name, strings.Join(append(args, address("w", panel, p.firstRow(), 0)), ", "), n)
	}
	if l.Rows <= most {
		call("", fmt.Sprint(l.Rows))
		return
	}
	w.line("for r := 0; r < %d; r += %d {", l.Rows, most)
	call("r", fmt.Sprintf("min(%d, %d-r)", most, l.Rows))
	w.line("}")
}

// fastTapGradient is the form of the gradient of a convolution's weight by assembly functions.
func (g *generator) fastTapGradient(u *plan.Update, i int, args string, bias bool) {
	w, t := &writer{}, u.Pairs[i].Taps
	lines := func(rows, most int, call func(r, n string)) {
		if rows <= most {
			call("0", fmt.Sprint(rows))
			return
		}
		w.line("for r := 0; r < %d; r += %d {", rows, most)
		call("r", fmt.Sprintf("min(%d, %d-r)", most, rows))
		w.line("}")
	}
	w.line("channels := min(16, %d-16*p)\nfor b := range d {", t.Outs)
	if bias {
		lines(t.Bias.Rows, t.Fast.BiasLines, func(r, n string) {
			w.line("%s(&g[0][0], nil, &d[b][%d+%d*%s+16*p], %s, %d, channels, 0, 1)", t.Fast.Bias.Name, t.Bias.Y, t.Bias.YRow, r, n, t.Bias.YCol)
		})
	}
	if t.Fast.Sums != nil {
		w.line("for _, tap := range &%sTaps {", gradientName(u, i))
		lines(t.Rows, t.Fast.Lines, func(r, n string) {
			w.line("%s(&g[tap[2]][0], &x[b][tap[0]+%d*%s], &d[b][tap[1]+%d*%s+16*p], %s, %d, channels, %d, 2)", t.Fast.Sums.Name, t.ARow, r, t.DRow, r, n, t.DCol, t.Len/t.Fast.Sums.Op.(*plan.Gradient).Rows)
		})
		w.line("}")
	}
	w.line("}")
	arguments := "g, p, x, d"
	if u.Pairs[i].A == nil {
		arguments = "g, p, d"
	}
	g.forms = append(g.forms, form{name: gradientName(u, i), parameters: args, arguments: arguments, body: w.b.String()})
}
