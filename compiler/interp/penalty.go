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
			out[i] = (r.arg(v, 0)[i] + op.Penalty.Derivative(z)/float64(r.env.Batch)) * op.Slope.Derivative(z)
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

// spread gives each sample its part of a row, [n]; of AddMeanGrad it adds that to a gradient, and multiplies the sum by a slope.
func (r *run) spread(v *ir.Value) []float64 {
	op, adds := v.Op.(ir.AddMeanGrad)
	row := r.arg(v, min(1, len(v.Args)-1))
	out := make([]float64, r.size(v))
	for i := range out {
		out[i] = row[i%len(row)] / float64(r.env.Batch)
		if adds {
			out[i] += r.arg(v, 0)[i]
		}
		if len(v.Args) == 3 {
			out[i] *= op.Slope.Derivative(r.arg(v, 2)[i])
		}
	}
	return out
}

// weightPenalty computes a function of a weight [k, n], or its derivative.
func (r *run) weightPenalty(v *ir.Value) []float64 {
	w := r.matrix(v, 0, false)
	switch op := v.Op.(type) {
	case ir.ColumnSquares:
		return matrix{mapped(w.v, func(x float64) float64 { return x * x }), w.rows, w.cols}.columnSums()
	case ir.ColumnSquaresGrad:
		out := make([]float64, len(w.v))
		for i, x := range w.v {
			out[i] = 2 * x * r.arg(v, 1)[i%w.cols]
		}
		return out
	case ir.Orthogonal:
		gram := gram(w)
		return []float64{op.Strength * sum(zipped(gram.v, gram.v, func(a, b float64) float64 { return a * b }))}
	case ir.OrthogonalGrad:
		return mapped(w.times(gram(w)).v, func(x float64) float64 { return 4 * op.Strength * x * r.arg(v, 1)[0] })
	case ir.OrthogonalSlope:
		return mapped(w.times(gram(w)).v, func(x float64) float64 { return 4 * op.Strength * x })
	case ir.AddWeightGrad:
		out := append([]float64(nil), w.v...)
		for i, t := range r.arg(v, 1) {
			out[i] += t
		}
		return out
	}
	panic(fmt.Sprintf("internal error: no penalty of weights %T", v.Op))
}

// gram is wᵀw - I.
func gram(w matrix) matrix {
	g := w.transposed().times(w)
	for i := range g.rows {
		g.v[i*g.cols+i]--
	}
	return g
}

// contraction computes the contractions of samples, [B], or a derivative of them.
func (r *run) contraction(v *ir.Value) []float64 {
	out := make([]float64, r.size(v))
	b := float64(r.env.Batch)
	switch op := v.Op.(type) {
	case ir.Contract:
		s := r.arg(v, 1)
		for i, at := range r.arg(v, 0) {
			out[i/len(s)] += op.Contraction.Value(at) * s[i%len(s)]
		}
	case ir.ContractGrad:
		s := r.arg(v, 1)
		for i, at := range r.arg(v, 0) {
			out[i] = op.Contraction.Derivative(at) * s[i%len(s)] * r.arg(v, 2)[i/len(s)]
		}
	case ir.AddContractGrad:
		s := r.arg(v, 2)
		for i, at := range r.arg(v, 1) {
			out[i] = (r.arg(v, 0)[i] + op.Contraction.Derivative(at)*s[i%len(s)]/b) * op.Slope.Derivative(at)
		}
	case ir.ContractNormGrad:
		for i, at := range r.arg(v, 0) {
			out[i%len(out)] += op.Contraction.Value(at) * r.arg(v, 1)[i/len(out)]
		}
	case ir.ContractNormMean:
		for i, at := range r.arg(v, 0) {
			out[i%len(out)] += op.Contraction.Value(at) / b
		}
	}
	return out
}
