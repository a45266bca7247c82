package pass

import "github.com/aegen/aegen/compiler/ir"

// penalty adds the derivative of a penalty to the gradient beside it, without storing it:
//
//	add(d, penalize_grad(z, 1/B)) → add_penalize_grad(d, z)
func penalty(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		if _, ok := v.Op.(ir.Add); !ok {
			return nil
		}
		for i, a := range v.Args {
			if op, ok := once[ir.PenalizeGrad](r, a); ok && isMean(a.Args[1]) {
				return r.add(ir.AddPenalizeGrad(op), v, v.Args[1-i], a.Args[0])
			}
		}
		return nil
	})
}
