package golden

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// keptModels are the models of torch/kept.py.
var keptModels = map[string]string{
	"topk":     "relu topk(7) { pre_bias }",
	"jumprelu": "jumprelu(0.2)",
}

// TestKeptAgreesWithTorch compares codes, scores, gradients and three steps of Adam with PyTorch's, all in float64: unfused, and by what
// lower gets.
func TestKeptAgreesWithTorch(t *testing.T) {
	const samples, width, code = 6, 24, 60
	data, err := os.ReadFile("torch/kept.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct {
		Code, Scores, Losses []float64
		Gradients, Trained   map[string][]float64
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	shapes := map[string][]int{"bottleneck.weight": {code, width}, "bottleneck.bias": {code}, "decoder.0.weight": {width, code}, "decoder.0.bias": {width}}
	for name, want := range cases {
		text := "model Kept\ninput x = vector(24)\nencoder { }\nbottleneck z = dense(60) " + keptModels[name] + "\ndecoder { dense }\nreconstruct mse\n"
		c := compiler.Compile(&source.File{Name: "kept.ae", Text: text}, compiler.Options{})
		if c.Program == nil {
			t.Fatal(c.Diagnostics)
		}
		for _, train := range []*ir.Graph{c.Train, c.Fused.Train} {
			env := interp.Env{Batch: samples, Inputs: map[string][]float64{"x": float64s(fill(1000, samples*width))}, Params: map[string][]float64{}, Rate: 1e-3}
			for i, v := range env.Inputs["x"] {
				env.Inputs["x"][i] = float64(float32((v + 1) / 2))
			}
			for n, param := range []string{"bottleneck.weight", "bottleneck.bias", "decoder.0.weight", "decoder.0.bias"} {
				shape, size, bound := shapes[param], 1, 0.1
				for _, d := range shape {
					size *= d
				}
				if len(shape) == 2 {
					bound = math.Sqrt(3 / float64(shape[1]))
				}
				v := float64s(fill(n, size))
				for i := range v {
					v[i] *= bound
				}
				env.Params[param] = inOut(v, shape)
			}
			forward := run(t, c.Model.Forward, env)
			closeTo(t, name+": code", forward.Outputs[ir.Code], want.Code)
			closeTo(t, name+": scores", forward.Outputs[ir.Score], want.Scores)
			gradients := run(t, grad.Differentiate(c.Model.Objective), env)
			for param, g := range want.Gradients {
				closeTo(t, name+": gradient of "+param, outIn(gradients.Outputs[grad.Gradient+param], shapes[param]), g)
			}
			for step, loss := range want.Losses {
				r := run(t, train, env)
				closeTo(t, name+": loss", r.Outputs[ir.Loss], []float64{loss})
				env.Params, env.State, env.Step = r.Params, r.State, step+1
			}
			for param, w := range want.Trained {
				closeTo(t, name+": trained "+param, outIn(env.Params[param], shapes[param]), w)
			}
		}
	}
}

// closeTo compares arrays to 1e-9 of the largest value.
func closeTo(t *testing.T, what string, got, want []float64) {
	t.Helper()
	largest := 0.0
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	for i, v := range want {
		if d := math.Abs(got[i] - v); !(d <= 1e-9*largest) {
			t.Errorf("%s[%d] is %.12g, PyTorch %.12g", what, i, got[i], v)
			return
		}
	}
}
