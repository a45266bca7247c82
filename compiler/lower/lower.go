// Package lower turns fused graphs into a scheduled program. Every decision is taken here: which kernels there are, their
// tiles and unrolling, where buffers live, what is computed in which order, and how the work is split.
package lower

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Graphs are the fused graphs of one model.
type Graphs struct {
	Encode, Reconstruct, Score *ir.Graph
	Decode                     *ir.Graph // nil where the decoder reads values of the encoder
	Posterior, CodeLoss        *ir.Graph // of a code that is sampled, else nil
	Train                      *ir.Graph
}

// Program schedules the graphs of a checked model for a target. With weights in another format than float32 there is no training.
func Program(m *ir.Model, g Graphs, t plan.Target, precision plan.Precision) *plan.Program {
	l := &lowerer{m: m, target: t, budget: t.Unrolled, fields: newNames(), names: newNames(), kernels: map[any]*plan.Kernel{}, functions: map[any]*plan.Function{}}
	l.p = &plan.Program{
		Name:     m.Name,
		File:     m.Source.Base(),
		Input:    plan.Tensor{Name: m.Input.Name, Dims: m.Input.Dims},
		Code:     plan.Tensor{Name: m.Code.Name, Dims: m.Code.Dims},
		Output:   plan.Tensor{Name: m.Output().Name, Dims: m.Output().Dims},
		Low:      m.Scale.Low,
		High:     m.Scale.High,
		Standard: m.Standard,
		Loss:     m.Loss,
		Sparse:   m.Sparse,
		Alarm:    m.Alarm,
		Layers:   layers(m),
		Target:   t,

		Precision: precision,
	}
	l.few(g)
	x, z, y := m.Input.Name, m.Code.Name, ""
	if t := m.Target; t != nil {
		y = t.Name
		l.p.Goal = &plan.Goal{Tensor: plan.Tensor{Name: t.Name, Dims: t.Dims}, Classes: t.Classes, Labels: t.Labels}
	}
	l.p.Record = l.record(m)
	l.params()
	if precision.Format != plan.Float32 {
		l.hold()
	}
	l.p.Huge = l.p.WeightBytes() >= hugeBytes
	l.p.Routines = []*plan.Routine{l.routine("Encode", g.Encode, ir.Code, "z", map[string]string{x: "x"})}
	if g.Decode != nil {
		l.p.Routines = append(l.p.Routines, l.routine("Decode", g.Decode, ir.Reconstruction, "r", map[string]string{z: "z"}))
	}
	l.p.Routines = append(l.p.Routines,
		l.routine("Reconstruct", g.Reconstruct, ir.Reconstruction, "r", map[string]string{x: "x"}),
		l.routine("Score", g.Score, ir.Score, "score", map[string]string{x: "x", y: "y"}))
	for _, r := range l.p.Routines {
		l.network(r)
		if r.Name == "Score" {
			l.p.Explain = l.explain(r)
		}
	}
	if g.Posterior != nil {
		output, name := ir.Code, "mean"
		if g.Posterior.Output(ir.Logits) != nil {
			output, name = ir.Logits, "logits"
		}
		l.p.Inner = []*plan.Routine{
			l.routine("Posterior", g.Posterior, output, name, map[string]string{x: "x"}),
			l.routine("CodeLoss", g.CodeLoss, ir.CodeLoss, "score", map[string]string{x: "x", y: "y", z: "z"}),
		}
		l.p.Group = max(1, min(l.p.Inner[1].Chunk, groupFloats/(max(l.p.Input.Len(), l.p.Output.Len())+l.p.Code.Len())))
	}
	if precision.Format == plan.Float32 {
		l.p.Train = l.training(g.Train, map[string]string{x: "x", y: "y"})
	}
	l.p.Unrolled = t.Unrolled - l.budget
	return l.p
}

// groupFloats bounds the samples and codes of a bound's draws that are decoded together: they live on the stack.
const groupFloats = 8 << 10

