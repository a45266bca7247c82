package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// gradient prints the kernel of one pair of an update: the part of a weight's gradient that x and d make. Those behind the second are its.
func (g *generator) gradient(u *plan.Update, i int) {
	if i > 1 {
		return
	}
	w, p, pair := &g.kernels, u.Param, u.Pairs[i]
	if pair.Taps != nil {
		g.tapGradient(u, i)
		return
	}
	bias := i == 0 && p.Bias != ""
	panel := fmt.Sprintf("[%d][%d]float32", p.Rows(), plan.Panel)
	fast := u.Fast != nil && pair.A != nil
	name := portable(gradientName(u, i), fast)
	w.line("// %s adds panel p of %s to g, the samples in order. %v", name, gradientFormula(pair, bias), u.At)
	args := fmt.Sprintf("d [][%d]float32", p.Out)
	if pair.A != nil {
		args = fmt.Sprintf("x [][%d]float32, ", p.In) + args
	}
	args = fmt.Sprintf("g *%s, p int, %s", panel, args)
	w.line("func %s(%s) {", name, args)
	if fast {
		g.fastGradient(u, i, args)
	}
	if pair.A == nil && p.Out <= plan.Panel {
		g.columnSums(p.Out, u.Tile.Cols)
		return
	}
	w.line("var rows [%d][%d]float32 // of d, the panel's columns", u.Gather, plan.Panel)
	more, rest := "len(d) > 0", "d = d[n:]"
	if pair.A != nil {
		more, rest = more+" && len(x) > 0", "x, d = x[n:], d[n:]"
	}
	w.line("for %s {", more)
	w.line("n := min(%d, len(d)%s)", u.Gather, map[bool]string{true: ", len(x)"}[pair.A != nil])
	w.line("for b := 0; b < n && b < %d && b < len(d); b++ {\nfor c := range %d {", u.Gather, plan.Panel)
	w.line("rows[b][c] = 0\nif i := %d*p + c; i >= 0 && i < %d {\nrows[b][c] = d[b][i]\n}\n}\n}", plan.Panel, p.Out)
	if bias {
		w.line("for b := 0; b < n && b < %d; b++ {\nfor c := range %d {\ng[0][c] += rows[b][c]\n}\n}", u.Gather, plan.Panel)
	}
	if pair.A != nil {
		g.gradientTiles(u)
	}
	w.line("%s\n}\n}\n", rest)
}

// columnSums prints the sums of the columns of a lone panel, cols at a time.
func (g *generator) columnSums(out, cols int) {
	w := &g.kernels
	for c := 0; c < out; c += cols {
		n, first := min(cols, out-c), fmt.Sprint(c)
		w.line("{\n%s := %s", each(n, ", ", "s#"), entries(n, "g[0]", first))
		w.line("for i := range d {\nd0 := &d[i]")
		for j := range n {
			w.line("s%d += d0[%d]", j, c+j)
		}
		w.line("}\n%s = %s\n}", entries(n, "g[0]", first), each(n, ", ", "s#"))
	}
	w.line("}\n")
}

// gradientTiles prints the register tiles of a weight's gradient: Rows inputs by Cols outputs over the gathered samples.
func (g *generator) gradientTiles(u *plan.Update) {
	w, p, tile := &g.kernels, u.Param, u.Tile
	full := p.In / tile.Rows * tile.Rows
	if full > 0 {
		w.line("for i := 0; i <= %d; i += %d {", full-tile.Rows, tile.Rows)
		g.gradientColumns(u, tile.Rows, "i")
		w.line("}")
	}
	for i := full; i < p.In; i++ {
		g.gradientColumns(u, 1, fmt.Sprint(i))
	}
}

// gradientColumns prints the tiles of all columns for rows inputs from input i on.
// Columns beyond Out of a lone panel stay 0 and need no sums.
func (g *generator) gradientColumns(u *plan.Update, rows int, i string) {
	used, cols := min(u.Param.Out, plan.Panel), min(u.Tile.Cols, plan.Panel)
	whole := min((used+cols-1)/cols, plan.Panel/cols) * cols
	g.kernels.line("for c := 0; c <= %d; c += %d {", whole-cols, cols)
	g.gradientTile(u, rows, cols, i, "c")
	g.kernels.line("}")
	if whole < used {
		g.kernels.line("{ // the last %d of the panel", plan.Panel-whole)
		g.gradientTile(u, rows, plan.Panel-whole, i, fmt.Sprint(whole))
		g.kernels.line("}")
	}
}

// gradientTile prints the sums of rows inputs from input i on by cols columns from column c on.
func (g *generator) gradientTile(u *plan.Update, rows, cols int, i, c string) {
	w, first := &g.kernels, u.Param.Rows()-u.Param.In
	for r := range rows {
		w.line("%s := %s", each(cols, ", ", fmt.Sprintf("s%d#", r)), entries(cols, "g["+plus(i, r+first)+"]", c))
	}
	w.line("for b := 0; b < n && b < %d && b < len(x); b++ {", u.Gather)
	w.line("%s := %s", each(cols, ", ", "d#"), entries(cols, "rows[b]", c))
	for r := range rows {
		w.line("v%d := x[b][%s]", r, plus(i, r))
		for j := range cols {
			w.line("s%d%d += v%d * d%d", r, j, r, j)
		}
	}
	w.line("}")
	for r := range rows {
		w.line("%s = %s", entries(cols, "g["+plus(i, r+first)+"]", c), each(cols, ", ", fmt.Sprintf("s%d#", r)))
	}
}

// gradientName is the kernel of a pair: the first may have biases, and all others are one.
func gradientName(u *plan.Update, i int) string {
	name := "gradient" + title(u.Param.Field)
	if i > 0 {
		name += "Weights"
	}
	return name
}

func gradientFormula(p plan.Pair, bias bool) string {
	switch {
	case p.A == nil:
		return "Σ d"
	case bias:
		return "Σ d (row 0) and xᵀ·d"
	}
	return "xᵀ·d"
}
