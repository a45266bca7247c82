package interp

import "github.com/aegen/aegen/compiler/ir"

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
