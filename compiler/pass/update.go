package pass

import (
	"slices"

	"github.com/aegen/aegen/compiler/ir"
)

// weightGrad turns the products of the samples into WeightGrad, and sums of them into one with several pairs. What else is added to
// the gradient of a weight is a function of the weight.
func weightGrad(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		switch op := v.Op.(type) {
		case ir.MatMul:
			if op.TransA {
				return r.add(ir.WeightGrad{}, v, v.Args...)
			}
		case ir.ConvWeightGrad:
			return r.add(ir.WeightGrad{Window: op.Window, Deconv: op.Deconv}, v, v.Args...)
		case ir.Add:
			a, b := r.to[v.Args[0]], r.to[v.Args[1]]
			_, isA := a.Op.(ir.WeightGrad)
			if isA && a.Op == b.Op && r.uses[v.Args[0]] == 1 && r.uses[v.Args[1]] == 1 {
				return r.out.Add(a.Op, v.At, slices.Concat(a.Args, b.Args)...)
			}
			_, added := a.Op.(ir.AddWeightGrad)
			if (isA || added) && len(v.Type.Dims) == 2 && v.Type.Dims[0] != ir.Batch {
				return r.out.Add(ir.AddWeightGrad{}, v.At, a, b)
			}
		}
		return nil
	})
}

// A couple is a weight and the bias of the same layer, with their updates.
type couple struct {
	weight, bias *ir.Value // the updates
	d            *ir.Value // the gradient whose sum is the bias's
}

// bias joins the updates of a layer's weight and bias:
//
//	update(w, clip(weight_grad(x, d))), update(b, clip(sum_batch(d))) → update[bias](w, b, clip(weight_grad[bias](x, d)))
//
// Of a convolution the sum is sum_channels. Clip is any clipping or none, and may have terms of the weight within.
func bias(g *ir.Graph) *ir.Graph {
	couples := couplesOf(g)
	weightGrads, sums := map[*ir.Value]couple{}, map[*ir.Value]bool{}
	updates, joined := map[*ir.Value]couple{}, map[*ir.Value]*ir.Value{}
	for _, c := range couples {
		weightGrads[unclipped(c.weight.Args[1])] = c
		sums[unclipped(c.bias.Args[1])] = true
		updates[c.weight] = c
		joined[c.bias] = c.weight
	}
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		if c, ok := weightGrads[v]; ok {
			op := v.Op.(ir.WeightGrad)
			op.Bias = true
			return r.add(op, v, pairFirst(v.Args, c.d)...)
		}
		if c, ok := updates[v]; ok {
			op := v.Op.(ir.Update)
			op.Bias = true
			return r.add(op, v, v.Args[0], c.bias.Args[0], v.Args[1])
		}
		if weight := joined[v]; weight != nil {
			return r.to[weight]
		}
		if _, ok := v.Op.(ir.GradNorm); ok {
			return r.add(v.Op, v, slices.DeleteFunc(slices.Clone(v.Args), func(a *ir.Value) bool { return sums[a] })...)
		}
		return nil
	})
}

// couplesOf finds the layers whose weight and bias can be updated together, in the order of the graph.
func couplesOf(g *ir.Graph) []couple {
	updates := map[*ir.Value]*ir.Value{} // parameter to its update
	for _, v := range g.Values {
		if _, ok := v.Op.(ir.Update); ok {
			updates[v.Args[0]] = v
		}
	}
	var couples []couple
	for _, v := range g.Values {
		if !layered(v.Op) || updates[v.Args[1]] == nil || updates[v.Args[2]] == nil {
			continue
		}
		c := couple{weight: updates[v.Args[1]], bias: updates[v.Args[2]]}
		if c.weight.ID > c.bias.ID {
			continue
		}
		w, sum := unclipped(c.weight.Args[1]), unclipped(c.bias.Args[1])
		_, isGrad := w.Op.(ir.WeightGrad)
		if isGrad && summed(sum.Op) && pairFirst(w.Args, sum.Args[0]) != nil {
			c.d = sum.Args[0]
			couples = append(couples, c)
		}
	}
	return couples
}

// layered reports whether an operation is a layer with a weight of its own.
func layered(op ir.Op) bool {
	switch op := op.(type) {
	case ir.Dense:
		return !op.TransW
	case ir.ConvLayer:
		return !op.Adjoint
	}
	return false
}

// summed reports whether an operation is the sum that the gradient of a bias is.
func summed(op ir.Op) bool {
	switch op.(type) {
	case ir.SumBatch, ir.SumChannels:
		return true
	}
	return false
}

// unclipped is the gradient below a clipping, without what is added to it.
func unclipped(d *ir.Value) *ir.Value {
	switch d.Op.(type) {
	case ir.ClipToNorm, ir.ClipToValue, ir.AddWeightGrad:
		return unclipped(d.Args[0])
	}
	return d
}

// pairFirst moves the pair whose second part is d to the front; nil if there is none.
func pairFirst(pairs []*ir.Value, d *ir.Value) []*ir.Value {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == d {
			return slices.Concat(pairs[i:i+2], pairs[:i], pairs[i+2:])
		}
	}
	return nil
}

// update puts the update into the epilogue of the weight gradient, so that the gradient is never stored.
// It does not pay where the gradient has another use: clipping by the norm needs all gradients before any update.
func update(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		op, ok := v.Op.(ir.Update)
		if !ok {
			return nil
		}
		params := v.Args[:len(v.Args)-1]
		fused := ir.WeightUpdate{Update: op}
		d := v.Args[len(params)]
		if clip, ok := once[ir.ClipToValue](r, d); ok {
			fused.Clip, d = clip.Max, d.Args[0]
		}
		g, ok := once[ir.WeightGrad](r, d)
		if !ok {
			return nil
		}
		fused.Window, fused.Deconv = g.Window, g.Deconv
		return r.add(fused, v, slices.Concat(params, d.Args)...)
	})
}
