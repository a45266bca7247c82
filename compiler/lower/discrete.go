package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// discrete schedules an operation on a code of discrete units.
func (s *schedule) discrete(v *ir.Value) {
	op, name, result := &plan.Discrete{}, "", ""
	switch o := v.Op.(type) {
	case ir.Relax:
		op.Step, op.Relaxation, name, result = plan.RelaxCode, o.Relaxation, "relaxCode", "relaxed"
	case ir.RelaxGrad:
		op.Step, op.Relaxation, name, result = plan.RelaxSlope, o.Relaxation, "backRelaxCode", "dLogits"
	case ir.Choose:
		op.Step, op.Relaxation, name, result = plan.ModeOfCode, o.Relaxation, "modeOfCode", "mode"
		if o.Fixed {
			op.Step, name, result = plan.FixedCode, "drawCode", "drawn"
		}
	case ir.ClassKL:
		op.Step, op.Relaxation, name, result = plan.ClassDivergence, o.Relaxation, "divergence", "kl"
	case ir.AddClassKLGrad:
		op.Step, op.Relaxation, name = plan.AddClassSlope, o.Relaxation, "addDivergenceGradient"
	default:
		panic(fmt.Sprintf("internal error: %v: no discrete code by %s", v.At, ir.Word(v.Op)))
	}
	op.Width = width(v.Args[0])
	s.fastDiscrete(op)
	if _, last := v.Op.(ir.AddClassKLGrad); last {
		s.layer[v] = s.layer[v.Args[1]]
		result = "d" + title(s.layer[v])
	}
	args := []*plan.Buffer{s.result(v, result)}
	for _, a := range v.Args {
		args = append(args, s.at[a])
	}
	s.step(s.kernel(name, "", op, *op, v), v, 1, args...)
	step := s.steps[len(s.steps)-1]
	step.Trains = s.trains
	if o, ok := v.Op.(ir.Choose); ok {
		step.Draw = o.Draw
	}
}

// fewestClasses are those of a unit from which on the choice of its largest value has a function.
const fewestClasses = 4

// fastDiscrete decides how an operation on a discrete code runs by assembly functions. The choice among a unit's values is exact, by numbers that
// are the same for all samples; where a unit is one value, it is a comparison, and Go does it.
func (l *lowerer) fastDiscrete(op *plan.Discrete) {
	classes := op.Relaxation.Classes
	units := op.Width / classes
	switch op.Step {
	case plan.RelaxCode:
		f, softmax := plan.RelaxValues{Logistic: classes == 1}, plan.SoftmaxRows{Width: classes}
		if classes > 1 && (!l.vector() || l.most(&softmax, 0) < units) {
			return
		}
		if op.Fast = l.values("relaxValues", op.Width, &f, f); op.Fast != nil && classes > 1 {
			op.Softmax = l.function("softmaxRows", &softmax, softmax)
		}
	case plan.FixedCode:
		f := plan.ChooseClasses{Classes: classes}
		if classes >= fewestClasses {
			op.Fast = l.values("chooseClasses", units, &f, f)
		}
	case plan.ClassDivergence:
		f := plan.ClassDivergences{Width: op.Width, Classes: classes}
		op.Fast = l.values("classDivergences", 1, &f, f)
	case plan.AddClassSlope:
		f := plan.ClassSlopes{Classes: classes}
		op.Fast = l.values("classSlopes", units, &f, f)
	}
}

// relaxed notes what a relaxed draw of training needs of a step.
func relaxed(t *plan.Training, v *ir.Value, g *ir.Graph) {
	op := v.Op.(ir.Relax)
	t.Draws = append(t.Draws, op.Stream)
	kl := partner(g, v.Args, func(ir.ClassKL) bool { return true }).Op.(ir.ClassKL)
	t.Prior, t.Relaxation = &kl.Prior, &op.Relaxation
}
