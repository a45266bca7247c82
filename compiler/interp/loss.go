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
	t, err := r.targets(v, n, lossOf(v.Op))
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

// lossOf is the loss of an operation.
func lossOf(op ir.Op) nn.Loss {
	switch op := op.(type) {
	case ir.NLL:
		return op.Loss
	case ir.LinkNLL:
		return op.Loss
	case ir.NLLGrad:
		return op.Loss
	case ir.LinkNLLGrad:
		return op.Loss
	}
	panic(fmt.Sprintf("internal error: no loss of %T", op))
}

// targets are the n values of each sample that a loss compares with: of a class, 1 in its place and 0 elsewhere; of the class of a place of
// an image, its weight instead of 1.
func (r *run) targets(v *ir.Value, n int, loss nn.Loss) ([]float64, error) {
	t := r.arg(v, 1)
	if v.Args[1].Type.Elem != ir.I32 {
		return t, nil
	}
	if l := loss.Labels; l != nil {
		all, places := make([]float64, r.env.Batch*n), n/l.Classes
		for i, class := range t {
			if c := int(class); float64(c) != class || !l.Valid(c) {
				return nil, fmt.Errorf("class %v of sample %d, place %d, want %v", class, i/places, i%places, l)
			} else if w := l.Weight(c); w != 0 {
				all[i*l.Classes+c] = w
			}
		}
		return all, nil
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
	rows := r.env.Batch
	switch op := v.Op.(type) {
	case ir.Softmax:
		rows, n = rowsOf(rows, n, op.Classes)
	case ir.SoftmaxGrad:
		rows, n = rowsOf(rows, n, op.Classes)
	}
	var out []float64
	for s := range rows {
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

// rowsOf is how many rows of how many values samples of n values are, where a softmax goes over so many classes; 0 means all.
func rowsOf(samples, n, classes int) (rows, width int) {
	if classes == 0 {
		return samples, n
	}
	return samples * n / classes, classes
}
