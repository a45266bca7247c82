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
	if e := explainDraws(score); e != nil {
		return e
	}
	op, ok := last.Kernel.Op.(*plan.Score)
	if !ok || op.Loss.Likelihood == nn.Categorical || last.Args[0] != score.Out || len(score.In) != 1 || op.Width != score.In[0].Width {
		return nil
	}
	return &plan.Explanation{Score: score, Logits: last.Args[1], Targets: last.Args[2], Loss: op.Loss, Width: op.Width, At: last.At}
}

// explainDraws is explain of a sampled code: the score is the mean loss of several draws, plus the divergence from the prior.
func explainDraws(score *plan.Routine) *plan.Explanation {
	last := score.Steps[len(score.Steps)-1]
	e := &plan.Explanation{Score: score, At: last.At}
	for _, s := range score.Steps {
		switch op := s.Kernel.Op.(type) {
		case *plan.Score:
			if len(score.In) != 1 || op.Width != score.In[0].Width || op.Loss.Likelihood == nn.Categorical {
				return nil
			}
			e.Draws = append(e.Draws, s)
			e.Loss, e.Width, e.Targets = op.Loss, op.Width, s.Args[2]
		case *plan.Divergence:
			if s.Args[0] == last.Args[len(last.Args)-1] {
				e.Divergence = s.Args[0]
			}
		}
	}
	if _, sum := last.Kernel.Op.(*plan.Add); !sum || e.Divergence == nil || len(e.Draws) == 0 {
		return nil
	}
	return e
}