// lowerer is the making of one program.
type lowerer struct {
	m         *ir.Model
	p         *plan.Program
	target    plan.Target
	budget    int                    // multiply-adds that may still be printed without a loop
	fields    *names                 // of the parameters struct
	names     *names                 // of functions
	kernels   map[any]*plan.Kernel   // by what they do
	functions map[any]*plan.Function // by what they do
	blocks    map[string]*plan.Param // by the names of parameters
	byRow     string                 // the weight that is a block by rows, or ""
	kept      int                    // about how many values of its code are not 0
}

// layers is the model's table: what has no name of its own takes its kind.
func layers(m *ir.Model) []plan.Layer {
	var rows []plan.Layer
	for _, l := range m.Layers {
		row := plan.Layer{Name: l.Name, Kind: l.Kind, In: l.In, Out: l.Out, Tied: l.Tied, Params: l.Params, MultiplyAdds: l.MultiplyAdds, At: l.At}
		if l.To.Len() > 0 {
			row.Shape = fmt.Sprintf("%v → %v", l.From, l.To)
		}
		if l.Activation.Func != nn.Identity {
			row.Activation = l.Activation.String()
		}
		rows = append(rows, row)
	}
	return rows
}

// params makes the blocks: a layer's weight and bias together, in the order of the graph. A bias that is used without the weight, and
// that of a weight by rows, is a block of its own.
func (l *lowerer) params() {
	l.blocks = map[string]*plan.Param{}
	alone := map[string]bool{biasOf(l.byRow): true}
	for _, v := range l.m.Forward.Values {
		if _, ok := v.Op.(ir.SubBias); ok {
			alone[v.Args[1].Op.(ir.Param).Name] = true
		}
	}
	layers := map[string]*plan.Param{} // by the prefix of their names
	for _, v := range l.m.Forward.Params() {
		op := v.Op.(ir.Param)
		prefix := blockName(op.Name)
		block := layers[prefix]
		if block == nil || alone[op.Name] {
			block = &plan.Param{Field: l.field(prefix, alone[op.Name]), Fixed: !op.Trained(), Frozen: op.Frozen, At: v.At, ByRow: op.Name == l.byRow}
			l.p.Params = append(l.p.Params, block)
			if !alone[op.Name] {
				layers[prefix] = block
			}
		}
		l.blocks[op.Name] = block
		switch dims := v.Type.Dims; len(dims) {
		case 2:
			block.Weight, block.In, block.Out, block.Bound = op.Name, dims[0], dims[1], op.Bound
			block.Kernel = kernelOf(l.m.Forward, v)
		case 1:
			block.Bias, block.Out = op.Name, dims[0]
		default:
			panic(fmt.Sprintf("internal error: parameter %s of type %v", op.Name, v.Type))
		}
	}
}

// field is the field of a block of a layer, or of its bias alone.
func (l *lowerer) field(prefix string, bias bool) string {
	name := camel(prefix)
	if bias {
		name += "Bias"
	}
	return l.fields.unique(name)
}

// blockName is what a layer's weight and bias have in common. Other parameters are blocks of their own.
func blockName(name string) string {
	if layer, ok := strings.CutSuffix(name, ".weight"); ok {
		return layer
	}
	return strings.TrimSuffix(name, ".bias")
}

// biasOf is the name of the bias of the layer of a weight.
func biasOf(weight string) string { return strings.TrimSuffix(weight, "weight") + "bias" }

// block returns the block of a parameter.
func (l *lowerer) block(v *ir.Value) *plan.Param { return l.blocks[v.Op.(ir.Param).Name] }

// kernel returns the kernel of an operation, made on its first use. Its name is base, or one made of it.
func (l *lowerer) kernel(base, variant string, op plan.Op, key any, v *ir.Value) *plan.Kernel {
	if k := l.kernels[key]; k != nil {
		return k
	}
	if l.names.taken(base) {
		base += variant
	}
	k := &plan.Kernel{Name: l.names.unique(base), Op: op, At: v.At}
	l.kernels[key] = k
	l.p.Kernels = append(l.p.Kernels, k)
	return k
}
