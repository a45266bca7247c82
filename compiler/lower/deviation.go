package lower

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// gaussianLoss is the kernel of a likelihood whose deviation is learned, by the arguments of an ir.GaussianNLL.
func (l *lowerer) gaussianLoss(v *ir.Value, gradient bool) *plan.Kernel {
	n := width(v.Args[0])
	op := &plan.GaussianLoss{Width: n, LogStd: l.block(v.Args[2]), Gradient: gradient}
	op.Fast = l.lossRows(plan.LossRows{Width: n, Loss: nn.Loss{Likelihood: nn.MSE}, Gradient: gradient})
	if gradient {
		return l.kernel("lossAndGradient", "", op, "gaussianLossAndGradient", v)
	}
	return l.kernel("loss", "", op, "gaussianLoss", v)
}

// gaussianLossAndGradient schedules the loss in training with both of its derivatives in g.
func (s *schedule) gaussianLossAndGradient(g *ir.Graph, v *ir.Value) {
	k := s.gaussianLoss(v, true)
	by := func(std bool) *ir.Value {
		return partner(g, v.Args, func(op ir.GaussianNLLGrad) bool { return op.Std == std })
	}
	d, dRho := by(false), by(true)
	s.layer[d] = s.layer[v.Args[0]]
	s.step(k, d, 3, s.result(v, "nll"), s.result(d, "d"+title(s.layer[d])), s.result(dRho, "dLogStd"), s.at[v.Args[0]], s.at[v.Args[1]])
}
