package pass

import (
	"slices"

	"github.com/aegen/aegen/compiler/ir"
)

// posterior joins the two derivatives by the mean of a code, and those by its log-variance:
//
//	sample_grad(dz, mean, logvar) + kl_grad(1/B, mean, logvar) → posterior_grad(dz, mean, logvar)
func posterior(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		if _, ok := v.Op.(ir.Add); !ok {
			return nil
		}
		for _, pair := range [][2]*ir.Value{{v.Args[0], v.Args[1]}, {v.Args[1], v.Args[0]}} {
			sample, ok := once[ir.SampleGrad](r, pair[0])
			kl, also := once[ir.KLGrad](r, pair[1])
			if ok && also && sample.LogVar == kl.LogVar && slices.Equal(pair[0].Args[1:], pair[1].Args[1:]) && isMean(pair[1].Args[0]) {
				return r.add(ir.PosteriorGrad{Draw: sample.Draw, Prior: kl.Prior, LogVar: kl.LogVar}, v, pair[0].Args...)
			}
		}
		return nil
	})
}
