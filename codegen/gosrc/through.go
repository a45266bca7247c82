package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// throughOf is what the gradient of another block needs of the weights of p, or nil.
func (g *generator) throughOf(p *plan.Param) *plan.Through {
	for _, u := range g.p.Train.Updates {
		if u.Through != nil && u.Through.Weights == p {
			return u.Through
		}
	}
	return nil
}

func throughName(p *plan.Param) string { return "through" + title(p.Field) }

// throughTraining prints what the bias needs that is subtracted from the input.
func (g *generator) throughTraining(k *keptTraining, u *plan.Update) {
	t := u.Through
	p := t.Weights
	k.Fields += fmt.Sprintf("through [][%d]float32 // of each panel of %s: the sums of the code's gradients times its weights\n", p.In, p.Field)
	k.Start += fmt.Sprintf("t.through = make([][%d]float32, %d)\n", p.In, p.Panels())
	k.Before = "t.sumThrough()\n"
	w := &writer{}
	g.accumulate(g.addScaled())
	w.line("// sumThrough sets the first row of through to the sum of all, in order.\nfunc (t *Trainer) sumThrough() {\nfor p := 1; p < len(t.through); p++ {\naccumulate(t.through[0][:], t.through[p][:], 1)\n}\n}\n")
	w.line("// subtractThrough takes from the gradient of panel p of %s what came through the code.\nfunc (t *Trainer) subtractThrough(p int) {", u.Param.Field)
	w.line("for c := 0; c < 16 && 16*p+c < %d; c++ {\nt.g.%s[p][0][c] -= t.through[0][16*p+c]\n}\n}\n", p.In, u.Param.Field)
	k.Methods += w.b.String()
	s := &g.scalars
	s.line("// addRows adds rows to sums, in order.\nfunc addRows(sums *[16]float32, rows [][16]float32) {\nfor i := range rows {\nfor c, v := range rows[i] {\nsums[c] += v\n}\n}\n}\n")
	name := portable(throughName(p), t.Dots != nil)
	parameters := fmt.Sprintf("y *[%d]float32, w *[%d][16]float32, d *[16]float32", p.In, p.Rows())
	first := p.Rows() - p.In
	s.line("// %s sets y to the products of the rows of weights of a panel of %s with d.\nfunc %s(%s) {\nfor i := range y {\nsum := float32(0)\nfor c, v := range w[i+%d] {\nsum += v * d[c]\n}\ny[i] = sum\n}\n}\n", name, p.Field, name, parameters, first)
	if t.Dots != nil {
		g.forms = append(g.forms, form{name: throughName(p), parameters: parameters, arguments: "y, w, d", body: fmt.Sprintf("%s(&y[0], &w[%d][0], &d[0], %d)\n", t.Dots.Name, first, p.In)})
	}
}
