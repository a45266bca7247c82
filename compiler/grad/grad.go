// Package grad differentiates graphs: reverse mode on the IR, and the updates of training.
package grad

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// The names of the outputs that this package adds, each followed by a parameter's name.
const (
	Gradient = "grad."
	Update   = "update."
)

// Differentiate returns the graph of the loss of a forward graph and of its gradient by every parameter.
// Outputs: ir.Loss, then Gradient + name in the order of the parameters.
func Differentiate(forward *ir.Graph) *ir.Graph {
	g := ir.Slice(forward, "grad", nil, ir.Loss)
	for i, d := range gradients(g) {
		g.SetOutput(Gradient+g.Trained()[i].Op.(ir.Param).Name, d)
	}
	return g
}

// gradients appends the backward pass to g and returns the gradient of each trained parameter.
func gradients(g *ir.Graph) []*ir.Value {
	params := g.Trained()
	r := &reverse{g: g, active: trained(g), grads: map[*ir.Value]*ir.Value{}}
	loss := g.Output(ir.Loss)
	r.grads[loss] = g.Leaf(ir.Fill{Value: 1}, loss.Type, loss.At)
	for i := loss.ID; i >= 0; i-- {
		if v := g.Values[i]; r.grads[v] != nil && r.active[v] {
			r.back(v, r.grads[v])
		}
	}
	out := make([]*ir.Value, len(params))
	for i, p := range params {
		out[i] = r.grads[p]
	}
	return out
}

// trained marks the values that depend on a trained parameter: only those need gradients.
func trained(g *ir.Graph) map[*ir.Value]bool {
	active := map[*ir.Value]bool{}
	for _, v := range g.Values {
		p, isParam := v.Op.(ir.Param)
		active[v] = isParam && p.Trained()
		for _, a := range v.Args {
			active[v] = active[v] || active[a]
		}
	}
	return active
}

// reverse is one backward pass. grads holds the gradient of the loss by each value, as far as it is known.
type reverse struct {
	g      *ir.Graph
	active map[*ir.Value]bool
	grads  map[*ir.Value]*ir.Value
}

// send adds d to the gradient of v. Make is called only where v needs one.
func (r *reverse) send(v *ir.Value, make func() *ir.Value) {
	if !r.active[v] {
		return
	}
	d := make()
	if sum := r.grads[v]; sum != nil {
		d = r.g.Add(ir.Add{}, v.At, sum, d)
	}
	r.grads[v] = d
}

