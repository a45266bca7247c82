package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// partly reports whether a network covers the first steps of a routine and not all. Else the model's methods call it themselves.
func partly(r *plan.Routine) bool { return r.Network != nil && r.Covered < len(r.Steps) }

// networkCall prints the call of a routine's network, or of the kernels that it covers where it does not run, and returns the
// steps that follow.
func networkCall(w *writer, r *plan.Routine) []*plan.Step {
	covered := r.Steps[:r.Covered]
	in, out := covered[0].Args[1], covered[len(covered)-1].Args[0]
	w.line("if !%s(w, %s, %s) {", networkName(r), out.Name, in.Name)
	for _, b := range r.Buffers {
		if b.External == "" && b.Last < r.Covered {
			w.line("%s := arena.Rows[%s](a, %s, n)", b.Name, rowType(b), placeBehind("", "n", b.Offset))
		}
	}
	for _, s := range covered {
		w.line("%s", call(s, "w", "wt"))
	}
	w.line("}")
	return r.Steps[r.Covered:]
}

// networkForm is the function that runs a routine's network where there are assembly functions.
func (g *generator) networkForm(r *plan.Routine) {
	w, f := &writer{}, r.Network
	in, out := r.Steps[0].Args[1], r.Steps[r.Covered-1].Args[0]
	w.line("n := min(len(y), len(x))\nfor i := 0; i < n; i += %d {", f.Most)
	w.line("%s(&y[i][0], &x[i][0], &w.%s[0][0][0], min(%d, n-i))\n}\nreturn true", f.Name, g.p.Params[0].Field, f.Most)
	g.forms = append(g.forms, form{
		doc:  fmt.Sprintf("// %s takes samples through steps 0 to %d of %s by one assembly function, if there are any.\n", networkName(r), r.Covered-1, r.Name),
		name: networkName(r), parameters: fmt.Sprintf("w *parameters, y [][%d]float32, x [][%d]float32", out.Width, in.Width),
		result: " bool", otherwise: "return false", body: w.b.String(),
	})
}

func networkName(r *plan.Routine) string { return "whole" + r.Name }
