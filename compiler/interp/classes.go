package interp

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// classes computes an operation on a code of discrete units, unit by unit. Its last argument is the logits, or of RelaxGrad its result.
func (r *run) classes(v *ir.Value) []float64 {
	last := len(v.Args) - 1
	at := r.arg(v, last)
	_, n := r.dims(v.Args[last])
	out := make([]float64, r.size(v))
	each := func(classes int, do func(i int, unit []float64)) {
		for i := 0; i < len(at); i += classes {
			do(i, at[i:i+classes])
		}
	}
	switch op := v.Op.(type) {
	case ir.Relax:
		k := op.Relaxation.Classes
		each(k, func(i int, logits []float64) {
			u := make([]float64, k)
			for c := range u {
				u[c] = nn.Fraction(nn.NoiseBits(r.env.Seed, op.Stream, r.env.Step, i/n, i%n+c))
			}
			op.Relaxation.Relaxed(out[i:i+k], logits, u, op.Relaxation.At(r.env.Epoch))
		})
	case ir.RelaxGrad:
		k := op.Relaxation.Classes
		each(k, func(i int, y []float64) {
			op.Relaxation.RelaxedSlope(out[i:i+k], r.arg(v, 0)[i:i+k], y, op.Relaxation.At(r.env.Epoch))
		})
	case ir.Choose:
		k := op.Relaxation.Classes
		each(k, func(i int, logits []float64) {
			var u []float64
			for c := range k {
				if op.Fixed {
					u = append(u, nn.Level(op.Draw, i%n+c))
				}
			}
			op.Relaxation.Choose(out[i:i+k], logits, u)
		})
	case ir.ClassKL:
		each(op.Relaxation.Classes, func(i int, logits []float64) {
			out[i/n] += op.Prior.BetaAt(r.env.Epoch) * op.Relaxation.Divergence(logits)
		})
	case ir.ClassKLGrad:
		k := op.Relaxation.Classes
		each(k, func(i int, logits []float64) {
			op.Relaxation.DivergenceSlope(out[i:i+k], logits, op.Prior.BetaAt(r.env.Epoch)*r.arg(v, 0)[i/n])
		})
	case ir.AddClassKLGrad:
		k := op.Relaxation.Classes
		copy(out, r.arg(v, 0))
		each(k, func(i int, logits []float64) {
			op.Relaxation.DivergenceSlope(out[i:i+k], logits, op.Prior.BetaAt(r.env.Epoch)/float64(r.env.Batch))
		})
	default:
		panic(fmt.Sprintf("internal error: no meaning of %T", v.Op))
	}
	return out
}
