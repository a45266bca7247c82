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
			if !biased(v.Args[0]) || r.uses[v.Args[0]] != 1 {
				return nil
			}
			sum, activation = v.Args[0], op.Activation
		}
		if !biased(sum) || r.uses[sum.Args[0]] != 1 {
			return nil
		}
		layer := layerOf(sum.Args[0].Op, activation)
		if layer == nil {
			return nil
		}
		x, w := sum.Args[0].Args[0], sum.Args[0].Args[1]
		return r.add(layer, v, x, w, sum.Args[1])
	})
}

// biased reports whether v is a sum with a bias.
func biased(v *ir.Value) bool {
	switch v.Op.(type) {
	case ir.AddBias, ir.AddChannels:
		return true
	}
	return false
}

// layerOf is a product of samples with a bias and an activation in one, or nil.
func layerOf(product ir.Op, a nn.Activation) ir.Op {
	switch op := product.(type) {
	case ir.MatMul:
		if !op.TransA {
			return ir.Dense{Activation: a, TransW: op.TransB}
		}
	case ir.Conv:
		return ir.ConvLayer{Window: op.Window, Adjoint: op.Adjoint, Activation: a}
	case ir.Deconv:
		return ir.ConvLayer{Window: op.Window, Deconv: true, Adjoint: op.Adjoint, Activation: a}
	}
	return nil
}

// backward turns the products of the backward pass into DenseGrad and ConvBack, with the derivative of the activation before them.
func backward(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		if back := backOf(v.Op, nn.Activation{}); back != nil {
			return r.add(back, v, v.Args...)
		}
		if op, ok := v.Op.(ir.ActivateGrad); ok && product(r, v.Args[0]) {
			dy, w := v.Args[0].Args[0], v.Args[0].Args[1]
			return r.add(backOf(v.Args[0].Op, op.Activation), v, dy, w, v.Args[1])
		}
		return nil
	})
}

// backOf is a product of samples with the derivative of an activation in one, or nil.
func backOf(product ir.Op, a nn.Activation) ir.Op {
	switch op := product.(type) {
	case ir.MatMul:
		if !op.TransA {
			return ir.DenseGrad{Activation: a, TransW: !op.TransB}
		}
	case ir.Conv:
		return ir.ConvBack{Window: op.Window, Adjoint: op.Adjoint, Activation: a}
	case ir.Deconv:
		return ir.ConvBack{Window: op.Window, Deconv: true, Adjoint: op.Adjoint, Activation: a}
	}
	return nil
}
