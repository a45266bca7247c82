package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// task is a loop of a training step that workers share: rows of samples, or columns of the whole batch.
type task struct {
	Name  string // field of the trainer; name + "Task" is its method
	Doc   string
	Body  string
	Range string // how far it goes: "len(x)", or a number of columns
	Split string
}

// tasks are those of all phases in order.
func (g *generator) tasks() []task {
	var tasks []task
	name := func(base string, n int) string {
		if n > 1 {
			return fmt.Sprint(base, n)
		}
		return base
	}
	rows, columns := 0, 0
	for _, p := range g.p.Train.Phases {
		if len(p.Rows) > 0 {
			rows++
			doc := "takes samples forward and back"
			if len(g.p.Train.Phases) > 1 {
				doc = fmt.Sprintf("takes samples through phase %d of a step", rows)
			}
			tasks = append(tasks, task{name("rows", rows), doc, g.rows(p, nil), "len(x)", split(p.Split)})
		}
		for _, b := range p.Batch {
			columns++
			tasks = append(tasks, task{name("columns", columns), "computes columns from what phases before made of the whole batch", g.columnsOf(b), fmt.Sprint(b.Columns), split(b.Split)})
		}
	}
	return tasks
}

// rows prints the buffers and the steps of a task of samples. After, if set, prints what follows each step.
func (g *generator) rows(p *plan.Phase, after func(*plan.Step) string) string {
	w, t := &writer{}, g.p.Train
	var used []*plan.Buffer
	own := false
	for _, b := range t.Buffers {
		if slices.ContainsFunc(p.Rows, func(s *plan.Step) bool { return slices.Contains(s.Args, b) }) {
			used = append(used, b)
			own = own || b.External == "" && !b.Kept && !b.Whole
		}
	}
	w.line("n := to - from")
	if own {
		w.line("own := %s // the task's part of the arena", placeBehind(placeBehind("", "Batch", t.Kept), "from", t.Arena-t.Kept))
	}
	for _, b := range used {
		switch {
		case b.Whole:
			w.line("%s := %s", b.Name, wholeOf(b))
		case b.External == "x":
			w.line("%s := arena.Cast[[%d]float32](t.x[from:to])", b.Name, b.Width)
		case b.External == "y":
			w.line("%s := %s", b.Name, rowsOf(b, "t.y[from:to]"))
		case b.External == "score":
			w.line("%s := arena.Cast[[1]float32](t.scores[from:to])", b.Name)
		case b.Kept:
			w.line("%s := arena.Rows[%s](t.a, %s, n)", b.Name, rowType(b), placeBehind(placeBehind("", "Batch", b.Offset), "from", b.Width))
		default:
			w.line("%s := arena.Rows[%s](t.a, %s, n)", b.Name, rowType(b), placeBehind("own", "n", b.Offset-t.Kept))
		}
	}
	for _, s := range p.Rows {
		w.line("%s", call(s, "t.w", "t.wt"))
		if after != nil {
			w.line("%s", after(s))
		}
	}
	return strings.TrimRight(w.b.String(), "\n")
}

// columnsOf prints a batch step for a task of columns.
func (g *generator) columnsOf(b *plan.BatchStep) string {
	w := &writer{}
	if slices.ContainsFunc(b.Args, func(b *plan.Buffer) bool { return !b.Whole }) {
		w.line("n := len(t.x)")
	}
	var args []string
	for _, a := range b.Args {
		args = append(args, wholeOf(a))
	}
	switch op := b.Kernel.Op.(type) {
	case *plan.BatchBound:
	case *plan.ColumnMeans:
		args = append(args, "t.share")
	case *plan.ContractNorms:
		args = append(args, "t.share")
	case *plan.PenalizeMeans:
	case *plan.ColumnSquares:
		args = append(args, "&t.w."+op.Weights.Field)
	case *plan.Unpack:
		args = append(args, "&t.w."+op.Weights.Field)
	case *plan.Gram:
		args[0] = blockOf(b.Args[0], op.Gradient.Param)
	case *plan.RowsTimes:
		w.line("%s(%s[from:to], %s[from:to], %s)", b.Kernel.Name, args[0], args[1], blockOf(b.Args[2], op.Product.Op.(*plan.BackProduct).Weights))
		return strings.TrimRight(w.b.String(), "\n")
	default:
		panic(fmt.Sprintf("internal error: %T is no step of a whole batch", b.Kernel.Op))
	}
	w.line("%s(%s, from, to)", b.Kernel.Name, strings.Join(args, ", "))
	return strings.TrimRight(w.b.String(), "\n")
}

