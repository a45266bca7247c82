package interp

import (
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// learnedGaussian computes a likelihood whose deviation is learned, or its derivatives. R, t and ρ are the last arguments.
func (r *run) learnedGaussian(v *ir.Value) []float64 {
	first := len(v.Args) - 3
	y, t, rho := r.arg(v, first), r.arg(v, first+1), r.arg(v, first+2)[0]
	_, n := r.dims(v.Args[first])
	squares := make([]float64, r.env.Batch)
	for i := range y {
		squares[i/n] += (y[i] - t[i]) * (y[i] - t[i])
	}
	weight := func(sample int) float64 {
		if first == 0 {
			return 1 / float64(r.env.Batch)
		}
		return r.arg(v, 0)[sample]
	}
	out := make([]float64, r.size(v))
	for i := range out {
		op, isGrad := v.Op.(ir.GaussianNLLGrad)
		switch {
		case !isGrad:
			out[i], _ = nn.LearnedGaussian(squares[i], rho, n)
		case op.Std:
			_, d := nn.LearnedGaussian(squares[i], rho, n)
			out[i] = weight(i) * d
		default:
			out[i] = weight(i/n) * (y[i] - t[i]) * math.Exp(-2*rho)
		}
	}
	return out
}
