package gosrc

import (
	"fmt"
	"strconv"

	"github.com/aegen/aegen/compiler/plan"
)

// softmax prints the probabilities of samples from their logits.
func (g *generator) softmax(k *plan.Kernel, op *plan.Softmax) {
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	if op.Fast != nil {
		g.fastSoftmax(k, op)
	}
	g.math = true
	of := "each sample"
	if op.Classes < op.Width {
		of = fmt.Sprintf("each %d values of a sample", op.Classes)
	}
	w.line("// %s sets y to the softmax of %s, eˣ / Σ eˣ, the largest x taken away before: nothing overflows. %v", name, of, k.At)
	w.line("// Values are added in order, in float64.\nfunc %s(y, x [][%d]float32) {", name, op.Width)
	if op.Classes < op.Width {
		w.line("for len(y) > 0 && len(x) > 0 {\nfor p := 0; p < %d; p += %d {\ny0, x0 := y[0][p:p+%[2]d], x[0][p:p+%[2]d]", op.Width, op.Classes)
		exponentials(w, "x0", "y0[i] = float32(e)")
		w.line("for i, e := range y0 {\ny0[i] = float32(float64(e) / sum)\n}\n}\ny, x = y[1:], x[1:]\n}\n}\n")
		return
	}
	w.line("for len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]")
	exponentials(w, "x0", "y0[i] = float32(e)")
	w.line("for i, e := range y0 {\ny0[i] = float32(float64(e) / sum)\n}")
	w.line("y, x = y[1:], x[1:]\n}\n}\n")
}

// exponentials prints most, the largest value of a row, and sum, that of e = exp(v - most) of its values v; each runs keep.
func exponentials(w *writer, row, keep string) {
	w.line("most, sum := %s[0], 0.0\nfor _, v := range %s {\nmost = max(most, v)\n}", row, row)
	index := "_"
	if keep != "" {
		index = "i"
	}
	w.line("for %s, v := range %s {\ne := math.Exp(float64(v) - float64(most))\n%s\nsum += e\n}", index, row, keep)
}

// fastSoftmax is the form of the softmax by its assembly function, which takes each distribution of a sample for a row.
func (g *generator) fastSoftmax(k *plan.Kernel, op *plan.Softmax) {
	if op.Classes == op.Width {
		g.fastRows(k, op.Fast, op.Width)
		return
	}
	w, rows := &writer{}, op.Width/op.Classes
	w.line("for i := range min(len(y), len(x)) {\nfor p := 0; p < %d; p += %d {\n%s(&y[i][%d*p], &x[i][%[4]d*p], min(%[2]d, %[1]d-p))\n}\n}", rows, min(op.Fast.Most, rows), op.Fast.Name, op.Classes)
	g.forms = append(g.forms, form{name: k.Name, parameters: "y, x [][" + strconv.Itoa(op.Width) + "]float32", arguments: "y, x", body: w.b.String()})
}

// fastRows is the form of a kernel that computes rows y from rows x by its assembly function.
func (g *generator) fastRows(k *plan.Kernel, f *plan.Function, width int) {
	w := &writer{}
	w.line("n := min(len(y), len(x))\nfor i := 0; i < n; i += %d {\n%s(&y[i][0], &x[i][0], min(%d, n-i))\n}", f.Most, f.Name, f.Most)
	g.forms = append(g.forms, form{name: k.Name, parameters: "y, x [][" + strconv.Itoa(width) + "]float32", arguments: "y, x", body: w.b.String()})
}

// categorical prints the loss of samples under the softmax of their logits, and with a gradient its derivative by them times share.
func (g *generator) categorical(k *plan.Kernel, rows plan.LossRows, name string) {
	w := &g.kernels
	g.math = true
	formula := "Σ t·(log Σ eᵃ - a)"
	if rows.Classes {
		formula = "log Σ eᵃ - a[t]"
	}
	w.line("// %s sets s[0] to the loss of each sample, for logits a and targets t: %s, the largest a", name, formula)
	w.line("// taken away before, so that nothing overflows.")
	if rows.Gradient {
		w.line("// It sets d to its derivative by the logits, times share.")
	}
	w.line("// Values are added in order, in float64. %v\nfunc %s(%s) {", k.At, name, lossParameters(rows))
	heads, keep, tails := "a0 := &a[0]", "", "s, a, t = s[1:], a[1:], t[1:]"
	if rows.Gradient {
		w.line("for len(s) > 0 && len(d) > 0 && len(a) > 0 && len(t) > 0 {")
		heads, keep, tails = "d0, a0 := &d[0], &a[0]", "d0[i] = float32(e)", "s, d, a, t = s[1:], d[1:], a[1:], t[1:]"
	} else {
		w.line("for len(s) > 0 && len(a) > 0 && len(t) > 0 {")
	}
	w.line("%s", heads)
	exponentials(w, "a0", keep)
	w.line("norm := math.Log(sum)")
	if rows.Classes {
		g.classTerms(rows)
	} else {
		g.distributionTerms(rows)
	}
	w.line("%s\n}\n}\n", tails)
}

// classTerms prints the loss and the derivative of a sample with a class.
func (g *generator) classTerms(rows plan.LossRows) {
	w := &g.kernels
	if rows.Gradient {
		w.line("for i, e := range d0 {\nd0[i] = float32(share * (float64(e) / sum))\n}")
	}
	w.line("if c := uint(t[0]); c < uint(len(a0)) { // the caller has seen to it\ns[0][0] = float32(norm + (float64(most) - float64(a0[c])))")
	if rows.Gradient {
		w.line("d0[c] -= float32(share)")
	}
	w.line("}")
}

// distributionTerms prints the loss and the derivative of a sample with a distribution.
func (g *generator) distributionTerms(rows plan.LossRows) {
	w := &g.kernels
	start, total := "t0, loss := &t[0], 0.0", ""
	if rows.Gradient {
		start, total = "t0, loss, total := &t[0], 0.0, 0.0", "\ntotal += t"
	}
	w.line("%s\nfor i := range a0 {\nt := float64(t0[i])\nloss += t * (norm + (float64(most) - float64(a0[i])))%s\n}\ns[0][0] = float32(loss)", start, total)
	if rows.Gradient {
		w.line("for i := range d0 {\nd0[i] = float32(share * (float64(d0[i])/sum*total - float64(t0[i])))\n}")
	}
}
