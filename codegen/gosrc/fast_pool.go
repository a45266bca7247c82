package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// fastPlaces is the form of a pooling by its assembly function: of each sample first the rows of places that are inside, then the others.
func (g *generator) fastPlaces(name string, f *plan.Function, p *places) {
	w, rows, inside := &writer{}, plan.PoolRows{}, p.Inside()
	rows = *f.Op.(*plan.PoolRows)
	var heads, addresses []string
	first := func(row string, y string) string {
		index := fmt.Sprintf("(%s*%d+%d)*%d", y, p.Out.W, inside.Left, p.Out.C)
		if onIn(rows.Step, row) {
			index = fmt.Sprintf("(%s*%d+%d)*%d", minus(times(y, p.SH), p.Top), p.In.W, inside.Left*p.SW-p.Left, p.In.C)
		}
		return fmt.Sprintf("&%s0[%s]", row, index)
	}
	n, most := inside.Bottom-inside.Top, f.Most
	oy := "oy"
	if n <= most {
		oy = fmt.Sprint(inside.Top)
	}
	for _, r := range p.rows {
		heads, addresses = append(heads, "&"+r+"[b]"), append(addresses, first(r, oy))
	}
	list := strings.Join(suffixed(p.rows, "0"), ", ")
	w.line("for b := range min(len(%s)) {\n%s := %s", strings.Join(p.rows, "), len("), list, strings.Join(heads, ", "))
	if p.clear && !p.Tiles() {
		w.line("clear(y0[:])")
	}
	if n <= most {
		w.line("%s(%s, %d)", f.Name, strings.Join(addresses, ", "), n)
	} else {
		w.line("for oy := %d; oy < %d; oy += %d {\n%s(%s, min(%d, %d-oy))\n}", inside.Top, inside.Bottom, most, f.Name, strings.Join(addresses, ", "), most, inside.Bottom)
	}
	if !inside.All(p.Out) {
		at := fmt.Sprintf("%sAt(%s, oy, ox)", p.name, list)
		w.line("for oy := range %d {\nfor ox := 0; ox < %d; ox++ {", p.Out.H, p.Out.W)
		w.line("if %d <= oy && oy < %d && ox == %d { // to the last of the places that are done\nox = %d\ncontinue\n}", inside.Top, inside.Bottom, inside.Left, inside.Right-1)
		w.line("%s\n}\n}", at)
	}
	w.line("}")
	g.forms = append(g.forms, form{name: name, parameters: gridParameters(p.rows, p.widths, "[]"), arguments: strings.Join(p.rows, ", "), body: w.b.String()})
}

// onIn reports whether an argument of a pooling lies on the large side of its window.
func onIn(step plan.PoolStep, row string) bool {
	switch step {
	case plan.MaxPool, plan.AvgPool:
		return row == "x"
	case plan.MaxUnpool:
		return row != "v"
	case plan.MaxGather:
		return row != "y"
	}
	return row == "y"
}