// wholeOf is a buffer of the whole batch, n samples of it where it has some for each.
func wholeOf(b *plan.Buffer) string {
	switch {
	case b.Rows > 0:
		return fmt.Sprintf("arena.Rows[[%d]float32](t.whole, %d, %d)", b.Width, b.Offset, b.Rows)
	case b.Whole:
		return fmt.Sprintf("(*[%d]float32)(t.whole[%d:])", b.Width, b.Offset)
	case b.External != "":
		return fmt.Sprintf("arena.Cast[[%d]float32](t.x)", b.Width)
	}
	return fmt.Sprintf("arena.Rows[%s](t.a, %s, n)", rowType(b), placeBehind("", "Batch", b.Offset))
}

// blockOf is a buffer of the whole batch as the block of p.
func blockOf(b *plan.Buffer, p *plan.Param) string {
	return fmt.Sprintf("&arena.Rows[%s](t.whole, %d, 1)[0]", blockType(p), b.Offset)
}

// columnMeans prints the means of columns over the batch.
func (g *generator) columnMeans(k *plan.Kernel, op *plan.ColumnMeans) {
	w := &g.kernels
	w.line("// %s sets the columns from to to-1 of m to their means over the samples z, share for each sample. Samples are added in order, in float64. %v", k.Name, k.At)
	w.line("func %s(m *[%d]float32, z [][%d]float32, share float64, from, to int) {", k.Name, op.Width, op.Width)
	w.line("for ; from < to; from += 16 {\nvar sums [16]float64\nn := min(16, to-from)")
	w.line("for b := range z {\nfor c, v := range z[b][from : from+n] {\nsums[c&15] += float64(v)\n}\n}")
	w.line("for c, sum := range sums[:n] {\nm[from+c] = float32(sum * share)\n}\n}\n}\n")
}

// penalizeMeans prints the penalty of means and its derivative.
func (g *generator) penalizeMeans(k *plan.Kernel, op *plan.PenalizeMeans) {
	w, p := &g.kernels, op.Penalty
	g.math = true
	rho, rest, beta := float(p.Rho), float(1-p.Rho), float(p.Strength)
	w.line("// %s sets the columns from to to-1 of terms to %s·KL(%s‖m), and of slope to its derivative by m. A mean nearer than %s to 0 or 1 counts as that. %v",
		k.Name, beta, rho, float(nn.MeanBound), k.At)
	w.line("func %s(slope, terms, m *[%d]float32, from, to int) {\nfor i := from; i < to; i++ {", k.Name, op.Width)
	w.line("v := max(%s, min(%s, float64(m[i])))", float(nn.MeanBound), float(1-nn.MeanBound))
	w.line("terms[i] = float32(%s * (%s*math.Log(%s/v) + %s*math.Log(%s/(1-v))))", beta, rho, rho, rest, rest)
	w.line("slope[i] = float32(%s * (%s/(1-v) - %s/v))\n}\n}\n", beta, rest, rho)
}

// addRow prints the sum of a gradient and a row that all samples share.
func (g *generator) addRow(k *plan.Kernel, op *plan.AddRow) {
	w, slope := &g.kernels, g.times(op.Slope)
	at, long, first, next := "", "", "", ""
	if op.Slope.Func != nn.Identity {
		at, long, first, next = fmt.Sprintf("at [][%d]float32, ", op.Width), " && len(at) > 0", "\nat0 := &at[0]", "\nat = at[1:]"
	}
	w.line("// %s sets y to d plus share times row%s. %v", k.Name, timesDoc(op.Slope, "at"), k.At)
	w.line("func %s(y, d [][%d]float32, row *[%d]float32, %sshare float64) {\nby := float32(share)", k.Name, op.Width, op.Width, at)
	w.line("for len(y) > 0 && len(d) > 0%s {\ny0, d0 := &y[0], &d[0]%s\nfor i, v := range row {\ny0[i] = %s\n}\ny, d = y[1:], d[1:]%s\n}\n}\n",
		long, first, slope("d0[i] + by*v", "at0[i]"), next)
}

// placeBehind is a place in an arena behind another one: so many floats for each of some samples.
func placeBehind(from, samples string, floats int) string {
	switch {
	case floats == 0 && from == "":
		return "0"
	case floats == 0:
		return from
	case from == "" || from == "0":
		return fmt.Sprintf("%s*%d", samples, floats)
	}
	return fmt.Sprintf("%s+%s*%d", from, samples, floats)
}
