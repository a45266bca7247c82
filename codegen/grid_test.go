package codegen_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/lower"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/pass"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/grammar/source"
)

// grids, fewGrids are the numbers of random models of grids that are compared.
const grids, fewGrids = 80, 20

// TestGridsAreTheInterpreter compares pooling, upsampling, skips and channels of random models, forward and in training, with the interpreter.
func TestGridsAreTheInterpreter(t *testing.T) {
	n := grids
	if testing.Short() {
		n = fewGrids
	}
	var all []*compiler.Compilation
	var texts []string
	seen := map[string]int{}
	for seed := range uint64(n) {
		c := gridModel(seed).compile(t)
		all, texts = append(all, c), append(texts, c.Train.String())
		for _, k := range c.Program.Kernels {
			switch op := k.Op.(type) {
			case *plan.Pooling:
				seen[fmt.Sprint("pooling ", op.Step)]++
			case *plan.Upsample:
				seen[fmt.Sprint("upsample ", op.Bilinear, op.Back)]++
			case *plan.Concat:
				seen["concat"]++
			case *plan.Channels:
				seen[fmt.Sprint("channels ", op.Back)]++
			}
		}
		if !c.Program.Decodes() {
			seen["no Decode"]++
		}
	}
	last := unpoolsLast().compile(t)
	if op, ok := lastKernel(last.Program).(*plan.Concat); !ok || len(op.Channels) != 1 {
		t.Errorf("a reconstruction is written while its sample is read, which may be in the same place: the last kernel is %T", lastKernel(last.Program))
	}
	all, texts = append(all, last), append(texts, last.Train.String())
	if want := 5 + 4 + 1 + 2 + 1; len(seen) != want {
		t.Errorf("the models have %v, want %d kinds of kernels", seen, want)
	}
	compareAll(t, all, texts)
}

// onGrid is a value with its grid. Of interpolated values some are equal but for their rounding: which is the largest is left open.
type onGrid struct {
	*ir.Value
	grid         nn.Grid
	interpolated bool
}

// randomGrids is the writing of a random model: layers without windows, so that only the operations between them have any.
type randomGrids struct {
	*rand.Rand
	g       *ir.Graph
	section string
	layers  int
	encoded []onGrid // what a decoder may read
	pooled  []pooled
}

// pooled is a value whose largest values were taken.
type pooled struct {
	onGrid
	window nn.Window
}

var place = source.Span{File: &source.File{Name: "grid.ae", Text: "x"}, Start: 0, End: 1}

// gridModel writes a model of a seed.
func gridModel(seed uint64) *randomGrids {
	s := &randomGrids{Rand: rand.New(rand.NewPCG(seed, 11)), g: &ir.Graph{Name: "forward"}, section: "encoder"}
	size := 1 + s.IntN(14)
	x := s.g.Leaf(ir.Input{Name: "x"}, ir.Samples(size), place)
	h := s.dense(x, s.grid())
	for range 1 + s.IntN(4) {
		h = s.step(h)
	}
	s.section = "bottleneck"
	z := s.dense(h.Value, nn.Grid{H: 1, W: 1, C: 1 + s.IntN(6)})
	s.section = "decoder"
	if h = s.back(z.Value); s.IntN(2) == 0 {
		h = s.step(h)
	}
	s.results(x, z.Value, s.dense(h.Value, nn.Grid{H: 1, W: size, C: 1}).Value)
	return s
}

// unpoolsLast writes a model that ends in values put where those of its sample are largest.
func unpoolsLast() *randomGrids {
	s := &randomGrids{Rand: rand.New(rand.NewPCG(1, 11)), g: &ir.Graph{Name: "forward"}, section: "bottleneck"}
	w := nn.Window{In: nn.Grid{H: 4, W: 6, C: 1}, Out: nn.Grid{H: 2, W: 3, C: 1}, KH: 2, KW: 2, SH: 2, SW: 2, DH: 1, DW: 1, Groups: 1}
	x := s.g.Leaf(ir.Input{Name: "x"}, ir.Samples(w.In.Len()), place)
	z := s.dense(x, nn.Grid{H: 1, W: 1, C: 2})
	s.section = "decoder"
	r := s.g.Add(ir.MaxUnpool{Window: w}, place, s.dense(z.Value, w.Out).Value, x)
	s.results(x, z.Value, r)
	return s
}

