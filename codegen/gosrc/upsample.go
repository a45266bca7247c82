package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

func (g *generator) upsample(k *plan.Kernel, op *plan.Upsample) {
	w, small, large, name := &g.kernels, op.Grid, op.Large(), portable(k.Name, op.Fast != nil)
	_, widths := plan.Widths(op)
	switch {
	case op.Bilinear:
		g.bilinear(k, op, name)
		return
	case op.Back: // sums of blocks
		p := &places{Window: op.Window(), name: name, rows: []string{"y", "x"}, widths: widths}
		sums(p, "")
		w.line("// %s sets y to the sums of the blocks of %d×%d positions of x that each of %v was repeated to. %v", name, op.FH, op.FW, small, k.At)
		p.print(w)
		if op.Fast != nil {
			g.fastPlaces(k.Name, op.Fast, p)
		}
		return
	}
	if op.Fast != nil {
		g.fastPlaces(k.Name, op.Fast, &places{Window: op.Window(), name: name, rows: []string{"y", "x"}, widths: widths})
	}
	row := large.W * large.C
	w.line("// %s repeats each position of x, %v, %d times down and %d times across. %v", name, small, op.FH, op.FW, k.At)
	w.line("func %s(%s) {\nfor len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]", name, gridParameters([]string{"y", "x"}, widths, "[]"))
	w.line("for iy := range %d {\nrow := (*[%d]float32)(y0[iy*%d:])", small.H, row, op.FH*row)
	w.line("for ix := range %d {\np := (*[%d]float32)(x0[(iy*%d+ix)*%d:])", small.W, small.C, small.W, small.C)
	for f := range op.FW {
		w.line("*(*[%d]float32)(row[%s:]) = *p", small.C, from(times("ix", op.FW*small.C), f*small.C))
	}
	w.line("}")
	for f := 1; f < op.FH; f++ {
		w.line("copy(y0[%s:], row[:])", from(times("iy", op.FH*row), f*row))
	}
	w.line("}\ny, x = y[1:], x[1:]\n}\n}\n")
}

// bilinear prints values between the four nearest positions of the small grid, or the derivative.
func (g *generator) bilinear(k *plan.Kernel, op *plan.Upsample, name string) {
	w, small, large := &g.kernels, op.Grid, op.Large()
	_, widths := plan.Widths(op)
	if op.Fast != nil {
		g.fastBilinear(k, op, widths)
	}
	rows := []string{"y", "x"}
	if op.Back {
		rows = []string{"y", "d"}
		w.line("// %s adds each value of d to the four values of y, %v, that it lay between, in the order of its positions. Elsewhere y is 0. %v", name, small, k.At)
	} else {
		w.line("// %s sets y, %v, to values between the four nearest of x, %v: positions are the centres of cells, and beyond the\n// outer centres values stay. %v", name, large, small, k.At)
	}
	w.line("func %s(%s) {\nfor len(y) > 0 && len(%s) > 0 {\ny0, %s0 := &y[0], &%s[0]", name, gridParameters(rows, widths, "[]"), rows[1], rows[1], rows[1])
	if op.Back {
		w.line("clear(y0[:])")
	}
	w.line("for oy := range %d {", large.H)
	between(w, "y", "oy", op.FH, small.H)
	w.line("for ox := range %d {", large.W)
	between(w, "x", "ox", op.FW, small.W)
	row := "x0"
	if op.Back {
		row = "y0"
	}
	for _, corner := range []string{"00", "01", "10", "11"} {
		w.line("p%s := (*[%d]float32)(%s[(iy%c*%d+ix%c)*%d:])", corner, small.C, row, corner[0], small.W, corner[1], small.C)
	}
	j := fmt.Sprintf("(*[%d]float32)(%s0[(oy*%d+ox)*%d:])", small.C, map[bool]string{false: "y", true: "d"}[op.Back], large.W, small.C)
	if op.Back {
		w.line("w00, w01, w10, w11 := (1-fy)*(1-fx), (1-fy)*fx, fy*(1-fx), fy*fx\nfor c, e := range %s {", j)
		for _, corner := range []string{"00", "01", "10", "11"} {
			w.line("p%s[c] += w%s * e", corner, corner)
		}
	} else {
		w.line("q := %s\nfor c := range q {\nup, low := p00[c]+(p01[c]-p00[c])*fx, p10[c]+(p11[c]-p10[c])*fx\nq[c] = up + (low-up)*fy", j)
	}
	w.line("}\n}\n}\ny, %s = y[1:], %s[1:]\n}\n}\n", rows[1], rows[1])
}

