package plan

import (
	"fmt"
	"strings"
)

// String is the search as the plan shows it.
func (f *FastTopK) String() string {
	if f == nil {
		return ""
	}
	return fmt.Sprintf("%s of %s, then %s", f.Maxima.Name, counted(f.Parts, "part"), f.Collect.Name)
}

func (op *RowsProduct) text() string {
	bias, values := "", fmt.Sprintf("the values of a row that are not 0, about %d of %d", op.Few, op.Weights.In)
	if op.Bias != nil {
		bias = op.Bias.Field + " + "
	}
	if op.K > 0 {
		values = fmt.Sprintf("the %d values of a compact z", op.K)
	}
	return fmt.Sprintf("y = %sΣ z·%s over %s", bias, op.Weights.Field, values)
}

// kept are lines of the plan on what is special to codes of few values.
func (u *Update) kept() []string {
	var lines []string
	if r := u.Rows; r != nil {
		text := "a row of a used input at a time"
		if r.AddScaled != nil {
			text += ", by " + r.AddScaled.Name
		}
		if r.Idle {
			text += "; rows that no batch has used do not move"
		}
		if r.Unit {
			text += "; each to norm 1"
			if r.Dot != nil {
				text += ", by " + r.Dot.Name
			}
		}
		lines = append(lines, text)
	}
	if u.Gathered() {
		lines = append(lines, "over the samples that use the panel")
	}
	if t := u.Through; t != nil {
		var names []string
		for _, d := range t.D {
			names = append(names, d.Name)
		}
		text := fmt.Sprintf("less %s·%sᵀ, after the panels of %s", strings.Join(names, " + "), t.Weights.Field, t.Weights.Field)
		if t.Dots != nil {
			text += ", by " + t.Dots.Name
		}
		lines = append(lines, text)
	}
	return lines
}

// Gathered reports whether few values of the gradient's second side are not 0, so that a panel's samples are brought together.
func (u *Update) Gathered() bool { return u.Pairs[0].D.Few > 0 }

// Slots is the number of a code's values that a use tells apart by their slots: those of a compact code. A value of another is found by its place.
func (b *Buffer) Slots() int { return max(1, b.Compact) }

// keptText is a function of codes of few values on one line.
func keptText(op FunctionOp) string {
	switch op := op.(type) {
	case *Maxima:
		return "the largest of each of 64 groups of values"
	case *Collect:
		return fmt.Sprintf("places of values that are not below a bound, at most %d", op.Most)
	case *AddScaled:
		return "y = y + a·x"
	case *AddRows:
		return fmt.Sprintf("y = b + Σ v·w over the values that are not 0 and their rows, width %d", op.Width)
	case *Dot:
		return "y = Σ a·b"
	case *RowDots:
		return "y = w·d, rows of 16"
	}
	return ""
}

// keptWork is what a call of such a function computes, and the bytes that it reads and writes.
func keptWork(op FunctionOp, n int) (flops, bytes int) {
	switch op := op.(type) {
	case *Maxima:
		return n, 4 * n
	case *Collect:
		return 4 * n, 8 * n
	case *AddScaled:
		return 2 * n, 12 * n
	case *AddRows:
		return 2 * op.Width * n, 4 * op.Width * (n + 2)
	case *Dot:
		return 2 * n, 8 * n
	case *RowDots:
		return 2 * Panel * n, 4 * (Panel + 1) * n
	}
	return 0, 0
}

// keptInstructions are about the instructions of such a function.
func keptInstructions(op FunctionOp) int {
	switch op := op.(type) {
	case *Maxima, *AddScaled, *Dot:
		return 160
	case *AddRows: // a load, a product and a store of each register, and the lines that are fetched
		return 80 + 10*op.Width/Panel
	case *Collect, *RowDots:
		return 120
	}
	return 0
}
