package interp

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
)

// jacobian computes what the squared norm of a Jacobian is made of.
func (r *run) jacobian(v *ir.Value) []float64 {
	out := make([]float64, r.size(v))
	_, n := r.dims(v.Args[0])
	switch op := v.Op.(type) {
	case ir.UnitSlope:
		for i := op.Index; i < len(out); i += n {
			out[i] = op.Activation.Derivative(r.arg(v, 0)[i])
		}
	case ir.UnitSlopeGrad:
		for i := op.Index; i < len(out); i += n {
			out[i] = r.arg(v, 0)[i] * op.Activation.Curvature(r.arg(v, 1)[i])
		}
	case ir.ActivateCurve:
		for i, at := range r.arg(v, 2) {
			out[i] = r.arg(v, 0)[i] * r.arg(v, 1)[i] * op.Activation.Curvature(at)
		}
	case ir.Squares:
		for i, x := range r.arg(v, 0) {
			out[i/n] += op.Strength * x * x
		}
	case ir.SquaresGrad:
		for i, x := range r.arg(v, 0) {
			out[i] = 2 * op.Strength * x * r.arg(v, 1)[i/n]
		}
	case ir.SquaresMean:
		for i, x := range r.arg(v, 0) {
			out[i] = 2 * op.Strength * x / float64(r.env.Batch)
		}
	default:
		panic(fmt.Sprintf("internal error: no meaning of %T", op))
	}
	return out
}
