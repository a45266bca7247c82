package lower

import "github.com/aegen/aegen/compiler/plan"

// most is how many samples, groups, tiles, blocks or values one call of a function may take, 0 where one is too much.
// Samples are those of a gradient.
func (l *lowerer) most(op plan.FunctionOp, samples int) int {
	micros := func(n int) float64 {
		return l.target.Micros(plan.Call{Function: &plan.Function{Op: op}, Count: n, Samples: samples})
	}
	fixed := micros(0)
	return max(0, int((float64(l.target.Vector.Call)-fixed)/(micros(1)-fixed)))
}

// mostOf is how much one call of a function may take whose count does not depend on who calls, else 0.
func (l *lowerer) mostOf(op plan.FunctionOp) int {
	switch op.(type) {
	case *plan.OptimizerStep:
		return l.most(op, 0) / plan.Panel * plan.Panel
	case *plan.PoolRows, *plan.Maxima, *plan.Collect, *plan.AddScaled, *plan.AddRows, *plan.Dot, *plan.RowDots, *plan.NearestPanels, *plan.Transposition, *plan.Apply, *plan.ApplySlope, *plan.AddValues, *plan.ScaleValues, *plan.CorruptValues, *plan.DrawValues, *plan.DivergenceValues,
		*plan.PosteriorValues, *plan.PosteriorSlopes, *plan.LossRows, *plan.PenaltyRows, *plan.ApplyCurve, *plan.SquaresRows, *plan.AddPenalty, *plan.LaneFactors, *plan.ScaleLanes, *plan.ScaleRows, *plan.SoftmaxRows, *plan.Network,
		*plan.RelaxValues, *plan.ChooseClasses, *plan.ClassDivergences, *plan.ClassSlopes, *plan.StandardiseRows, *plan.FeatureRows, *plan.FieldLossRows:
		return l.most(op, 0)
	}
	return 0
}
