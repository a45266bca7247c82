package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// unrolledTaps bounds the taps of a window that are written one beside the other.
const unrolledTaps = 9

// A places is the printing of a kernel that goes over the places of a window. A place whose taps are all inside of the grid is computed
// where the loops are; others, and those of many taps, by a function of one place.
type places struct {
	nn.Window
	name     string   // of the kernel
	rows     []string // names of its arguments, the one that is written first
	widths   []int
	clear    bool   // whether a sample begins with 0
	inside   string // the statements of a place that is inside, at i of In and j of Out, or ""
	anywhere string // those of any place
}

// print writes the kernel.
func (p *places) print(w *writer) {
	heads, tails, lens := make([]string, len(p.rows)), make([]string, len(p.rows)), make([]string, len(p.rows))
	for i, r := range p.rows {
		heads[i], tails[i], lens[i] = "&"+r+"[0]", r+"[1:]", fmt.Sprintf("len(%s) > 0", r)
	}
	w.line("func %s(%s) {\nfor %s {", p.name, gridParameters(p.rows, p.widths, "[]"), strings.Join(lens, " && "))
	w.line("%s := %s", strings.Join(suffixed(p.rows, "0"), ", "), strings.Join(heads, ", "))
	if p.clear {
		w.line("clear(y0[:])")
	}
	at := fmt.Sprintf("%sAt(%s, oy, ox)", p.name, strings.Join(suffixed(p.rows, "0"), ", "))
	inside := p.Inside()
	loops := p.inside == "" || p.Taps() > unrolledTaps || inside.None()
	w.line("for oy := range %d {\nfor ox := range %d {", p.Out.H, p.Out.W)
	if loops {
		w.line("%s\n}\n}", at)
	} else {
		var outside []string
		for _, c := range []struct {
			outside bool
			text    string
		}{{inside.Top > 0, fmt.Sprintf("oy < %d", inside.Top)}, {inside.Bottom < p.Out.H, fmt.Sprintf("oy >= %d", inside.Bottom)},
			{inside.Left > 0, fmt.Sprintf("ox < %d", inside.Left)}, {inside.Right < p.Out.W, fmt.Sprintf("ox >= %d", inside.Right)}} {
			if c.outside {
				outside = append(outside, c.text)
			}
		}
		if loops = len(outside) > 0; loops {
			w.line("if %s {\n%s\ncontinue\n}", strings.Join(outside, " || "), at)
		}
		w.line("i, j := (%s*%d+%s)*%d, (oy*%d+ox)*%d", minus(times("oy", p.SH), p.Top), p.In.W, minus(times("ox", p.SW), p.Left), p.In.C, p.Out.W, p.Out.C)
		w.line("%s\n}\n}", p.inside)
	}
	w.line("%s = %s\n}\n}\n", strings.Join(p.rows, ", "), strings.Join(tails, ", "))
	if loops {
		w.line("// %sAt is one place of %s.", p.name, p.name)
		w.line("func %sAt(%s, oy, ox int) {\nj := (oy*%d+ox)*%d\n%s\n}\n", p.name, gridParameters(suffixed(p.rows, "0"), p.widths, "*"), p.Out.W, p.Out.C, p.anywhere)
	}
}

// gridParameters declares rows, those of equal width together.
func gridParameters(names []string, widths []int, prefix string) string {
	var list []string
	for i, n := range names {
		if i+1 < len(names) && widths[i] == widths[i+1] {
			list = append(list, n)
			continue
		}
		list = append(list, fmt.Sprintf("%s %s[%d]float32", n, prefix, widths[i]))
	}
	return strings.Join(list, ", ")
}

// times is a product by a constant, without a factor of 1.
func times(name string, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s*%d", name, n)
}

// minus is a difference, without one of 0; in brackets where it has two terms.
func minus(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("(%s-%d)", name, n)
}

// taps calls do with the number and the distance in In of each tap from the first one.
func taps(w nn.Window, do func(t, offset int)) {
	for t := range w.Taps() {
		do(t, w.Offset(t))
	}
}

