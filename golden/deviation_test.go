package golden

import (
	"math"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// TestLearnedDeviationAgreesWithTorch compares a likelihood whose deviation is learned with PyTorch's normal distribution, in float64.
func TestLearnedDeviationAgreesWithTorch(t *testing.T) {
	const width = 6
	want := readFixture(t, "deviation")
	at := source.Span{File: &source.File{Name: "x.ae", Text: "model X\n"}, Start: 6, End: 7}
	g := &ir.Graph{Name: "forward"}
	r := g.Leaf(ir.Param{Name: "r"}, ir.Samples(width), at)
	x := g.Leaf(ir.Input{Name: "t"}, ir.Samples(width), at)
	rho := g.Leaf(ir.Param{Name: "log_std"}, ir.Floats(1), at)
	score := g.Add(ir.GaussianNLL{}, at, r, x, rho)
	g.SetOutput(ir.Score, score)
	g.SetOutput(ir.Loss, g.Add(ir.MeanBatch{}, at, score))
	env := interp.Env{
		Batch:  want.Samples,
		Inputs: map[string][]float64{"t": float64s(fill(1, want.Samples*width))},
		Params: map[string][]float64{"r": float64s(fill(0, want.Samples*width)), "log_std": {0.3}},
	}
	for i, got := range run(t, g, env).Outputs[ir.Score] {
		if v := want.Scores[i]; math.Abs(got-v) > 1e-12*math.Abs(v) {
			t.Errorf("score %d: %.15g, PyTorch %.15g", i, got, v)
		}
	}
	gradients := run(t, grad.Differentiate(g), env).Outputs
	for name, k := range want.Gradients {
		hold(t, "gradient of "+name, gradients[grad.Gradient+name], k, 1e-12)
	}
}
