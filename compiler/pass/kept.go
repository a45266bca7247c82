package pass

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// kept drops the derivative of an activation that passes exactly the values that are kept and not 0, also of a sum of such gradients:
//
//	grad[relu](kept_grad(dy, topk(h)), h) → kept_grad(dy, topk(h))
func kept(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		op, ok := v.Op.(ir.ActivateGrad)
		if !ok || op.Activation.Func != nn.ReLU && op.Activation.Func != nn.JumpReLU || !keptOf(v.Args[0], v.Args[1]) {
			return nil
		}
		return r.to[v.Args[0]]
	})
}

// keptOf reports whether a gradient is 0 wherever no value of h was kept.
func keptOf(d, h *ir.Value) bool {
	switch d.Op.(type) {
	case ir.Add:
		return keptOf(d.Args[0], h) && keptOf(d.Args[1], h)
	case ir.KeptGrad:
		switch d.Args[1].Op.(type) {
		case ir.TopK, ir.BatchTopK, ir.DeadTopK:
			return d.Args[1].Args[0] == h
		}
	}
	return false
}

// difference takes the difference of two gradients before their sums over the samples:
//
//	add(sum_batch(a), -sum_batch(b)) → sum_batch(sub(a, b))
func difference(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		if _, ok := v.Op.(ir.Add); !ok {
			return nil
		}
		for i, minus := range v.Args {
			plus := v.Args[1-i]
			op, ok := once[ir.Affine](r, minus)
			if !ok || op != (ir.Affine{Scale: -1}) {
				continue
			}
			_, sumA := once[ir.SumBatch](r, plus)
			_, sumB := once[ir.SumBatch](r, minus.Args[0])
			if sumA && sumB {
				sub := r.add(ir.Sub{}, v, plus.Args[0], minus.Args[0].Args[0])
				return r.out.Add(ir.SumBatch{}, v.At, sub)
			}
		}
		return nil
	})
}