// between declares the two positions of a side of the small grid that a position of the large one lies between, i0 and i1, and how far it
// is from the first, as a part of their distance.
func between(w *writer, side, position string, factor, n int) {
	w.line("t%s := max(2*%s-%d, 0) // from the first centre, %d are a cell", side, position, factor-1, 2*factor)
	w.line("i%s0, f%s := t%s/%d, float32(t%s%%%d)*(1.0/%d)\ni%s1 := min(i%s0+1, %d)", side, side, side, 2*factor, side, 2*factor, 2*factor, side, side, n-1)
}

// concat prints the channels of several rows side by side.
func (g *generator) concat(k *plan.Kernel, op *plan.Concat) {
	w := &g.kernels
	_, widths := plan.Widths(op)
	rows, total := []string{"y"}, widths[0]/op.Positions
	for i := range op.Channels {
		rows = append(rows, fmt.Sprintf("x%d", i+1))
	}
	w.line("// %s sets y to the channels of its arguments side by side at each position. %v", k.Name, k.At)
	w.line("func %s(%s) {\nfor b := range min(len(%s)) {\ny0 := &y[b]", k.Name, gridParameters(rows, widths, "[]"), strings.Join(rows, "), len("))
	if op.Positions > 1 {
		w.line("for p := range %d {", op.Positions)
	}
	first := 0
	for i, c := range op.Channels {
		if op.Positions == 1 {
			w.line("*(*[%d]float32)(y0[%d:]) = x%d[b]", c, first, i+1)
		} else {
			w.line("*(*[%d]float32)(y0[%s:]) = *(*[%d]float32)(x%d[b][%s:])", c, from(times("p", total), first), c, i+1, times("p", c))
		}
		first += c
	}
	if op.Positions > 1 {
		w.line("}")
	}
	w.line("}\n}\n")
}

// channels prints the taking of some channels, or the putting back.
func (g *generator) channels(k *plan.Kernel, op *plan.Channels) {
	w, n := &g.kernels, op.To-op.From
	_, widths := plan.Widths(op)
	whole := from(times("p", op.Of), op.From)
	part := times("p", n)
	if op.Back {
		w.line("// %s sets channels %d to %d of y to d, and others to 0. %v", k.Name, op.From, op.To-1, k.At)
		w.line("func %s(%s) {\nfor b := range min(len(y), len(d)) {\nclear(y[b][:])\nfor p := range %d {", k.Name, gridParameters([]string{"y", "d"}, widths, "[]"), op.Positions)
		w.line("*(*[%d]float32)(y[b][%s:]) = *(*[%d]float32)(d[b][%s:])\n}\n}\n}\n", n, whole, n, part)
		return
	}
	w.line("// %s sets y to channels %d to %d of x. %v", k.Name, op.From, op.To-1, k.At)
	w.line("func %s(%s) {\nfor b := range min(len(y), len(x)) {\nfor p := range %d {", k.Name, gridParameters([]string{"y", "x"}, widths, "[]"), op.Positions)
	w.line("*(*[%d]float32)(y[b][%s:]) = *(*[%d]float32)(x[b][%s:])\n}\n}\n}\n", n, part, n, whole)
}
