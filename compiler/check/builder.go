package check

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A builder appends values to a graph, layer by layer.
type builder struct {
	*ir.Graph
	layers  []ir.Layer
	section ir.Section
	index   [3]int    // layers with weights so far, by section
	names   []string  // of the dense layers to come, where they do not follow from the section
	built   []partner // layers with weights of their own; a tied decoder takes them from the end
	tied    bool

	rows     *ir.Value   // of a record as given
	standard []*ir.Value // mean and log deviation of a record's standardised fields
	logStd   *ir.Value   // of a record's normal fields

	marks    map[string]*ir.Value // what the names of lines stand for
	pools    map[int]pooled       // max pools by their number
	params   map[string]*ir.Value
	last     lastProduct
	training bool        // whether the graph is the objective of training
	terms    []*ir.Value // [B]: added to the loss of each sample, not to its score
	dropouts int         // so far
	costs    []*ir.Value // []: added to the loss of the batch

	code       code      // its settings
	sharesCode bool      // whether the decoder begins with the bottleneck's weight
	shallow    bool      // whether the encoder is one layer: design.isShallow
	norms      *ir.Value // squared norms of the columns of the bottleneck's weight, where a term needs them
}

// A lastProduct is the weight of the last dense layer, and whether it is transposed there.
type lastProduct struct {
	weight     *ir.Value
	transposed bool
}

// A partner is a layer whose weight another may share.
type partner struct {
	name   string
	weight *ir.Value
}

// steps writes one section or the body of a residual, and returns its result.
func (b *builder) steps(steps []step, x *ir.Value) *ir.Value {
	for i, s := range steps {
		switch s := s.(type) {
		case dense:
			x = b.dense(s, follower(steps, i), x)
		case activate:
			x = b.activate(s, followsLayer(steps, i), x)
		case topk:
			x = b.keep(s, x)
		case quantize:
			x = b.quantize(s, x)
		case dropout:
			x = b.dropout(s, x)
		case residual:
			x = b.Add(ir.Add{}, s.at, x, b.steps(s.body, x))
			b.row(ir.Layer{Kind: "residual", In: x.Type.Dims[1], Out: x.Type.Dims[1], At: s.at})
		default:
			if !isSpatial(s) {
				panic(fmt.Sprintf("internal error: unknown step %T", s))
			}
			x = b.spatial(s, follower(steps, i), x)
		}
	}
	return x
}

// followsLayer reports whether the step at index i stands directly behind a layer with weights. What passes values on between them does not count.
func followsLayer(steps []step, i int) bool {
	for i--; i >= 0; i-- {
		if !passes(steps[i]) {
			return isLayer(steps[i])
		}
	}
	return false
}

// follower is the activation directly behind the step at index i. What passes values on between them does not count.
func follower(steps []step, i int) nn.Activation {
	for _, s := range steps[i+1:] {
		if passes(s) {
			continue
		}
		if s, ok := s.(activate); ok {
			return s.activation
		}
		break
	}
	return nn.Activation{}
}

// dense writes x·w + b, and lists the layer with the activation that follows.
func (b *builder) dense(s dense, f nn.Activation, x *ir.Value) *ir.Value {
	name := b.name()
	if s.name != "" {
		name = s.name
	}
	return b.denseOf(name, s, f, x)
}

// denseOf is dense under a name.
func (b *builder) denseOf(name string, s dense, f nn.Activation, x *ir.Value) *ir.Value {
	row := ir.Layer{
		Name: name, Kind: "dense", In: s.in, Out: s.out, Activation: f,
		Params: s.out, Weights: s.in * s.out, MultiplyAdds: s.in * s.out, At: s.at,
	}
	var y *ir.Value
	if b.tied {
		p := b.built[len(b.built)-1]
		b.built = b.built[:len(b.built)-1]
		row.Tied = p.name
		b.last = lastProduct{p.weight, true}
		y = b.Add(ir.MatMul{TransB: true}, s.at, x, p.weight)
	} else {
		w := b.param(ir.Param{Name: name + ".weight", Bound: bound(f, s.in, s.out), Unit: b.unit(), Frozen: s.frozen}, ir.Floats(s.in, s.out), s.at)
		if b.training && b.section == ir.Bottleneck {
			b.constrain(w)
		}
		row.Params += s.in * s.out
		b.built = append(b.built, partner{name, w})
		b.last = lastProduct{w, false}
		y = b.Add(ir.MatMul{}, s.at, x, w)
	}
	bias := b.param(ir.Param{Name: name + ".bias", Frozen: s.frozen}, ir.Floats(s.out), s.at)
	b.row(row)
	return b.Add(ir.AddBias{}, s.at, y, bias)
}

// param is a parameter, made on its first use.
func (b *builder) param(op ir.Param, t ir.Type, at source.Span) *ir.Value {
	if b.params[op.Name] == nil {
		b.params[op.Name] = b.Leaf(op, t, at)
	}
	return b.params[op.Name]
}

// name is the prefix of the next layer's parameters.
func (b *builder) name() string {
	if len(b.names) > 0 {
		name := b.names[0]
		b.names = b.names[1:]
		return name
	}
	i := b.index[b.section]
	b.index[b.section]++
	switch b.section {
	case ir.Encoder:
		return fmt.Sprintf("encoder.%d", i)
	case ir.Bottleneck:
		return "bottleneck"
	case ir.Decoder:
		return fmt.Sprintf("decoder.%d", i)
	default:
		panic(fmt.Sprintf("internal error: unknown section %d", b.section))
	}
}

func (b *builder) row(l ir.Layer) {
	l.Section = b.section
	b.layers = append(b.layers, l)
}

// activate writes f(x). The identity writes nothing. An activation that no dense layer's row shows has a row of its own.
func (b *builder) activate(s activate, listed bool, x *ir.Value) *ir.Value {
	if s.activation.Func == nn.Identity {
		return x
	}
	if n := x.Type.Dims[1]; !listed {
		b.row(ir.Layer{Kind: "activation", In: n, Out: n, Activation: s.activation, At: s.at})
	}
	return b.Add(ir.Activate{Activation: s.activation}, s.at, x)
}

// bound is the end of the interval that a weight starts in, by the activation that follows it:
// He et al. 2015 for those that pass half of the line, LeCun et al. 1998 for selu (Klambauer et al. 2017),
// Glorot and Bengio 2010 for the rest.
func bound(f nn.Activation, in, out int) float64 {
	switch f.Func {
	case nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU:
		return math.Sqrt(6 / float64(in))
	case nn.SELU:
		return math.Sqrt(3 / float64(in))
	default:
		return math.Sqrt(6 / float64(in+out))
	}
}