// channels are the statements of all channels of a place: those of channel c.
func channels(n int, body string) string {
	if n == 1 {
		return "const c = 0\n" + body
	}
	return fmt.Sprintf("for c := range %d {\n%s\n}", n, body)
}

// tapped declares p0, p1, …: the channels of a row under each tap.
func tapped(w nn.Window, row string) string {
	var lines []string
	taps(w, func(t, offset int) {
		lines = append(lines, fmt.Sprintf("p%d := (*[%d]float32)(%s[%s:])", t, w.In.C, row, from("i", offset)))
	})
	return strings.Join(lines, "\n")
}

// from is an index so far behind another.
func from(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s+%d", name, n)
}

// overTaps is a loop over the taps of place (oy, ox) that are inside, with i the first channel under each.
func overTaps(w nn.Window, body string) string {
	y, x := minus(times("oy", w.SH), w.Top)+"+"+times("ky", w.DH), minus(times("ox", w.SW), w.Left)+"+"+times("kx", w.DW)
	check := func(name string, n, out, k, stride, dilation, before int) string {
		if before == 0 && (out-1)*stride+nn.Reach(k, dilation) <= n {
			return ""
		}
		return fmt.Sprintf("if %s < 0 || %s >= %d {\ncontinue\n}\n", name, name, n)
	}
	return fmt.Sprintf("for ky := range %d {\niy := %s\n%sfor kx := range %d {\nix := %s\n%si := (iy*%d + ix) * %d\n%s\n}\n}",
		w.KH, y, check("iy", w.In.H, w.Out.H, w.KH, w.SH, w.DH, w.Top), w.KW, x, check("ix", w.In.W, w.Out.W, w.KW, w.SW, w.DW, w.Left), w.In.W, w.In.C, body)
}

// padded reports whether a window has places that are not all inside.
func padded(w nn.Window) bool { return w.Top+w.Left+w.Bottom+w.Right > 0 }

// vacant reports whether a window has places under which there is nothing.
func vacant(w nn.Window) bool {
	for oy := range w.Out.H {
		for ox := range w.Out.W {
			values := 0
			for tap := range w.Taps() {
				if _, _, inside := w.At(oy, ox, tap/w.KW, tap%w.KW); inside {
					values++
				}
			}
			if values == 0 {
				return true
			}
		}
	}
	return false
}

func (g *generator) pool(k *plan.Kernel, op *plan.Pooling) {
	w, window := &g.kernels, op.Window
	_, widths := plan.Widths(op)
	p := &places{Window: window, name: portable(k.Name, op.Fast != nil), widths: widths}
	switch op.Step {
	case plan.MaxPool:
		p.rows = []string{"y", "x"}
		g.maxPool(p)
		w.line("// %s sets y to the largest value of x under each place of a window, %v, channel by channel. NaN is larger than all. %v", p.name, window, k.At)
	case plan.MaxUnpool:
		p.rows, p.clear = []string{"y", "v", "x"}, true
		largest(p, "y0[i+at+c] += v0[j+c]", "y0[at+c] += v0[j+c]", "")
		w.line("// %s adds each value of v to y where x has the largest value, the first of equals, of its place of a window,\n// %v. Elsewhere y is 0. %v", p.name, window, k.At)
	case plan.MaxGather:
		p.rows = []string{"y", "d", "x"}
		largest(p, "y0[j+c] = d0[i+at+c]", "y0[j+c] = d0[at+c]", " else {\ny0[j+c] = 0\n}")
		w.line("// %s sets y to the values of d where x has the largest value, the first of equals, of each place of a window,\n// %v. %v", p.name, window, k.At)
	case plan.AvgPool:
		p.rows = []string{"y", "x"}
		sums(p, share(window))
		w.line("// %s sets y to the mean of x under each place of a window, %v, without padding. Taps are added in order. %v", p.name, window, k.At)
	case plan.AvgPoolGrad:
		p.rows, p.clear = []string{"y", "d"}, true
		spread(p, share(window))
		w.line("// %s adds each value of d, over the number of taps inside, to all values of y under its place of a window,\n// %v. It is the derivative of a mean. %v", p.name, window, k.At)
	}
	p.print(w)
	if op.Fast != nil {
		g.fastPlaces(k.Name, op.Fast, p)
	}
}

