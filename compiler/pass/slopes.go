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
// where d, a and b are products of the backward pass. Where a penalty has its derivative added to the argument, that becomes the last step of the
// addition:
//
//	grad[f](add_penalize_grad(d, at), at)   → add_penalize_grad[f](d, at)
//	grad[f](add_contract_grad(d, at, s), at) → add_contract_grad[f](d, at, s)
//	grad[f](add_mean_grad(d, row), at)      → add_mean_grad[f](d, row, at)
//
// A dropout multiplies by numbers that do not depend on d. Of a sum, the derivative is
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
		if p, ok := once[ir.AddPenalizeGrad](r, d); ok && p.Slope.Func == nn.Identity && d.Args[1] == at && op.Activation.FromOutput() {
			return r.add(ir.AddPenalizeGrad{Penalty: p.Penalty, Slope: op.Activation}, v, d.Args...)
		}
		if c, ok := once[ir.AddContractGrad](r, d); ok && c.Slope.Func == nn.Identity && d.Args[1] == at {
			return r.add(ir.AddContractGrad{Contraction: c.Contraction, Slope: op.Activation}, v, d.Args...)
		}
		if m, ok := once[ir.AddMeanGrad](r, d); ok && m.Slope.Func == nn.Identity {
			return r.add(ir.AddMeanGrad{Slope: op.Activation}, v, d.Args[0], d.Args[1], at)
		}
		return nil
	})) // what is left of the sums is a second use of the products
}

// product reports whether a value is a product of samples with a weight that is used once.
func product(r *rewriter, v *ir.Value) bool {
	return backOf(v.Op, nn.Activation{}) != nil && r.uses[v] == 1
}
