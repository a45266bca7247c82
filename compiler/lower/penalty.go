package lower

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// penalize makes the kernel of a penalty of samples.
func (l *lowerer) penalize(op ir.Penalize, v *ir.Value) *plan.Kernel {
	n := width(v.Args[0])
	return l.kernel("penalty", "", &plan.Penalize{Width: n, Penalty: op.Penalty}, elementwise{n, op}, v)
}

// penalizeGrad makes the kernel that adds the derivative of a penalty to a gradient.
func (l *lowerer) penalizeGrad(op ir.AddPenalizeGrad, v *ir.Value) *plan.Kernel {
	return l.kernel("penaltyGradient", "", &plan.PenalizeGrad{Width: width(v), Penalty: op.Penalty}, elementwise{width(v), op}, v)
}
