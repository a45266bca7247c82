// Package pass rewrites graphs: a list of named passes, each from a graph to a new graph, verified after each.
package pass

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
)

// A Pass is one rewrite. It leaves the graph that it is given as it was.
type Pass struct {
	Name string
	Run  func(*ir.Graph) *ir.Graph
}

// Default is what every graph goes through, in this order.
var Default = []Pass{
	{"fold", fold},
	{"link", link},             // before dense, which would take the link for an activation of the last product
	{"posterior", posterior},   // the derivatives of a code that is sampled and of its divergence together
	{"penalty", penalty},       // penalties on what the decoder's gradient is added to
	{"kept", kept},             // before backward: what is dropped would go into a product
	{"difference", difference}, // before bias: what is left is no bias of a weight
	{"dense", dense},           // before backward: the products that are left are those of the backward pass
	{"slopes", slopes},         // before backward: derivatives beside the products that they go into
	{"backward", backward},     // activation derivatives into the products that they follow
	{"weightgrad", weightGrad}, // tied weights have two products and get one gradient
	{"bias", bias},             // after weightgrad: the bias gradient becomes one more row of the weight's
	{"update", update},         // after bias: weight and bias are updated together
	{"eliminate", eliminate},   // last: fusion leaves what it replaced behind
}

// Run applies passes in order and verifies the graph after each. An error is a defect of the pass that it names.
func Run(g *ir.Graph, passes []Pass) (*ir.Graph, error) {
	for _, p := range passes {
		g = p.Run(g)
		if err := ir.Verify(g); err != nil {
			return nil, fmt.Errorf("after pass %s: %w", p.Name, err)
		}
	}
	return g, nil
}

// A rewriter copies a graph value by value. A pass looks at old values and appends new ones.
type rewriter struct {
	out  *ir.Graph
	to   map[*ir.Value]*ir.Value // old to new
	uses map[*ir.Value]int       // of old values, outputs included
}

// rewrite copies g. Rule returns the new value for an old one, or nil for a plain copy.
func rewrite(g *ir.Graph, rule func(r *rewriter, v *ir.Value) *ir.Value) *ir.Graph {
	r := &rewriter{out: &ir.Graph{Name: g.Name}, to: map[*ir.Value]*ir.Value{}, uses: map[*ir.Value]int{}}
	for _, v := range g.Values {
		for _, a := range v.Args {
			r.uses[a]++
		}
	}
	for _, o := range g.Outputs {
		r.uses[o.Value]++
	}
	for _, v := range g.Values {
		n := rule(r, v)
		if n == nil {
			n = r.copy(v)
		}
		r.to[v] = n
	}
	for _, o := range g.Outputs {
		r.out.SetOutput(o.Name, r.to[o.Value])
	}
	return r.out
}

// copy appends v with its arguments replaced by their new values.
func (r *rewriter) copy(v *ir.Value) *ir.Value {
	if len(v.Args) == 0 {
		return r.out.Leaf(v.Op, v.Type, v.At)
	}
	return r.add(v.Op, v, v.Args...)
}

// add appends an operation in the place of v on the new values of old arguments.
func (r *rewriter) add(op ir.Op, v *ir.Value, args ...*ir.Value) *ir.Value {
	moved := make([]*ir.Value, len(args))
	for i, a := range args {
		moved[i] = r.to[a]
	}
	return r.out.Add(op, v.At, moved...)
}

// once reports whether v has the operation Op and one use only, so that it can be fused into that use.
func once[Op ir.Op](r *rewriter, v *ir.Value) (Op, bool) {
	op, ok := v.Op.(Op)
	return op, ok && r.uses[v] == 1
}

// eliminate drops what no output needs.
func eliminate(g *ir.Graph) *ir.Graph {
	names := make([]string, len(g.Outputs))
	for i, o := range g.Outputs {
		names[i] = o.Name
	}
	return ir.Slice(g, g.Name, nil, names...)
}
