package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// transposes prints the functions that keep transposed copies: by assembly where there is an update, which calls them often.
func (g *generator) transposes() {
	updates := map[*plan.Param]*plan.Update{}
	for _, u := range g.p.Train.Updates {
		if updates[u.Param] = u; u.Param.Transposed {
			g.shared(transposeName(u.Param), func() { g.transpose(u.Param, u) })
		}
	}
	for _, p := range g.p.Params {
		if p.Transposed && updates[p] == nil {
			g.shared(transposeName(p), func() { g.transpose(p, nil) })
		}
	}
}

// transpose prints the function that copies one panel of a block into the block's transposed copy. U is the block's update, or nil.
func (g *generator) transpose(p *plan.Param, u *plan.Update) {
	if p.Kernel != nil {
		g.transposeTaps(p)
		return
	}
	w, first := &g.kernels, p.Rows()-p.In
	fast := u != nil && u.Fast != nil
	parameters := fmt.Sprintf("t *%s, w *[%d][%d]float32, p int", transposedType(p), p.Rows(), plan.Panel)
	w.line("// %s copies panel p of %s into its transposed copy. %v", transposeName(p), p.Field, p.At)
	w.line("func %s(%s) {", portable(transposeName(p), fast), parameters)
	full, rest := p.In/plan.Panel, p.In%plan.Panel
	if full > 0 {
		w.line("in := w[%d:]\nfor q := range %d {", first, full)
		w.line("if len(in) < %d {\nbreak\n}\nrows, to := (*[%d][%d]float32)(in), &t[q]", plan.Panel, plan.Panel, plan.Panel)
		g.transposeColumns(p, "to", "rows[i][c]", plan.Panel)
		w.line("in = in[%d:]\n}", plan.Panel)
	}
	if rest > 0 {
		w.line("to := &t[%d]", full)
		g.transposeColumns(p, "to", fmt.Sprintf("w[i+%d][c]", full*plan.Panel+first), rest)
	}
	w.line("}\n")
	if fast {
		g.fastTranspose(u, parameters)
	}
}

// transposeColumns prints the copy of the panel's columns for n inputs. Columns without an output are passed over.
func (g *generator) transposeColumns(p *plan.Param, to, from string, n int) {
	w := &g.kernels
	w.line("for c := range %d {\nout := %d*p + c\nif out < 0 || out >= %d {\nbreak\n}", plan.Panel, plan.Panel, p.Out)
	w.line("row := &%s[out]\nfor i := range %d {\nrow[i] = %s\n}\n}", to, n, from)
}

func transposeName(p *plan.Param) string { return fmt.Sprintf("transpose%s", title(p.Field)) }
