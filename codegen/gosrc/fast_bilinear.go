package gosrc

import "github.com/aegen/aegen/compiler/plan"

// fastBilinear is the form of a bilinear upsampling, or its derivative, by its assembly function: a row of the large grid at a time. On the way
// back rows beside an outermost one are all of that, and the other row gets nothing.
func (g *generator) fastBilinear(k *plan.Kernel, op *plan.Upsample, widths []int) {
	w, small, large := &writer{}, op.Grid.W*op.Grid.C, op.Large().W*op.Grid.C
	rows := []string{"y", "x"}
	if op.Back {
		rows = []string{"y", "d"}
	}
	w.line("for b := range min(len(y), len(%s)) {\ny0, %s0 := &y[b], &%s[b]", rows[1], rows[1], rows[1])
	if op.Back {
		w.line("clear(y0[:])")
	}
	w.line("for oy := range %d {", op.Large().H)
	between(w, "y", "oy", op.FH, op.Grid.H)
	if op.Back {
		w.line("if iy0 == iy1 {\niy1, fy = iy0-1, 0\n}")
		w.line("%s(&y0[iy0*%d], &y0[iy1*%d], &d0[oy*%d], fy)", op.Fast.Name, small, small, large)
	} else {
		w.line("%s(&y0[oy*%d], &x0[iy0*%d], &x0[iy1*%d], fy)", op.Fast.Name, large, small, small)
	}
	w.line("}\n}")
	g.forms = append(g.forms, form{name: k.Name, parameters: gridParameters(rows, widths, "[]"), arguments: "y, " + rows[1], body: w.b.String()})
}
