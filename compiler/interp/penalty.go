package interp

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
)

// penalty computes the penalties of samples, [B], or their derivatives, [B, n].
func (r *run) penalty(v *ir.Value) []float64 {
	out := make([]float64, r.size(v))
	_, n := r.dims(v.Args[0])
	switch op := v.Op.(type) {
	case ir.Penalize:
		for i, z := range r.arg(v, 0) {
			out[i/n] += op.Penalty.Value(z)
		}
	case ir.PenalizeGrad:
		for i, z := range r.arg(v, 0) {
			out[i] = op.Penalty.Derivative(z) * r.arg(v, 1)[i/n]
		}
	case ir.AddPenalizeGrad:
		for i, z := range r.arg(v, 1) {
			out[i] = r.arg(v, 0)[i] + op.Penalty.Derivative(z)/float64(r.env.Batch)
		}
	}
	return out
}

// penaltyOfMeans computes the penalty of means, [], or its derivative, [n].
func (r *run) penaltyOfMeans(v *ir.Value) []float64 {
	m := r.arg(v, 0)
	switch op := v.Op.(type) {
	case ir.PenalizeMeans:
		return []float64{sum(mapped(m, op.Penalty.Value))}
	case ir.PenalizeMeansGrad:
		return mapped(m, func(m float64) float64 { return op.Penalty.Derivative(m) * r.arg(v, 1)[0] })
	case ir.PenalizeMeansSlope:
		return mapped(m, op.Penalty.Derivative)
	}
	panic(fmt.Sprintf("internal error: no penalty of means %T", v.Op))
}

// spread gives each sample its part of the last argument, [n], and of AddMeanGrad adds it to the first.
func (r *run) spread(v *ir.Value) []float64 {
	row := r.arg(v, len(v.Args)-1)
	out := make([]float64, r.size(v))
	for i := range out {
		out[i] = row[i%len(row)] / float64(r.env.Batch)
	}
	if len(v.Args) == 2 {
		out = zipped(r.arg(v, 0), out, func(d, s float64) float64 { return d + s })
	}
	return out
}
