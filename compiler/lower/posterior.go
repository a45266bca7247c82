package lower

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// drawFixed schedules a code of a fixed draw.
func (s *schedule) drawFixed(op ir.Sample, v *ir.Value) {
	if op.Draw.Kind != nn.FixedDraw {
		panic(fmt.Sprintf("internal error: %v: %s in an entry point", v.At, ir.Word(op)))
	}
	k := s.kernel("drawCode", "", &plan.DrawFixed{Width: width(v), Fast: s.values("drawValues", width(v), &plan.DrawValues{}, plan.DrawValues{})}, elementwise{width(v), nn.FixedDraw}, v)
	s.step(k, v, 1, s.result(v, "drawn"), s.at[v.Args[0]], s.at[v.Args[1]])
	s.steps[len(s.steps)-1].Draw = op.Draw.Index
}

// divergence schedules the divergence of the bound.
func (s *schedule) divergence(op ir.KL, v *ir.Value) {
	if op.Prior != nn.Bound {
		panic(fmt.Sprintf("internal error: %v: %s in an entry point", v.At, ir.Word(op)))
	}
	n := width(v.Args[0])
	k := s.kernel("divergence", "", &plan.Divergence{Width: n, Fast: s.values("divergenceValues", n, &plan.DivergenceValues{}, plan.DivergenceValues{})}, elementwise{n, op}, v)
	s.step(k, v, 1, s.result(v, "kl"), s.at[v.Args[0]], s.at[v.Args[1]])
}

// posterior schedules a draw of training and its divergence together. The deviation of the code from its mean is kept for the way back,
// which then needs neither the random bits nor the exponential again.
func (s *schedule) posterior(t *plan.Training, v, kl *ir.Value) {
	op := &plan.Posterior{Width: width(v), Prior: kl.Op.(ir.KL).Prior, Key: len(t.Draws)}
	f := plan.PosteriorValues{FreeBits: op.Prior.FreeBits}
	op.Fast = s.values("posteriorValues", op.Width, &f, f)
	t.Draws, t.Prior = append(t.Draws, v.Op.(ir.Sample).Draw.Stream), &op.Prior
	k := s.kernel("drawPosterior", "", op, v, v)
	s.deviation = s.buffer("deviation", op.Width, v.At)
	s.step(k, v, 3, s.result(v, "drawn"), s.deviation, s.result(kl, "kl"), s.at[v.Args[0]], s.at[v.Args[1]])
}

// posteriorGrad schedules the derivatives by the mean and by the log-variance together.
func (s *schedule) posteriorGrad(byMean, byLogVar *ir.Value) {
	n, prior := width(byMean), byMean.Op.(ir.PosteriorGrad).Prior
	f := plan.PosteriorSlopes{FreeBits: prior.FreeBits}
	dz, mean, logvar := s.at[byMean.Args[0]], byMean.Args[1], byMean.Args[2]
	k := s.kernel("backPosterior", "", &plan.PosteriorGrad{Width: n, Prior: prior, Fast: s.values("posteriorSlopes", n, &f, f)}, elementwise{n, prior}, byMean)
	s.layer[byMean], s.layer[byLogVar] = s.layer[mean], s.layer[logvar]
	s.step(k, byMean, 2, s.result(byMean, "d"+title(s.layer[mean])), s.result(byLogVar, "d"+title(s.layer[logvar])), dz, s.deviation, s.at[mean], s.at[logvar])
}

// partner is the value of an operation Op on given arguments, or nil.
func partner[Op ir.Op](g *ir.Graph, args []*ir.Value, fits func(Op) bool) *ir.Value {
	for _, v := range g.Values {
		if op, ok := v.Op.(Op); ok && fits(op) && slices.Equal(v.Args, args) {
			return v
		}
	}
	return nil
}
