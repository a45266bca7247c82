package interp

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// loss computes the losses of samples, [B], or their derivatives, [B, n].
func (r *run) loss(v *ir.Value) ([]float64, error) {
	y := r.arg(v, 0)
	_, n := r.dims(v.Args[0])
	t, err := r.targets(v, n)
	if err != nil {
		return nil, err
	}
	out := make([]float64, r.size(v))
	for s := range r.env.Batch {
		y, t := y[s*n:(s+1)*n], t[s*n:(s+1)*n]
		switch op := v.Op.(type) {
		case ir.NLL:
			for i := range y {
				out[s] += op.Loss.Value(y[i], t[i], n)
			}
		case ir.LinkNLL:
			out[s], _ = op.Loss.Linked(y, t)
		case ir.NLLGrad:
			for i := range y {
				out[s*n+i] = op.Loss.Derivative(y[i], t[i], n) * r.arg(v, 2)[s]
			}
		case ir.LinkNLLGrad:
			_, slope := op.Loss.Linked(y, t)
			for i, d := range slope {
				out[s*n+i] = d / float64(r.env.Batch)
			}
		}
	}
	return out, nil
}

// targets are the n values of each sample that a loss compares with: of a class, 1 in its place and 0 elsewhere.
func (r *run) targets(v *ir.Value, n int) ([]float64, error) {
	t := r.arg(v, 1)
	if v.Args[1].Type.Elem != ir.I32 {
		return t, nil
	}
	all := make([]float64, len(t)*n)
	for s, class := range t {
		if c := int(class); float64(c) != class || c < 0 || c >= n {
			return nil, fmt.Errorf("class %v of sample %d, want 0 to %d", class, s, n-1)
		}
		all[s*n+int(class)] = 1
	}
	return all, nil
}

// softmax computes Softmax or SoftmaxGrad.
func (r *run) softmax(v *ir.Value) []float64 {
	_, n := r.dims(v)
	var out []float64
	for s := range r.env.Batch {
		row := r.arg(v, 0)[s*n : (s+1)*n]
		if _, forward := v.Op.(ir.Softmax); forward {
			p, _ := nn.Softmax(row)
			out = append(out, p...)
			continue
		}
		y, mean := r.arg(v, 1)[s*n:(s+1)*n], 0.0
		for i, d := range row {
			mean += d * y[i]
		}
		for i, d := range row {
			out = append(out, y[i]*(d-mean))
		}
	}
	return out
}
