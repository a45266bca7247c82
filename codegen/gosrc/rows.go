package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// rowProduct sums over the columns of panels: outputs are rows, the product with the transposed weight.
func (k *product) rowProduct(rows int) {
	if k.bias2 != nil {
		k.line("for i := range %d {", k.out())
		k.line("start := b[i/%d][0][i%%%d]", plan.Panel, plan.Panel)
		for r := range rows {
			k.line("y%d[i] = start", r)
		}
		k.line("}")
	}
	cols, n := k.tile.Cols, k.out()
	full := n / cols * cols
	if full > 0 {
		k.line("for i := 0; i <= %d; i += %d {", full-cols, cols)
		k.rowTile(rows, cols, "i")
		k.line("}")
	}
	if n > full {
		k.line("{ // the last %d", n-full)
		k.rowTile(rows, n-full, fmt.Sprint(full))
		k.line("}")
	}
}

// rowTile computes cols outputs from output i on.
func (k *product) rowTile(rows, cols int, i string) {
	for r := range rows {
		names := each(cols, ", ", fmt.Sprintf("s%d#", r))
		if k.bias2 != nil {
			k.line("%s := %s", names, entries(cols, fmt.Sprintf("y%d", r), i))
		} else {
			k.line("var %s float32", names)
		}
	}
	full, rest := k.in()/plan.Panel, k.in()%plan.Panel
	if full > 0 {
		k.line("%s := %s", each(rows, ", ", "in#"), each(rows, ", ", "x#[:]"))
		k.line("for p := range %d {", full)
		k.line("if %s {\nbreak\n}", each(rows, " || ", fmt.Sprintf("len(in#) < %d", plan.Panel)))
		k.line("%s := %s", each(cols, ", ", "w#"), k.panelRows(cols, "p", i))
		u := k.tile.Unroll
		k.line("for c := 0; c <= %d; c += %d {", plan.Panel-u, u)
		for j := range u {
			k.rowStep(rows, cols, "in", plus("c", j), plus("c", j))
		}
		k.line("}")
		k.line("%s = %s", each(rows, ", ", "in#"), each(rows, ", ", fmt.Sprintf("in#[%d:]", plan.Panel)))
		k.line("}")
	}
	if rest > 0 {
		k.line("{\n%s := %s", each(cols, ", ", "w#"), k.panelRows(cols, fmt.Sprint(full), i))
		for c := range rest {
			k.rowStep(rows, cols, "x", fmt.Sprint(full*plan.Panel+c), fmt.Sprint(c))
		}
		k.line("}")
	}
	for r := range rows {
		for j := range cols {
			at := plus(i, j)
			k.line("y%d[%s] = %s", r, at, k.store(r, j, at))
		}
	}
}

// panelRows are the rows of panel p that belong to cols outputs from output i on.
func (k *product) panelRows(cols int, p, i string) string {
	text := ""
	for j := range cols {
		if j > 0 {
			text += ", "
		}
		text += fmt.Sprintf("&w[%s][%s]", p, plus(i, j+k.firstRow()))
	}
	return text
}

// rowStep adds one column: value in#[i] times entry c of each row.
func (k *product) rowStep(rows, cols int, in, i, c string) {
	k.line("{")
	for r := range rows {
		k.line("v%d := %s%d[%s]", r, in, r, i)
	}
	for j := range cols {
		for r := range rows {
			k.line("s%d%d += v%d * w%d[%s]", r, j, r, j, c)
		}
	}
	k.line("}")
}
