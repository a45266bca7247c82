package compiler

import (
	"maps"
	"slices"
	"testing"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
)

// TestStagesAreTheModel runs the stages of random specs one after the other, to the code and back, with the weights of the whole model:
// in float64 they compute what the model computes, to the last bit.
func TestStagesAreTheModel(t *testing.T) {
	found := 0
	for seed := range uint64(300) {
		text := randspec.Text(seed)
		c := compileText(t, "random.ae", text)
		stages := c.Pretraining()
		if len(stages) == 0 {
			continue
		}
		found++
		params := hashed(c.Model)
		const batch = 3
		x := hashes(100, batch*c.Program.Input.Len())
		z := of(t, c.Model, ir.Code, params, x)
		r := of(t, c.Model, ir.Reconstruction, params, x)
		h := x
		for _, s := range stages {
			h = of(t, s.Model, ir.Code, params, h)
		}
		if !slices.Equal(h, z) {
			t.Errorf("seed %d: the stages make the code %v, the model %v\n%s", seed, h, z, text)
		}
		for i := len(stages) - 1; i >= 0; i-- {
			h = decoded(t, stages[i].Model, params, h)
		}
		if !slices.Equal(h, r) {
			t.Errorf("seed %d: the stages reconstruct %v, the model %v\n%s", seed, h, r, text)
		}
		var names []string
		for _, s := range stages {
			names = slices.Concat(names, slices.Collect(maps.Keys(hashed(s.Model))))
			if err := plan.Verify(s.Program); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
		if want := slices.Sorted(maps.Keys(params)); !slices.Equal(slices.Sorted(slices.Values(names)), want) {
			t.Errorf("seed %d: the stages train %v, want each of %v once", seed, names, want)
		}
	}
	if found < 20 {
		t.Errorf("%d of 300 specs have pretraining, want 20 or more", found)
	}
}

// of is an output of a model for a batch of 3.
func of(t *testing.T, m *ir.Model, output string, params map[string][]float64, x []float64) []float64 {
	return run3(t, ir.Slice(m.Forward, "test", nil, output), m.Input.Name, output, params, x)
}

// decoded is what a model makes of codes.
func decoded(t *testing.T, m *ir.Model, params map[string][]float64, z []float64) []float64 {
	cut := map[*ir.Value]string{m.Forward.Output(ir.Code): "z"}
	return run3(t, ir.Slice(m.Forward, "test", cut, ir.Reconstruction), "z", ir.Reconstruction, params, z)
}

func run3(t *testing.T, g *ir.Graph, input, output string, params map[string][]float64, x []float64) []float64 {
	t.Helper()
	r, err := interp.Run(g, interp.Env{Batch: 3, Inputs: map[string][]float64{input: x}, Params: params})
	if err != nil {
		t.Fatal(err)
	}
	return r.Outputs[output]
}

// hashed are parameters for a model.
func hashed(m *ir.Model) map[string][]float64 {
	params := map[string][]float64{}
	for i, v := range m.Forward.Params() {
		n := 1
		for _, d := range v.Type.Dims {
			n *= d
		}
		params[v.Op.(ir.Param).Name] = hashes(i, n)
	}
	return params
}

func hashes(stream, n int) []float64 {
	a := make([]float64, n)
	for i := range a {
		a[i] = float64(plan.Hash(stream, i))
	}
	return a
}

const deep = `model Deep
input x = image(2, 3) scale range(0, 10)
corrupt masking(0.25)
encoder { dense(5) sigmoid dense(4) relu }
bottleneck z = dense(2) tanh
decoder { dense(4) relu dense(5) sigmoid dense }
reconstruct gaussian(std: 0.5)
train {
optimizer sgd(lr: 0.1, momentum: 0.5)
schedule cosine
batch 7
epochs 9
seed 3
stop early(patience: 2)
pretrain layers(epochs: 4)
}
`

// TestStages holds what the stages of a spec are: their order, likelihoods, noise and settings.
func TestStages(t *testing.T) {
	stages := compileText(t, "deep.ae", deep).Pretraining()
	if len(stages) != 3 {
		t.Fatalf("%d stages, want 3", len(stages))
	}
	for i, want := range []struct{ name, loss, params string }{
		{"Deep encoder.0", "gaussian(std: 0.5)", "encoder.0.weight encoder.0.bias decoder.2.weight decoder.2.bias"},
		{"Deep encoder.1", "bernoulli", "encoder.1.weight encoder.1.bias decoder.1.weight decoder.1.bias"}, // of values of a sigmoid
		{"Deep bottleneck", "mse", "bottleneck.weight bottleneck.bias decoder.0.weight decoder.0.bias"},    // of values of relu
	} {
		m := stages[i].Model
		params := ""
		for _, p := range m.Forward.Params() {
			params += " " + p.Op.(ir.Param).Name
		}
		if m.Name != want.name || m.Loss.String() != want.loss || params != " "+want.params {
			t.Errorf("stage %d is %s with %s, parameters%s; want %+v", i, m.Name, m.Loss, params, want)
		}
		s := m.Training
		if s.Epochs != 4 || s.Optimizer.Rate != 0.1 || s.Batch != 7 || s.Seed != 3 || s.Stop.Patience != 0 || s.Pretrain.Epochs != 0 {
			t.Errorf("stage %d is trained by %+v", i, s)
		}
		if !stages[i].Program.Random() {
			t.Errorf("stage %d has no noise", i)
		}
	}
	if p := stages[0].Program; p.Low != 0 || p.High != 10 {
		t.Errorf("the first stage is scaled by %g to %g", p.Low, p.High)
	}
	if p := stages[1].Program; p.Low != p.High {
		t.Errorf("the second stage is scaled by %g to %g", p.Low, p.High)
	}
	if c := compileText(t, "small.ae", small); c.Pretraining() != nil {
		t.Error("a spec without `pretrain` has stages")
	}
}

// TestStageWithDropout holds that dropout behind a layer acts in its stage, and that what is compared is not spoilt.
func TestStageWithDropout(t *testing.T) {
	stages := compileText(t, "drop.ae", `model Drop
input x = vector(9)
encoder { dense(5) sigmoid dropout(0.5) }
bottleneck z = dense(2)
decoder mirror(encoder)
reconstruct mse
train { pretrain layers(epochs: 1) }
`).Pretraining()
	for i, want := range []int{1, 0} {
		found := 0
		for _, v := range stages[i].Model.Objective.Values {
			if _, ok := v.Op.(ir.Dropout); ok {
				found++
			}
		}
		if found != want {
			t.Errorf("stage %d has %d dropouts, want %d:\n%s", i, found, want, stages[i].Model.Objective)
		}
	}
	if loss := stages[1].Model.Loss.String(); loss != "bernoulli" {
		t.Errorf("values of a sigmoid with dropout behind it are judged by %s", loss)
	}
}
