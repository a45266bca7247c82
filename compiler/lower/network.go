package lower

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/plan"
)

// network decides whether one function takes samples through the dense layers that a routine begins with: the weights lie in the
// first cache, and the calls of one function a layer would take as long as the arithmetic. There is no function for one layer.
func (l *lowerer) network(r *plan.Routine) {
	v := l.target.Vector
	if !l.vector() || l.weightBytes() > 4*v.Small {
		return
	}
	op := &plan.Network{Narrow: v.Narrow.Whole, Wide: v.Wide.Whole}
	key := "network"
	for _, s := range r.Steps {
		layer, ok := l.networkLayer(s)
		if !ok {
			break
		}
		op.Layers = append(op.Layers, layer)
		key += fmt.Sprint(" ", layer.Offset, layer.Activation)
	}
	if len(op.Layers) < 2 || len(r.Steps)-len(op.Layers) > 1 {
		return
	}
	for i := range op.Layers {
		quads(op.Layers, i)
	}
	if op.Ahead = ahead(op.Layers); op.Ahead > 0 {
		op.Wide = v.Wide.Ahead
	}
	r.Network, r.Covered = l.function("network"+r.Name, op, key), len(op.Layers)
}

// networkLayer is a step as a layer of a network, if it can be one.
func (l *lowerer) networkLayer(s *plan.Step) (layer plan.NetworkLayer, ok bool) {
	p, ok := s.Kernel.Op.(*plan.Product)
	if !ok || p.Transposed || p.Bias != nil || p.Fast == nil {
		return layer, false
	}
	offset := 0
	for _, b := range l.p.Params {
		if b == p.Weights {
			break
		}
		offset += b.Floats()
	}
	return plan.NetworkLayer{Block: p.Weights, Offset: offset, Activation: p.Activation, After: !inRegisters(p.Activation)}, true
}

// ahead is how many layers the next tile's first layer is computed beside: those between it and the last one, and that too if it is narrow.
// Each of their sums waits for the one before it. There are none where an activation needs all registers.
func ahead(layers []plan.NetworkLayer) int {
	n := len(layers) - 1
	if !layers[n].Quads {
		n--
	}
	if slices.ContainsFunc(layers[:n+1], func(l plan.NetworkLayer) bool { return l.After }) {
		return 0
	}
	return n
}

// quads decides whether layer i computes four samples a register: its outputs fill a quarter, what it reads is whole quarters, and
// so is what it writes for the caller.
func quads(layers []plan.NetworkLayer, i int) {
	const quad = 4
	l := &layers[i]
	inFrame, outFrame := i > 0, i < len(layers)-1
	l.Quads = l.Block.Out <= quad && (inFrame || l.Block.In%quad == 0) && (outFrame || l.Block.Out == quad)
}
