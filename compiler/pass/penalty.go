package pass

import "github.com/aegen/aegen/compiler/ir"

// penalty adds the derivative of a penalty to the gradient beside it, without storing it:
//
//	add(d, penalize_grad(z, 1/B))   → add_penalize_grad(d, z)
//	add(d, class_kl_grad(1/B, a))   → add_class_kl_grad(d, a)
//	add(d, commit_grad(h, z, 1/B))  → add_commit_grad(d, h, z)
//	add(d, mean_samples_grad(m))    → add_mean_grad(d, m)
//	penalize_means_grad(m, 1)       → penalize_means_slope(m)
//	add(d, contract_grad(at, s, 1/B)) → add_contract_grad(d, at, s)
//	contract_norm_grad(at, 1/B)     → contract_norm_mean(at)
//	orthogonal_grad(w, 1)           → orthogonal_slope(w)
//	squares_grad(x, 1/B)            → squares_mean(x)
func penalty(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		switch op := v.Op.(type) {
		case ir.PenalizeMeansGrad:
			if isOne(v.Args[1]) {
				return r.add(ir.PenalizeMeansSlope(op), v, v.Args[0])
			}
		case ir.ContractNormGrad:
			if isMean(v.Args[1]) {
				return r.add(ir.ContractNormMean(op), v, v.Args[0])
			}
		case ir.OrthogonalGrad:
			if isOne(v.Args[1]) {
				return r.add(ir.OrthogonalSlope(op), v, v.Args[0])
			}
		case ir.SquaresGrad:
			if isMean(v.Args[1]) {
				return r.add(ir.SquaresMean(op), v, v.Args[0])
			}
		case ir.Add:
			for i, a := range v.Args {
				other := v.Args[1-i]
				if op, ok := once[ir.PenalizeGrad](r, a); ok && isMean(a.Args[1]) {
					return r.add(ir.AddPenalizeGrad{Penalty: op.Penalty}, v, other, a.Args[0])
				}
				if op, ok := once[ir.CommitGrad](r, a); ok && isMean(a.Args[2]) {
					return r.add(ir.AddCommitGrad(op), v, other, a.Args[0], a.Args[1])
				}
				if op, ok := once[ir.ContractGrad](r, a); ok && isMean(a.Args[2]) {
					return r.add(ir.AddContractGrad{Contraction: op.Contraction}, v, other, a.Args[0], a.Args[1])
				}
				if op, ok := once[ir.ClassKLGrad](r, a); ok && isMean(a.Args[0]) {
					return r.add(ir.AddClassKLGrad(op), v, other, a.Args[1])
				}
				if _, ok := once[ir.MeanSamplesGrad](r, a); ok {
					return r.add(ir.AddMeanGrad{}, v, other, a.Args[0])
				}
			}
		}
		return nil
	})
}
