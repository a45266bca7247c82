package lower

import (
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// explain decides how scores are taken apart. It is nil unless a score is the sum of a loss of each value, or field, of the input.
func (l *lowerer) explain(score *plan.Routine) *plan.Explanation {
	last := score.Steps[len(score.Steps)-1]
	if op, ok := last.Kernel.Op.(*plan.FieldLoss); ok {
		o, u, x := last.Args[1], last.Args[2], last.Args[3]
		return &plan.Explanation{Score: score, Logits: o, Targets: u, Rows: x, Loss: l.m.Loss, Fields: op, Width: len(op.Record), At: last.At}
	}
	if op, ok := last.Kernel.Op.(*plan.GaussianLoss); ok && last.Args[0] == score.Out && len(score.In) == 1 && op.Width == score.In[0].Width {
		return &plan.Explanation{Score: score, Logits: last.Args[1], Targets: last.Args[2], Loss: l.m.Loss, LogStd: op.LogStd, Width: op.Width, At: last.At}
	}
	op, ok := last.Kernel.Op.(*plan.Score)
	if !ok || op.Loss.Likelihood == nn.Categorical || last.Args[0] != score.Out || len(score.In) != 1 || op.Width != score.In[0].Width {
		return nil
	}
	return &plan.Explanation{Score: score, Logits: last.Args[1], Targets: last.Args[2], Loss: op.Loss, Width: op.Width, At: last.At}
}
