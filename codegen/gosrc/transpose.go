package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// transpose prints the function that copies one panel of a block into the block's transposed copy.
func (g *generator) transpose(p *plan.Param) {
	w, first := &g.kernels, p.Rows()-p.In
	w.line("// %s copies panel p of %s into its transposed copy. %v", transposeName(p), p.Field, p.At)
	w.line("func %s(t *%s, w *[%d][%d]float32, p int) {", transposeName(p), transposedType(p), p.Rows(), plan.Panel)
	w.line("for c := range %d {\nout := %d*p + c\nif out >= %d {\nbreak\n}", plan.Panel, plan.Panel, p.Out)
	if full := p.In / plan.Panel; full > 0 {
		w.line("for q := range %d {\nrow := &t[q][out]", full)
		w.line("for i := range row {\nrow[i] = w[%d*q+i+%d][c]\n}\n}", plan.Panel, first)
	}
	if rest := p.In % plan.Panel; rest > 0 {
		w.line("row := &t[%d][out]\nfor i := range %d {\nrow[i] = w[i+%d][c]\n}", p.In/plan.Panel, rest, p.In/plan.Panel*plan.Panel+first)
	}
	w.line("}\n}\n")
}

func transposeName(p *plan.Param) string { return fmt.Sprintf("transpose%s", title(p.Field)) }
