package vectors

import (
	"fmt"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
)

// DrawContributions are the parts of the scores of a sampled code: of each sample the losses of its values, means over the draws, then the
// divergence of its code from the prior.
func DrawContributions(m *ir.Model, env interp.Env) []float64 {
	const divergence = "divergence"
	g := ir.Slice(m.Forward, "score", nil, ir.Score)
	var draws []ir.NLL
	for _, v := range g.Values {
		switch op := v.Op.(type) {
		case ir.NLL:
			for i, arg := range v.Args {
				g.SetOutput(drawn(len(draws), i), arg)
			}
			draws = append(draws, op)
		case ir.KL:
			g.SetOutput(divergence, v)
		}
	}
	run, err := interp.Run(g, env)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	width := len(run.Outputs[drawn(0, 0)]) / env.Batch
	parts := make([]float64, env.Batch*(width+1))
	for s := range env.Batch {
		for k, op := range draws {
			r, x := run.Outputs[drawn(k, 0)][s*width:], run.Outputs[drawn(k, 1)][s*width:]
			for i := range width {
				parts[s*(width+1)+i] += op.Loss.Value(r[i], x[i], width) / float64(len(draws))
			}
		}
		parts[s*(width+1)+width] = run.Outputs[divergence][s]
	}
	return parts
}

// drawn names the arguments of the losses of draws.
func drawn(draw, argument int) string { return fmt.Sprintf("draw %d, %d", draw, argument) }
