package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// columns computes all outputs of some samples. Full panels are a loop, the last one is printed out.
func (k *product) columns(rows int) {
	full, rest := k.out()/plan.Panel, k.out()%plan.Panel
	if full > 0 {
		k.line("%s := %s", each(rows, ", ", "o#"), each(rows, ", ", "y#[:]"))
		if k.slope != "" {
			k.line("%s := %s", each(rows, ", ", "a#"), each(rows, ", ", "at#[:]"))
		}
		k.line("for p := range %d {", full)
		k.line("if %s {\nbreak\n}", strings.Join(k.tooShort(rows), " || "))
		k.line("panel := &w[p]")
		k.start("p")
		cols := min(k.tile.Cols, plan.Panel)
		whole := plan.Panel / cols * cols
		k.line("for c := 0; c <= %d; c += %d {", whole-cols, cols)
		k.columnTile(rows, cols, "c", "o", "a", "c")
		k.line("}")
		if whole < plan.Panel {
			k.line("{ // the last %d of the panel", plan.Panel-whole)
			k.columnTile(rows, plan.Panel-whole, fmt.Sprint(whole), "o", "a", fmt.Sprint(whole))
			k.line("}")
		}
		k.line("%s = %s", each(rows, ", ", "o#"), each(rows, ", ", "o#[16:]"))
		if k.slope != "" {
			k.line("%s = %s", each(rows, ", ", "a#"), each(rows, ", ", "a#[16:]"))
		}
		k.line("}")
	}
	if rest == 0 {
		return
	}
	k.line("panel := &w[%d]", full)
	k.start(fmt.Sprint(full))
	for c := 0; c < rest; c += k.tile.Cols {
		cols := min(k.tile.Cols, rest-c)
		k.line("{ // columns %d to %d", full*plan.Panel+c, full*plan.Panel+c+cols-1)
		k.columnTile(rows, cols, fmt.Sprint(c), "y", "at", fmt.Sprint(full*plan.Panel+c))
		k.line("}")
	}
}

// start declares the row that the sums of a panel start from, if there is one.
func (k *product) start(p string) {
	switch {
	case k.bias:
		k.line("start := &panel[0]")
	case k.bias2 != nil:
		k.line("start := &b[%s][0]", p)
	}
}

// tooShort are conditions that never hold; they let the compiler prove the indices of a panel.
func (k *product) tooShort(rows int) []string {
	var conditions []string
	for r := range rows {
		conditions = append(conditions, fmt.Sprintf("len(o%d) < %d", r, plan.Panel))
		if k.slope != "" {
			conditions = append(conditions, fmt.Sprintf("len(a%d) < %d", r, plan.Panel))
		}
	}
	return conditions
}

// columnTile computes cols columns of a panel from column c on. Results go to out#[o…], slopes are taken at at#[o…].
func (k *product) columnTile(rows, cols int, c, out, at, o string) {
	for r := range rows {
		names := fmt.Sprintf("s%d", r)
		switch {
		case r == 0 && (k.bias || k.bias2 != nil):
			k.line("%s := %s", each(cols, ", ", names+"#"), entries(cols, "start", c))
		case k.bias || k.bias2 != nil:
			k.line("%s := %s", each(cols, ", ", names+"#"), each(cols, ", ", "s0#"))
		default:
			k.line("var %s float32", each(cols, ", ", names+"#"))
		}
	}
	step := func(at string, row string) {
		k.line("{\n%s := %s", each(cols, ", ", "w#"), entries(cols, "panel["+row+"]", c))
		for r := range rows {
			k.line("v%d := x%d[%s]", r, r, at)
			for j := range cols {
				k.line("s%d%d += v%d * w%d", r, j, r, j)
			}
		}
		k.line("}")
	}
	k.unrolled(k.in(), step)
	for r := range rows {
		for j := range cols {
			i := plus(o, j)
			k.line("%s%d[%s] = %s", out, r, i, strings.Replace(k.store(r, j, i), fmt.Sprintf("at%d[", r), fmt.Sprintf("%s%d[", at, r), 1))
		}
	}
}

// entries are cols neighbours of a row: row[c], row[c+1], …
func entries(cols int, row, c string) string {
	parts := make([]string, cols)
	for j := range parts {
		parts[j] = fmt.Sprintf("%s[%s]", row, plus(c, j))
	}
	return strings.Join(parts, ", ")
}

// plus is the source of i + n, n folded into a constant i.
func plus(i string, n int) string {
	if constant := 0; len(i) > 0 && i[0] >= '0' && i[0] <= '9' {
		fmt.Sscan(i, &constant)
		return fmt.Sprint(constant + n)
	}
	if n == 0 {
		return i
	}
	return fmt.Sprintf("%s+%d", i, n)
}

// unrolled prints step for every value i of x, Unroll of them an iteration, the rest behind the loop.
// Row is the panel's row of i.
func (k *product) unrolled(n int, step func(i, row string)) {
	u, first := k.tile.Unroll, k.firstRow()
	done := 0
	if n > u {
		done = n / u * u
		k.line("for i := 0; i <= %d; i += %d {", done-u, u)
		for j := range u {
			step(plus("i", j), plus("i", j+first))
		}
		k.line("}")
	}
	for i := done; i < n; i++ {
		step(fmt.Sprint(i), fmt.Sprint(i+first))
	}
}
