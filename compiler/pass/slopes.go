package pass

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// slopes brings the derivative of an activation to the products that its argument is made of, whose last step it becomes:
//
//	grad[f](dropout(d), at)   → dropout(grad[f](d, at))
//	grad[f](add(a, b), at)    → add(grad[f](a, at), grad[f](b, at))
//
// where d, a and b are products of the backward pass. A dropout multiplies by numbers that do not depend on d. Of a sum, the derivative is
// taken twice: only one that is a little arithmetic on f's output is.
func slopes(g *ir.Graph) *ir.Graph {
	return eliminate(rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		op, ok := v.Op.(ir.ActivateGrad)
		if !ok {
			return nil
		}
		d, at := v.Args[0], v.Args[1]
		if drop, ok := once[ir.Dropout](r, d); ok && product(r, d.Args[0]) {
			return r.out.Add(drop, d.At, r.add(op, v, d.Args[0], at))
		}
		if _, ok := once[ir.Add](r, d); ok && op.Activation.FromOutput() && product(r, d.Args[0]) && product(r, d.Args[1]) {
			return r.out.Add(ir.Add{}, v.At, r.add(op, v, d.Args[0], at), r.add(op, v, d.Args[1], at))
		}
		return nil
	})) // what is left of the sums is a second use of the products
}

// product reports whether a value is a product of samples with a weight that is used once.
func product(r *rewriter, v *ir.Value) bool {
	return backOf(v.Op, nn.Activation{}) != nil && r.uses[v] == 1
}
