package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// placesOfCall is how many places of a sample a call of an assembly function takes: their losses lie on the stack.
const placesOfCall = 64

// labelsLoss prints the loss of samples whose places have classes: the sum over the places, each weighed. Width is that of all logits.
func (g *generator) labelsLoss(k *plan.Kernel, l *nn.Labels, width int, fast *plan.Function, gradient bool) {
	if l.Weighted() {
		g.classWeights(l)
	}
	if fast != nil {
		g.fastLabels(k, l, width, fast, gradient)
	}
	g.math = true
	w, name := &g.kernels, portable(k.Name, fast != nil)
	w.line("// %s sets s[0] to the loss of each sample, for logits a and the class t of each place: Σ %slog Σ eᵃ - a[t], the largest a of the", name, weightWord(l))
	w.line("// place taken away before, so that nothing overflows.%s", map[bool]string{true: " Places without a class have none."}[l.Ignores])
	if gradient {
		w.line("// It sets d to its derivative by the logits, times share.")
	}
	w.line("// Values are added in order, in float64. %v\nfunc %s(%s) {", k.At, name, labelParameters(l, width, gradient))
	keep := ""
	if gradient {
		keep = "d0[i] = float32(e)"
		w.line("for len(s) > 0 && len(d) > 0 && len(a) > 0 && len(t) > 0 {")
	} else {
		w.line("for len(s) > 0 && len(a) > 0 && len(t) > 0 {")
	}
	w.line("loss := 0.0\nfor p, class := range t[0] {\na0 := a[0][%d*p : %[1]d*p+%[1]d]", l.Classes)
	if gradient {
		w.line("d0 := d[0][%d*p : %[1]d*p+%[1]d]", l.Classes)
	}
	w.line("c := uint(class)\nif c >= uint(len(a0)) { // ignored\n%s\n}", skipPlace(gradient, "d0"))
	exponentials(w, "a0", keep)
	w.line("loss += %s(math.Log(sum) + (float64(most) - float64(a0[c])))", weightOf(l, "c", " * "))
	if gradient {
		w.line("share := share%s\nfor i, e := range d0 {\nd0[i] = float32(share * (float64(e) / sum))\n}\nd0[c] -= float32(share)", weighed(l, "c"))
	}
	w.line("}\ns[0][0] = float32(loss)")
	if gradient {
		w.line("s, d, a, t = s[1:], d[1:], a[1:], t[1:]")
	} else {
		w.line("s, a, t = s[1:], a[1:], t[1:]")
	}
	w.line("}\n}\n")
}

// fastLabels is the form of such a loss by an assembly function that takes places for samples.
func (g *generator) fastLabels(k *plan.Kernel, l *nn.Labels, width int, f *plan.Function, gradient bool) {
	w, places := &writer{}, width/l.Classes
	call := min(placesOfCall, f.Most, places)
	arguments, d, share := "s, a, t", "", ""
	w.line("var nll [%d][1]float32", call)
	if l.Ignores {
		w.line("var known [%d]int32", call)
	}
	lens := "len(s), len(a), len(t)"
	if gradient {
		arguments, d, share, lens = "s, d, a, t, share", fmt.Sprintf("&d[i][%d*p], ", l.Classes), ", float32(share)", lens+", len(d)"
	}
	w.line("for i := range min(%s) {\nloss := 0.0", lens)
	w.line("for p := 0; p < %d; p += %d {\nn := min(%d, %d-p)\nclasses := t[i][p : p+n]", places, call, call, places)
	of := "classes"
	if l.Ignores {
		of = "known"
		w.line("for j, c := range classes {\nif known[j] = c; uint(c) >= %d {\nknown[j] = 0\n}\n}", l.Classes)
	}
	w.line("%s(&nll[0][0], %s&a[i][%d*p], &%s[0], n%s)", f.Name, d, l.Classes, of, share)
	if l.Ignores || l.Weighted() {
		w.line("for j, c := range classes {")
		row := fmt.Sprintf("d[i][%d*(p+j):%[1]d*(p+j+1)]", l.Classes)
		if l.Ignores {
			w.line("if uint(c) >= %d {\n%s\n}", l.Classes, skipPlace(gradient, row))
		}
		w.line("loss += %sfloat64(nll[j][0])", weightOf(l, "c", " * "))
		if gradient && l.Weighted() {
			w.line("by, row := float32(classWeights[c]), %s\nfor m := range row {\nrow[m] *= by\n}", row)
		}
	} else {
		w.line("for j := range n {\nloss += float64(nll[j][0])")
	}
	w.line("}\n}\ns[i][0] = float32(loss)\n}")
	g.forms = append(g.forms, form{name: k.Name, parameters: labelParameters(l, width, gradient), arguments: arguments, body: w.b.String()})
}

// skipPlace goes on with the next place; the derivatives of an ignored one are 0.
func skipPlace(gradient bool, row string) string {
	if gradient {
		return "clear(" + row + ")\ncontinue"
	}
	return "continue"
}

// weightOf is the weight of a class followed by text, or nothing where all weights are 1.
func weightOf(l *nn.Labels, class, then string) string {
	if !l.Weighted() {
		return ""
	}
	return "classWeights[" + class + "]" + then
}

// weighed multiplies by the weight of a class.
func weighed(l *nn.Labels, class string) string {
	if !l.Weighted() {
		return ""
	}
	return " * classWeights[" + class + "]"
}

func weightWord(l *nn.Labels) string {
	if l.Weighted() {
		return "the weight of t times "
	}
	return ""
}

// classWeights prints the weights of the classes.
func (g *generator) classWeights(l *nn.Labels) {
	if g.functions["classWeights"] {
		return
	}
	g.functions["classWeights"] = true
	var list []string
	for _, v := range l.Weights {
		list = append(list, float(v))
	}
	g.scalars.line("// classWeights are what the losses of places of each class are multiplied by.\nvar classWeights = [Classes]float64{%s}\n", strings.Join(list, ", "))
}

// labelParameters are those of a loss of labels.
func labelParameters(l *nn.Labels, width int, gradient bool) string {
	list := fmt.Sprintf("s [][1]float32, a [][%d]float32, t [][%d]int32", width, width/l.Classes)
	if gradient {
		return strings.Replace(list, ", a ", ", d, a ", 1) + ", share float64"
	}
	return list
}