// back sends the gradient dy of y on to y's arguments.
func (r *reverse) back(y, dy *ir.Value) {
	add := func(op ir.Op, args ...*ir.Value) func() *ir.Value {
		return func() *ir.Value { return r.g.Add(op, y.At, args...) }
	}
	switch op := y.Op.(type) {
	case ir.Input, ir.Param, ir.Fill:
	case ir.Affine:
		r.send(y.Args[0], add(ir.Affine{Scale: op.Scale}, dy))
	case ir.Dropout:
		r.send(y.Args[0], add(op, dy)) // the same mask again
	case ir.MatMul:
		r.backMatMul(op, y, dy)
	case ir.SubBias:
		r.send(y.Args[0], func() *ir.Value { return dy })
		r.send(y.Args[1], func() *ir.Value { return r.g.Add(ir.Affine{Scale: -1}, y.At, r.g.Add(ir.SumBatch{}, y.At, dy)) })
	case ir.AddBias:
		r.send(y.Args[0], func() *ir.Value { return dy })
		r.send(y.Args[1], add(ir.SumBatch{}, dy))
	case ir.Activate:
		at := y.Args[0]
		if op.Activation.FromOutput() {
			at = y
		}
		r.send(y.Args[0], add(ir.ActivateGrad(op), dy, at))
	case ir.ActivateGrad: // of a Jacobian's row
		r.send(y.Args[0], add(op, dy, y.Args[1]))
		if op.Activation.Curved() {
			r.send(y.Args[1], add(ir.ActivateCurve(op), dy, y.Args[0], y.Args[1]))
		}
	case ir.UnitSlope:
		if op.Activation.Curved() {
			r.send(y.Args[0], add(ir.UnitSlopeGrad(op), dy, y.Args[0]))
		}
	case ir.Squares:
		r.send(y.Args[0], add(ir.SquaresGrad(op), y.Args[0], dy))
	case ir.Softmax:
		r.send(y.Args[0], add(ir.SoftmaxGrad(op), dy, y))
	case ir.BatchTopK, ir.Above:
		r.send(y.Args[0], add(ir.KeptGrad{}, dy, y))
	case ir.Quantize, ir.QuantizeBatch: // straight through
		r.send(y.Args[0], func() *ir.Value { return dy })
	case ir.Commit:
		r.send(y.Args[0], add(ir.CommitGrad(op), y.Args[0], y.Args[1], dy))
	case ir.DeadTopK:
		r.send(y.Args[0], add(ir.KeptGrad{}, dy, y))
	case ir.TopK:
		r.send(y.Args[0], add(ir.KeptGrad{}, dy, y))
	case ir.Add:
		r.send(y.Args[0], func() *ir.Value { return dy })
		r.send(y.Args[1], func() *ir.Value { return dy })
	case ir.NLL:
		if r.active[y.Args[1]] {
			panic("internal error: the target of a loss depends on a parameter")
		}
		r.send(y.Args[0], add(ir.NLLGrad(op), y.Args[0], y.Args[1], dy))
	case ir.FieldsNLL:
		r.backFields(op, y, dy)
	case ir.GaussianNLL:
		args := append([]*ir.Value{dy}, y.Args...)
		r.send(y.Args[0], add(ir.GaussianNLLGrad{}, args...))
		r.send(y.Args[2], func() *ir.Value {
			return r.g.Add(ir.SumBatch{}, y.At, r.g.Add(ir.GaussianNLLGrad{Std: true}, y.At, args...))
		})
	case ir.Sample:
		mean, logvar := y.Args[0], y.Args[1]
		r.send(mean, add(ir.SampleGrad{Draw: op.Draw}, dy, mean, logvar))
		r.send(logvar, add(ir.SampleGrad{Draw: op.Draw, LogVar: true}, dy, mean, logvar))
	case ir.Relax:
		r.send(y.Args[0], add(ir.RelaxGrad{Relaxation: op.Relaxation}, dy, y))
	case ir.ClassKL:
		r.send(y.Args[0], add(ir.ClassKLGrad(op), dy, y.Args[0]))
	case ir.KL:
		mean, logvar := y.Args[0], y.Args[1]
		r.send(mean, add(ir.KLGrad{Prior: op.Prior}, dy, mean, logvar))
		r.send(logvar, add(ir.KLGrad{Prior: op.Prior, LogVar: true}, dy, mean, logvar))
	case ir.Penalize:
		r.send(y.Args[0], add(ir.PenalizeGrad(op), y.Args[0], dy))
	case ir.MeanSamples:
		r.send(y.Args[0], add(ir.MeanSamplesGrad{}, dy))
	case ir.PenalizeMeans:
		r.send(y.Args[0], add(ir.PenalizeMeansGrad(op), y.Args[0], dy))
	case ir.ColumnSquares:
		r.send(y.Args[0], add(ir.ColumnSquaresGrad{}, y.Args[0], dy))
	case ir.Contract:
		if op.Contraction.Activation.Curved() {
			r.send(y.Args[0], add(ir.ContractGrad(op), y.Args[0], y.Args[1], dy))
		}
		r.send(y.Args[1], add(ir.ContractNormGrad(op), y.Args[0], dy))
	case ir.Orthogonal:
		r.send(y.Args[0], add(ir.OrthogonalGrad(op), y.Args[0], dy))
	case ir.Conv, ir.Deconv, ir.AddChannels, ir.MaxPool, ir.MaxUnpool, ir.MaxGather, ir.AvgPool, ir.AvgPoolGrad, ir.Upsample, ir.UpsampleGrad,
		ir.Concat, ir.Channels, ir.ChannelsGrad:
		r.backSpatial(y, dy)
	case ir.MeanBatch:
		r.send(y.Args[0], add(ir.MeanBatchGrad{}, dy))
	default:
		panic(fmt.Sprintf("internal error: no derivative of %s", ir.Word(op)))
	}
}

// backMatMul knows the two products of forward graphs: x·w and x·wᵀ.
func (r *reverse) backMatMul(op ir.MatMul, y, dy *ir.Value) {
	x, w := y.Args[0], y.Args[1]
	if op.TransA {
		panic("internal error: no derivative of a product with its first factor transposed")
	}
	r.send(x, func() *ir.Value { return r.g.Add(ir.MatMul{TransB: !op.TransB}, y.At, dy, w) })
	r.send(w, func() *ir.Value {
		if op.TransB {
			return r.g.Add(ir.MatMul{TransA: true}, y.At, dy, x)
		}
		return r.g.Add(ir.MatMul{TransA: true}, y.At, x, dy)
	})
}

// Train returns the graph of one training step. Outputs: ir.Loss, then Update + name for every parameter.
func Train(forward *ir.Graph, t nn.Training) *ir.Graph {
	g := ir.Slice(forward, "train", nil, ir.Loss)
	grads := clip(g, gradients(g), t.Clip)
	for i, p := range g.Trained() {
		update := ir.Update{Optimizer: t.Optimizer}
		if len(p.Type.Dims) == 2 {
			update.Decay, update.Unit = t.Decay, p.Op.(ir.Param).Unit
		}
		g.SetOutput(Update+p.Op.(ir.Param).Name, g.Add(update, p.At, p, grads[i]))
	}
	return g
}

// clip bounds the gradients as the spec asks.
func clip(g *ir.Graph, grads []*ir.Value, c nn.Clip) []*ir.Value {
	op := func(*ir.Value) *ir.Value { return nil }
	switch c.Kind {
	case nn.NoClip:
		return grads
	case nn.ClipValue:
		op = func(d *ir.Value) *ir.Value { return g.Add(ir.ClipToValue{Max: c.Max}, d.At, d) }
	case nn.ClipNorm:
		norm := g.Add(ir.GradNorm{}, grads[0].At, grads...)
		op = func(d *ir.Value) *ir.Value { return g.Add(ir.ClipToNorm{Max: c.Max}, d.At, d, norm) }
	}
	clipped := make([]*ir.Value, len(grads))
	for i, d := range grads {
		clipped[i] = op(d)
	}
	return clipped
}
