package pass

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// link computes losses and their derivatives from logits:
//
//	nll(link(a), t)                                   → link_nll(a, t)
//	grad[link](nll_grad(link(a), t, 1/B), link(a))    → link_nll_grad(a, t)
//	fields_nll_grad(1/B, …)                           → fields_nll_grad[mean](…)
//
// The link of categorical is the softmax, and its derivative softmax_grad.
func link(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		switch op := v.Op.(type) {
		case ir.NLL:
			if a := logits(v.Args[0], op.Loss); a != nil {
				return r.add(ir.LinkNLL(op), v, a, v.Args[1])
			}
		case ir.NLLGrad:
			if linkOf(op.Loss) == (ir.Activate{}) && isMean(v.Args[2]) {
				return r.add(ir.LinkNLLGrad(op), v, v.Args[0], v.Args[1])
			}
		case ir.GaussianNLLGrad:
			if !op.Mean && isMean(v.Args[0]) {
				return r.add(ir.GaussianNLLGrad{Std: op.Std, Mean: true}, v, v.Args[1:]...)
			}
		case ir.FieldsNLLGrad:
			if !op.Mean && isMean(v.Args[0]) {
				return r.add(ir.FieldsNLLGrad{Record: op.Record, Mean: true}, v, v.Args[1:]...)
			}
		case ir.FieldsStdGrad:
			if !op.Mean && isMean(v.Args[0]) {
				return r.add(ir.FieldsStdGrad{Record: op.Record, Mean: true}, v, v.Args[1:]...)
			}
		case ir.ActivateGrad, ir.SoftmaxGrad:
			d, ok := once[ir.NLLGrad](r, v.Args[0])
			if !ok || linkOf(d.Loss) != v.Args[1].Op || v.Args[0].Args[0] != v.Args[1] || !isMean(v.Args[0].Args[2]) {
				return nil
			}
			return r.add(ir.LinkNLLGrad(d), v, v.Args[1].Args[0], v.Args[0].Args[1])
		}
		return nil
	})
}

// logits returns the value whose link is r, or nil.
func logits(r *ir.Value, loss nn.Loss) *ir.Value {
	switch linkOf(loss) {
	case ir.Activate{}:
		return r
	case r.Op:
		return r.Args[0]
	}
	return nil
}

// linkOf is the operation that turns logits into what a loss compares; that of the identity is the zero Activate.
func linkOf(loss nn.Loss) ir.Op {
	if loss.Labels != nil {
		return ir.Softmax{Classes: loss.Labels.Classes}
	}
	if loss.Likelihood == nn.Categorical {
		return ir.Softmax{}
	}
	return ir.Activate{Activation: loss.Link()}
}

// isMean reports whether ds is the derivative of the mean over the batch: 1/B for each sample.
func isMean(ds *ir.Value) bool {
	if _, ok := ds.Op.(ir.MeanBatchGrad); !ok {
		return false
	}
	return isOne(ds.Args[0])
}

// isOne reports whether d is the constant 1: the derivative of the loss by itself.
func isOne(d *ir.Value) bool {
	fill, ok := d.Op.(ir.Fill)
	return ok && fill.Value == 1
}

// dense fuses product, bias and activation. An activation stays outside where its input has another use:
// the derivatives of gelu and silu need it.
func dense(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		sum, activation := v, nn.Activation{}
		if op, ok := v.Op.(ir.Activate); ok {
			if _, ok := once[ir.AddBias](r, v.Args[0]); !ok {
				return nil
			}
			sum, activation = v.Args[0], op.Activation
		}
		if _, ok := sum.Op.(ir.AddBias); !ok {
			return nil
		}
		product, ok := once[ir.MatMul](r, sum.Args[0])
		if !ok || product.TransA {
			return nil
		}
		x, w := sum.Args[0].Args[0], sum.Args[0].Args[1]
		return r.add(ir.Dense{Activation: activation, TransW: product.TransB}, v, x, w, sum.Args[1])
	})
}

// backward turns the products of the backward pass into DenseGrad, with the derivative of the activation before them.
func backward(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		switch op := v.Op.(type) {
		case ir.MatMul:
			if !op.TransA {
				return r.add(ir.DenseGrad{TransW: !op.TransB}, v, v.Args...)
			}
		case ir.ActivateGrad:
			product, ok := once[ir.MatMul](r, v.Args[0])
			if ok && !product.TransA {
				dy, w := v.Args[0].Args[0], v.Args[0].Args[1]
				return r.add(ir.DenseGrad{Activation: op.Activation, TransW: !product.TransB}, v, dy, w, v.Args[1])
			}
		}
		return nil
	})
}