// share is what each of all taps counts in a mean.
func share(w nn.Window) string { return fmt.Sprintf("(1.0/%d)", w.Taps()) }

func (g *generator) maxPool(p *places) {
	var under []string
	taps(p.Window, func(t, offset int) { under = append(under, fmt.Sprintf("p%d[c]", t)) })
	p.inside = tapped(p.Window, "x0") + "\n" + channels(p.In.C, fmt.Sprintf("y0[j+c] = max(%s)", strings.Join(under, ", ")))
	if p.Taps() > unrolledTaps || padded(p.Window) {
		g.math = true
	}
	p.anywhere = fmt.Sprintf("q := (*[%d]float32)(y0[j:])\nfor c := range q {\nq[c] = float32(math.Inf(-1))\n}\n", p.In.C)
	update := fmt.Sprintf("for c, e := range (*[%d]float32)(x0[i:]) {\nq[c] = max(q[c], e)\n}", p.In.C)
	if vacant(p.Window) {
		p.anywhere += "n := 0\n" + overTaps(p.Window, "n++\n"+update) + "\nif n == 0 {\nclear(q[:])\n}"
		return
	}
	p.anywhere += overTaps(p.Window, update)
}

// largest finds the tap of the largest value of x, the first of equals, for each channel of a place; NaN is above all numbers. Within runs where
// all taps are inside, with at its distance from i; elsewhere with at in In, and none where there is nothing.
func largest(p *places, within, elsewhere, none string) {
	find := "e, at := p0[c], 0"
	taps(p.Window, func(t, offset int) {
		if t > 0 {
			find += fmt.Sprintf("\nif f := p%d[c]; !(f <= e) && e == e {\ne, at = f, %d\n}", t, offset)
		}
	})
	if p.Taps() > 1 { // else there is nothing to compare
		p.inside = tapped(p.Window, "x0") + "\n" + channels(p.In.C, find+"\n"+within)
	}
	p.anywhere = channels(p.In.C, "e, at := float32(0), -1\n"+overTaps(p.Window, "if f := x0[i+c]; at < 0 || !(f <= e) && e == e {\ne, at = f, i\n}")+"\nif at >= 0 {\n"+elsewhere+"\n}"+none)
}

// sums adds what is under each place, by a share of all taps; without one they are no means.
func sums(p *places, share string) {
	var under []string
	taps(p.Window, func(t, offset int) { under = append(under, fmt.Sprintf("p%d[c]", t)) })
	sum := strings.Join(under, " + ")
	finish := ""
	if share != "" {
		sum, finish = fmt.Sprintf("(%s) * %s", sum, share), "\nby := 1 / float32(max(1, n))\nfor c := range q {\nq[c] *= by\n}"
	}
	p.inside = tapped(p.Window, "x0") + "\n" + channels(p.In.C, "y0[j+c] = "+sum)
	count := ""
	p.anywhere = fmt.Sprintf("q := (*[%d]float32)(y0[j:])\nclear(q[:])\n", p.In.C)
	if share != "" {
		p.anywhere += "n := 0\n"
		count = "n++\n"
	}
	p.anywhere += overTaps(p.Window, count+fmt.Sprintf("for c, e := range (*[%d]float32)(x0[i:]) {\nq[c] += e\n}", p.In.C)) + finish
}

// spread adds a share of each value of d to all that is under its place.
func spread(p *places, share string) {
	add := "e := d0[j+c] * " + share
	taps(p.Window, func(t, offset int) { add += fmt.Sprintf("\np%d[c] += e", t) })
	p.inside = tapped(p.Window, "y0") + "\n" + channels(p.In.C, add)
	p.anywhere = "n := 0\n" + overTaps(p.Window, "n++\n_ = i") + fmt.Sprintf("\nby := 1 / float32(max(1, n))\nq := (*[%d]float32)(d0[j:])\n", p.In.C) +
		overTaps(p.Window, "for c, e := range q {\ny0[i+c] += e * by\n}")
}
