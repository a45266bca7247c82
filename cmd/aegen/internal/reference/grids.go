package reference

import (
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Other systems hold images channels first. The weights of a convolution are exported as [out, in, h, w], those of a transposed one as of
// the convolution of its dilated input: with the kernel turned round. The inputs of a dense layer behind a convolution, and the outputs
// of one before it, are channel after channel.

// grids are the grids that dense layers read and make, by their blocks.
type grids struct{ in, out map[*plan.Param]nn.Grid }

// gridsOf finds them by the buffers that dense layers share with convolutions.
func gridsOf(p *plan.Program) grids {
	g := grids{map[*plan.Param]nn.Grid{}, map[*plan.Param]nn.Grid{}}
	made := map[*plan.Buffer]*plan.Param{} // by a dense layer
	grid := map[*plan.Buffer]nn.Grid{}
	for _, r := range p.Routines {
		for _, s := range r.Steps {
			switch op := s.Kernel.Op.(type) {
			case *plan.TapProduct:
				grid[s.Args[0]] = nn.Grid{H: op.To / op.Outs, W: 1, C: op.Outs}
			case *plan.Halo:
				if b := made[s.Args[1]]; b != nil {
					g.out[b] = op.Grid
				}
			case *plan.Product:
				made[s.Args[0]] = op.Weights
				if from, ok := grid[s.Args[1]]; ok {
					g.in[op.Weights] = from
				}
			}
		}
	}
	return g
}

// channelsLast is a, rows × columns with rows channel after channel of a grid, with the rows position after position. The zero grid changes nothing.
func channelsLast(a []float32, g nn.Grid, rows, columns int) []float32 {
	if g.Len() != rows {
		return a
	}
	t := make([]float32, len(a))
	for c := range g.C {
		for i := range g.Positions() {
			copy(t[(i*g.C+c)*columns:][:columns], a[(c*g.Positions()+i)*columns:][:columns])
		}
	}
	return t
}

// kernel is the weight of a convolution as its tensor has it.
func kernel(b *plan.Param, numbers []float32) []float32 {
	n := b.In * b.Out
	if !b.Kernel.Deconv {
		return numbers[:n]
	}
	t := make([]float32, n)
	shape, taps := b.Shape(), b.Taps()
	for i := range shape[0] {
		for o := range shape[1] {
			for tap := range taps {
				t[(i*shape[1]+o)*taps+tap] = numbers[(o*shape[0]+i)*taps+taps-1-tap]
			}
		}
	}
	return t
}
