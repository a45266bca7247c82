package lower

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// jacobian schedules a value of the squared norm of a Jacobian.
func (s *schedule) jacobian(v *ir.Value) {
	n := width(v)
	s.layer[v] = s.layer[v.Args[len(v.Args)-1]]
	layer := title(s.layer[v])
	switch op := v.Op.(type) {
	case ir.UnitSlope:
		k := s.kernel("unit"+suffixOf(op.Activation)+"Slope", "", &plan.UnitSlope{Width: n, Activation: op.Activation}, elementwise{n, ir.UnitSlope{Activation: op.Activation}}, v)
		s.of[v] = "row"
		s.step(k, v, 1, s.result(v, "row"+layer), s.at[v.Args[0]])
		s.steps[len(s.steps)-1].Draw = op.Index
	case ir.UnitSlopeGrad:
		k := s.kernel("unit"+suffixOf(op.Activation)+"Curve", "", &plan.UnitSlopeGrad{Width: n, Activation: op.Activation}, elementwise{n, ir.UnitSlopeGrad{Activation: op.Activation}}, v)
		s.step(k, v, 1, s.result(v, "curve"+layer), s.at[v.Args[0]], s.at[v.Args[1]])
		s.steps[len(s.steps)-1].Draw = op.Index
	case ir.ActivateCurve:
		f := plan.ApplyCurve{Activation: op.Activation}
		fast := s.values("apply"+suffixOf(op.Activation)+"Curve", n, &f, f)
		k := s.kernel(fmt.Sprintf("curve%sOf%d", suffixOf(op.Activation), n), "", &plan.ActivateCurve{Width: n, Activation: op.Activation, Fast: fast}, elementwise{n, op}, v)
		s.step(k, v, 1, s.result(v, "curve"+layer), s.at[v.Args[0]], s.at[v.Args[1]], s.at[v.Args[2]])
	default:
		panic(fmt.Sprintf("internal error: lower does not know %s", ir.Word(op)))
	}
}

// squares schedules the squares of a Jacobian's row in training with their derivative in g.
func (s *schedule) squares(t *plan.Training, op ir.Squares, v *ir.Value, g *ir.Graph) {
	if text := fmt.Sprintf("contractive(%g)", op.Strength); !slices.Contains(t.Penalties, text) {
		t.Penalties = append(t.Penalties, text)
	}
	x := v.Args[0]
	d := partner(g, v.Args, func(ir.SquaresMean) bool { return true })
	squares := &plan.Squares{Width: width(x), Strength: op.Strength}
	if f := (plan.SquaresRows{Width: width(x), Strength: op.Strength}); s.vector() && s.most(&f, 0) > 0 {
		squares.Fast = s.function("squaresRows", &f, f)
	}
	k := s.kernel("squaresOfRow", "", squares, elementwise{width(x), op}, v)
	s.layer[v], s.layer[d], s.of[d] = s.layer[x], s.layer[x], "dRow"
	s.step(k, v, 2, s.result(v, "squares"), s.result(d, "dRow"), s.at[x])
}
