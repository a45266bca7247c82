package pass

import (
	"fmt"
	"math/rand/v2"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// spatial writes random graphs of operations on grids, and the numbers that they run on.
type spatial struct {
	*rand.Rand
	g   *ir.Graph
	env interp.Env
	// What there is so far: samples with their grids, and the convolutions with their weights, which can be tied.
	values []onGrid
	layers []ir.Conv
	weight []*ir.Value
}

type onGrid struct {
	*ir.Value
	grid nn.Grid
}

var here = source.Span{File: &source.File{Name: "x.ae", Text: "x"}, Start: 0, End: 1}

func newSpatial(seed uint64) *spatial {
	return &spatial{Rand: rand.New(rand.NewPCG(seed, 9)), g: &ir.Graph{Name: "forward"}, env: interp.Env{
		Batch: 2, Inputs: map[string][]float64{}, Params: map[string][]float64{}, State: map[string][]float64{}, Rate: 0.02}}
}

func (s *spatial) uniform(t ir.Type) []float64 {
	n := 1
	for _, d := range t.Dims {
		if d == ir.Batch {
			d = s.env.Batch
		}
		n *= d
	}
	v := make([]float64, n)
	for i := range v {
		v[i] = 2*s.Float64() - 1
	}
	return v
}

func (s *spatial) input(t ir.Type) *ir.Value {
	name := fmt.Sprintf("input%d", len(s.env.Inputs))
	s.env.Inputs[name] = s.uniform(t)
	return s.g.Leaf(ir.Input{Name: name}, t, here)
}

func (s *spatial) param(t ir.Type) *ir.Value {
	name := fmt.Sprintf("param%d", len(s.env.Params))
	s.env.Params[name] = s.uniform(t)
	return s.g.Leaf(ir.Param{Name: name, Bound: 1}, t, here)
}

// end makes the graph's loss the mean squared error of a value.
func (s *spatial) end(v *ir.Value) {
	score := s.g.Add(ir.NLL{Loss: nn.Loss{Likelihood: nn.MSE}}, here, v, s.input(v.Type))
	s.g.SetOutput(ir.Loss, s.g.Add(ir.MeanBatch{}, here, score))
}

// between is a number from low to high.
func (s *spatial) between(low, high int) int { return low + s.IntN(high-low+1) }

// window is one whose kernel has places: with its channels if they are given, with In or Out if they are.
func (s *spatial) window(in, out nn.Grid) nn.Window {
	for {
		w := nn.Window{In: in, Out: out, KH: s.between(1, 4), KW: s.between(1, 4), SH: s.between(1, 3), SW: s.between(1, 3), DH: s.between(1, 2), DW: s.between(1, 2),
			Groups: []int{1, 1, 2, 3}[s.IntN(4)]}
		for _, pad := range []struct {
			at    *int
			reach int
		}{{&w.Top, nn.Reach(w.KH, w.DH)}, {&w.Bottom, nn.Reach(w.KH, w.DH)}, {&w.Left, nn.Reach(w.KW, w.DW)}, {&w.Right, nn.Reach(w.KW, w.DW)}} {
			*pad.at = s.IntN(2) * s.IntN(pad.reach)
		}
		switch {
		case out.H > 0: // the size that a deconvolution has, with what strides leave over
			w.In.H = (out.H-1)*w.SH + nn.Reach(w.KH, w.DH) - w.Top - w.Bottom + s.IntN(w.SH)
			w.In.W = (out.W-1)*w.SW + nn.Reach(w.KW, w.DW) - w.Left - w.Right + s.IntN(w.SW)
		case in.H == 0:
			w.In.H, w.In.W = s.between(1, 8), s.between(1, 8)
		}
		if w.In.C == 0 {
			w.In.C = w.Groups * s.between(1, 2)
		}
		if w.Out.C == 0 {
			w.Out.C = w.Groups * s.between(1, 3)
		}
		if out.H == 0 {
			w.Out.H, w.Out.W = nn.Covered(w.In.H, w.Top, w.Bottom, w.KH, w.SH, w.DH), nn.Covered(w.In.W, w.Left, w.Right, w.KW, w.SW, w.DW)
		}
		if w.Valid() == nil {
			return w
		}
	}
}

// pool is a window over a grid, or over one of its own, whose channels stay apart.
func (s *spatial) pool(in nn.Grid) nn.Window {
	for {
		if w := s.window(in, nn.Grid{C: in.C}); w.Groups == 1 || in.C == 0 {
			w.Groups, w.Out.C = 1, w.In.C
			return w
		}
	}
}

// convWeight is a parameter of the size that a Conv, or a Deconv, wants.
func (s *spatial) convWeight(w nn.Window, deconv bool) *ir.Value {
	if deconv {
		return s.param(ir.Floats(w.Taps()*w.Out.C/w.Groups, w.In.C))
	}
	return s.param(ir.Floats(w.Taps()*w.In.C/w.Groups, w.Out.C))
}

func (s *spatial) upsample(g nn.Grid) ir.Upsample {
	return ir.Upsample{Grid: g, FH: s.between(1, 3), FW: s.between(1, 3), Bilinear: s.IntN(2) == 0}
}

func (s *spatial) channels(of int) ir.Channels {
	from := s.IntN(of)
	return ir.Channels{From: from, To: s.between(from+1, of), Of: of}
}

// model writes a random model: layers with biases and activations, pools, skips and tied layers.
func (s *spatial) model() {
	grid := nn.Grid{H: s.between(3, 9), W: s.between(3, 9), C: s.between(1, 3)}
	s.push(s.input(ir.Samples(grid.Len())), grid)
	for range s.between(2, 7) {
		s.step()
	}
	s.layer(nil)
	s.end(s.last().Value)
}

func (s *spatial) push(v *ir.Value, g nn.Grid) { s.values = append(s.values, onGrid{v, g}) }

func (s *spatial) last() onGrid { return s.values[len(s.values)-1] }

// step adds one operation on the last value. One that does not fit adds nothing.
func (s *spatial) step() {
	x := s.last()
	other := s.values[s.IntN(len(s.values))]
	switch s.IntN(9) {
	case 0, 1, 2:
		s.layer(nil)
	case 3:
		for i, l := range s.layers {
			if l.Window.Out == x.grid {
				s.layer(&i)
				return
			}
		}
	case 4:
		w := s.pool(x.grid)
		op := []ir.Op{ir.MaxPool{Window: w}, ir.AvgPool{Window: w}}[s.IntN(2)]
		v := s.g.Add(op, here, x.Value)
		s.push(v, w.Out)
		if _, largest := op.(ir.MaxPool); largest && s.IntN(3) == 0 {
			s.layerOf(nn.Window{In: w.Out, Out: w.Out, KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1, Groups: 1}, false)
			s.push(s.g.Add(ir.MaxUnpool{Window: w}, here, s.last().Value, x.Value), w.In)
		}
	case 5:
		if op := s.upsample(x.grid); op.FH*op.FW*x.grid.Len() < 500 {
			s.push(s.g.Add(op, here, x.Value), nn.Grid{H: x.grid.H * op.FH, W: x.grid.W * op.FW, C: x.grid.C})
		}
	case 6:
		if other.grid.H == x.grid.H && other.grid.W == x.grid.W {
			s.push(s.g.Add(ir.Concat{Positions: x.grid.Positions()}, here, other.Value, x.Value), nn.Grid{H: x.grid.H, W: x.grid.W, C: other.grid.C + x.grid.C})
		}
	case 7:
		if other.grid == x.grid {
			s.push(s.g.Add(ir.Add{}, here, x.Value, other.Value), x.grid)
		}
	case 8:
		op := s.channels(x.grid.C)
		s.push(s.g.Add(op, here, x.Value), nn.Grid{H: x.grid.H, W: x.grid.W, C: op.To - op.From})
	}
}

// layer adds a layer on the last value: one of its own, or the other direction of an earlier one, by its weight.
func (s *spatial) layer(tied *int) {
	x := s.last()
	switch {
	case tied != nil:
		op := s.layers[*tied]
		y := s.g.Add(ir.Deconv{Window: op.Window, Adjoint: true}, here, x.Value, s.weight[*tied])
		s.finish(y, op.Window.In)
	case s.IntN(3) == 0 && x.grid.Len() < 200:
		s.layerOf(s.window(nn.Grid{}, x.grid), true)
	default:
		s.layerOf(s.window(x.grid, nn.Grid{}), false)
	}
}

func (s *spatial) layerOf(w nn.Window, deconv bool) {
	x, weight := s.last().Value, s.convWeight(w, deconv)
	if deconv {
		s.finish(s.g.Add(ir.Deconv{Window: w}, here, x, weight), w.In)
		return
	}
	s.layers, s.weight = append(s.layers, ir.Conv{Window: w}), append(s.weight, weight)
	s.finish(s.g.Add(ir.Conv{Window: w}, here, x, weight), w.Out)
}

// finish adds a bias and an activation, mostly.
func (s *spatial) finish(y *ir.Value, g nn.Grid) {
	if s.IntN(8) > 0 {
		y = s.g.Add(ir.AddChannels{}, here, y, s.param(ir.Floats(g.C)))
	}
	if f := []nn.Func{nn.Identity, nn.ReLU, nn.Tanh, nn.GELU}[s.IntN(4)]; f != nn.Identity {
		y = s.g.Add(ir.Activate{Activation: nn.Activation{Func: f}}, here, y)
	}
	s.push(y, g)
}
