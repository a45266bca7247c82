package lower

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// penalize makes the kernel of a penalty of samples.
func (l *lowerer) penalize(op ir.Penalize, v *ir.Value) *plan.Kernel {
	n := width(v.Args[0])
	p := &plan.Penalize{Width: n, Penalty: op.Penalty}
	if f := (plan.PenaltyRows{Width: n, Penalty: op.Penalty}); l.vector() && l.most(&f, 0) > 0 {
		p.Fast = l.function("penaltyRows", &f, f)
	}
	return l.kernel("penalty", "", p, elementwise{n, op}, v)
}

// penalizeGrad makes the kernel that adds the derivative of a penalty to a gradient.
func (l *lowerer) penalizeGrad(op ir.AddPenalizeGrad, v *ir.Value) *plan.Kernel {
	f := plan.AddPenalty{Kind: op.Penalty.Kind, Slope: op.Slope}
	p := &plan.PenalizeGrad{Width: width(v), Penalty: op.Penalty, Slope: op.Slope, Fast: l.values("addPenalty", width(v), &f, f)}
	return l.kernel("penaltyGradient", "", p, elementwise{width(v), op}, v)
}

// columnMeans makes the kernel of means over the batch.
func (l *lowerer) columnMeans(v *ir.Value) *plan.Kernel {
	return l.kernel("means", "", &plan.ColumnMeans{Width: width(v)}, elementwise{width(v), ir.MeanSamples{}}, v)
}

// addRow makes the kernel that spreads a gradient by means over the samples.
func (l *lowerer) addRow(op ir.AddMeanGrad, v *ir.Value) *plan.Kernel {
	return l.kernel("addMeanGradient", "", &plan.AddRow{Width: width(v), Slope: op.Slope}, elementwise{width(v), op}, v)
}

// penalizeMeans schedules the penalty of means with its derivative: one kernel computes both.
func (s *schedule) penalizeMeans(t *plan.Training, op ir.PenalizeMeans, v, slope *ir.Value) {
	m := s.at[v.Args[0]]
	s.layer[slope] = s.layer[v.Args[0]]
	layer := title(s.layer[slope])
	k := s.kernel("penaltyOfMeans", "", &plan.PenalizeMeans{Width: m.Width, Penalty: op.Penalty}, elementwise{m.Width, op}, v)
	terms := s.whole(v, "penalty"+layer, m.Width)
	s.batch(k, v, 2, m.Width, s.whole(slope, "slope"+layer, m.Width), terms, m)
	t.Costs = append(t.Costs, terms)
}

// plus is the result of what is added to a gradient, perhaps with the derivative of an activation: then it is the gradient of the activation's input.
func (s *schedule) plus(v *ir.Value, slope nn.Activation) *plan.Buffer {
	s.layer[v] = s.layer[v.Args[1]]
	if slope.Func == nn.Identity {
		return s.result(v, "sum"+title(s.layer[v]))
	}
	return s.result(v, s.along(v)+title(s.layer[v]))
}