// lastKernel is the operation that a reconstruction ends in.
func lastKernel(p *plan.Program) plan.Op {
	for _, r := range p.Routines {
		if r.Name == "Reconstruct" {
			return r.Steps[len(r.Steps)-1].Kernel.Op
		}
	}
	return nil
}

// results ends the graph.
func (s *randomGrids) results(x, z, r *ir.Value) {
	score := s.g.Add(ir.NLL{Loss: nn.Loss{Likelihood: nn.MSE}}, place, r, x)
	s.g.SetOutput(ir.Code, z)
	s.g.SetOutput(ir.Reconstruction, r)
	s.g.SetOutput(ir.Score, score)
	s.g.SetOutput(ir.Loss, s.g.Add(ir.MeanBatch{}, place, score))
}

// compile takes it through the stages behind check.
func (s *randomGrids) compile(t *testing.T) *compiler.Compilation {
	t.Helper()
	optimizers := []nn.Optimizer{{Method: nn.SGD, Rate: 0.05, Momentum: 0.9}, {Method: nn.Adam, Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}}
	x, z, r := s.g.Values[0], s.g.Output(ir.Code), s.g.Output(ir.Reconstruction)
	m := &ir.Model{Name: "Grid", Source: place.File, Input: ir.Tensor{Name: "x", Dims: x.Type.Dims[1:]}, Code: ir.Tensor{Name: "z", Dims: z.Type.Dims[1:]},
		Loss: nn.Loss{Likelihood: nn.MSE}, Forward: s.g, Objective: s.g, Training: nn.Training{Optimizer: optimizers[s.IntN(2)], Batch: 1 + s.IntN(9), Epochs: 1, Seed: 1}}
	fused := func(g *ir.Graph) *ir.Graph {
		f, err := pass.Run(g, pass.Default)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	c := &compiler.Compilation{Model: m, Train: grad.Train(s.g, m.Training)}
	c.Fused = lower.Graphs{Encode: fused(ir.Slice(s.g, "encode", nil, ir.Code)), Reconstruct: fused(ir.Slice(s.g, "reconstruct", nil, ir.Reconstruction)),
		Score: fused(ir.Slice(s.g, "score", nil, ir.Score)), Train: fused(c.Train)}
	if m.Decodes() {
		c.Fused.Decode = fused(ir.Slice(s.g, "decode", map[*ir.Value]string{z: "z"}, ir.Reconstruction))
	}
	c.Program = lower.Program(m, c.Fused, plan.AMD64, plan.Precision{})
	c.Program.Fingerprint = "fedcba9876543210"
	if err := plan.Verify(c.Program); err != nil {
		t.Fatalf("%v\n%v", err, c.Program)
	}
	if width := r.Type.Dims[1]; width != c.Program.Input.Len() {
		t.Fatalf("%d values become %d", c.Program.Input.Len(), width)
	}
	return c
}

func (s *randomGrids) between(low, high int) int { return low + s.IntN(high-low+1) }

func (s *randomGrids) grid() nn.Grid {
	return nn.Grid{H: s.between(1, 7), W: s.between(1, 7), C: []int{1, 2, 3, 8, 16, 19}[s.IntN(6)]}
}

// dense is a layer that makes a grid of all values.
func (s *randomGrids) dense(x *ir.Value, to nn.Grid) onGrid {
	name := s.section
	if name != "bottleneck" {
		name = fmt.Sprintf("%s.%d", name, s.layers)
		s.layers++
	}
	in, n := x.Type.Dims[1], to.Len()
	w := s.g.Leaf(ir.Param{Name: name + ".weight", Bound: 0.5}, ir.Floats(in, n), place)
	y := s.g.Add(ir.MatMul{}, place, x, w)
	y = s.g.Add(ir.AddBias{}, place, y, s.g.Leaf(ir.Param{Name: name + ".bias"}, ir.Floats(n), place))
	if s.IntN(3) > 0 {
		y = s.g.Add(ir.Activate{Activation: nn.Activation{Func: nn.Tanh}}, place, y)
	}
	return onGrid{Value: y, grid: to}
}

// window is one over the channels of a grid that has places.
func (s *randomGrids) window(in nn.Grid) nn.Window {
	for {
		w := nn.Window{In: in, KH: s.between(1, 4), KW: s.between(1, 4), SH: s.between(1, 3), SW: s.between(1, 3), DH: 1, DW: 1, Groups: 1}
		if s.IntN(4) == 0 {
			w.DH, w.DW = s.between(1, 2), s.between(1, 3)
		}
		if s.IntN(4) == 0 { // global
			w.KH, w.KW, w.DH, w.DW = in.H, in.W, 1, 1
		}
		if s.IntN(2) == 0 {
			reach := func(k, d int) int { return s.IntN(nn.Reach(k, d)) }
			w.Top, w.Left, w.Bottom, w.Right = reach(w.KH, w.DH), reach(w.KW, w.DW), reach(w.KH, w.DH), reach(w.KW, w.DW)
		}
		w.Out = nn.Grid{H: nn.Covered(in.H, w.Top, w.Bottom, w.KH, w.SH, w.DH), W: nn.Covered(in.W, w.Left, w.Right, w.KW, w.SW, w.DW), C: in.C}
		if w.Valid() == nil {
			return w
		}
	}
}

// step is one operation on a grid.
func (s *randomGrids) step(x onGrid) onGrid {
	if s.section == "encoder" {
		s.encoded = append(s.encoded, x)
	}
	y := onGrid{grid: x.grid, interpolated: x.interpolated}
	switch kind := s.IntN(6); {
	case kind < 2 && !x.interpolated:
		w := s.window(x.grid)
		s.pooled = append(s.pooled, pooled{x, w})
		y.Value, y.grid = s.g.Add(ir.MaxPool{Window: w}, place, x.Value), w.Out
	case kind < 3:
		w := s.window(x.grid)
		y.Value, y.grid = s.g.Add(ir.AvgPool{Window: w}, place, x.Value), w.Out
	case kind == 3:
		op := ir.Upsample{Grid: x.grid, FH: s.between(1, 3), FW: s.between(1, 3), Bilinear: s.IntN(2) == 0}
		y.Value, y.interpolated = s.g.Add(op, place, x.Value), y.interpolated || op.Bilinear
		y.grid.H, y.grid.W = x.grid.H*op.FH, x.grid.W*op.FW
	case kind == 4:
		from := s.IntN(x.grid.C)
		op := ir.Channels{From: from, To: s.between(from+1, x.grid.C), Of: x.grid.C}
		y.Value, y.grid.C = s.g.Add(op, place, x.Value), op.To-op.From
	default:
		return s.beside(x, x)
	}
	return y
}

// beside has the channels of a value beside those of others.
func (s *randomGrids) beside(x onGrid, others ...onGrid) onGrid {
	args, y := []*ir.Value{x.Value}, x
	for _, o := range others {
		args, y.grid.C, y.interpolated = append(args, o.Value), y.grid.C+o.grid.C, y.interpolated || o.interpolated
	}
	y.Value = s.g.Add(ir.Concat{Positions: y.grid.Positions()}, place, args...)
	return y
}

// back makes a grid of a code, mostly with what the encoder has seen.
func (s *randomGrids) back(z *ir.Value) onGrid {
	switch s.IntN(4) {
	case 0:
		return s.dense(z, s.grid())
	case 1:
		e := s.encoded[s.IntN(len(s.encoded))]
		grid := e.grid
		grid.C = s.between(1, 4)
		d := s.dense(z, grid)
		return s.beside(d, e, d)
	}
	if len(s.pooled) == 0 {
		return s.dense(z, s.grid())
	}
	p := s.pooled[s.IntN(len(s.pooled))]
	return onGrid{Value: s.g.Add(ir.MaxUnpool{Window: p.window}, place, s.dense(z, p.window.Out).Value, p.Value), grid: p.window.In}
}
