package interp

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// posterior computes what follows from the mean and the log-variance of a code: the last two arguments, or before ε.
func (r *run) posterior(v *ir.Value) []float64 {
	switch op := v.Op.(type) {
	case ir.Sample:
		return r.sample(v, op.Draw)
	case ir.KL:
		mean, logvar := r.arg(v, 0), r.arg(v, 1)
		_, n := r.dims(v.Args[0])
		out := make([]float64, r.size(v))
		for i := range mean {
			out[i/n] += op.Prior.BetaAt(r.env.Epoch) * op.Prior.Divergence(mean[i], logvar[i])
		}
		return out
	case ir.SampleGrad:
		return r.sampleGrad(v, op.Draw, op.LogVar)
	case ir.KLGrad:
		return r.klGrad(v, op.Prior, op.LogVar, func(i int) float64 { return r.arg(v, 0)[i] })
	case ir.PosteriorGrad:
		share := 1 / float64(r.env.Batch)
		return zipped(r.sampleGrad(v, op.Draw, op.LogVar), r.klGrad(v, op.Prior, op.LogVar, func(int) float64 { return share }),
			func(a, b float64) float64 { return a + b })
	}
	panic(fmt.Sprintf("internal error: no meaning of %T", v.Op))
}

// deviate is ε of value i of an array of samples of n values.
func (r *run) deviate(d nn.Draw, i, n int) float64 {
	switch d.Kind {
	case nn.StepDraw:
		return nn.Normal(nn.NoiseBits(r.env.Seed, d.Stream, r.env.Step, i/n, i%n))
	case nn.FixedDraw:
		return nn.Deviate(d.Index, i%n)
	}
	panic(fmt.Sprintf("internal error: no deviates of %v", d))
}

func (r *run) sample(v *ir.Value, d nn.Draw) []float64 {
	mean, logvar := r.arg(v, 0), r.arg(v, 1)
	_, n := r.dims(v)
	z := make([]float64, len(mean))
	for i := range z {
		var e float64
		if d.Kind == nn.GivenDraw {
			e = r.arg(v, 2)[i]
		} else {
			e = r.deviate(d, i, n)
		}
		z[i] = mean[i] + math.Exp(logvar[i]/2)*e
	}
	return z
}

// sampleGrad is dz by the mean, and ½·σ·ε·dz by the log-variance.
func (r *run) sampleGrad(v *ir.Value, draw nn.Draw, byLogVar bool) []float64 {
	d := append([]float64(nil), r.arg(v, 0)...)
	_, n := r.dims(v)
	for i := range d {
		if byLogVar {
			d[i] *= math.Exp(r.arg(v, 2)[i]/2) * r.deviate(draw, i, n) / 2
		}
	}
	return d
}

// klGrad is β·weight times the slope of each unit's divergence.
func (r *run) klGrad(v *ir.Value, p nn.Prior, byLogVar bool, weight func(sample int) float64) []float64 {
	mean, logvar := r.arg(v, 1), r.arg(v, 2)
	_, n := r.dims(v)
	d := make([]float64, len(mean))
	for i := range d {
		byMean, by := p.Slopes(mean[i], logvar[i])
		if !byLogVar {
			by = byMean
		}
		d[i] = p.BetaAt(r.env.Epoch) * weight(i/n) * by
	}
	return d
}
