package golden

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// TestCodebookAgreesWithTorch compares codes, scores, gradients, and the codebook and its moving averages over three steps with PyTorch's, all in
// float64: unfused, and by what lower gets.
func TestCodebookAgreesWithTorch(t *testing.T) {
	const samples, width, codes, dim, groups = 6, 24, 10, 3, 4
	data, err := os.ReadFile("torch/codebook.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct {
		Code, Scores, Losses, Revived, Uses, Sums []float64
		Gradients, Trained                        map[string][]float64
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	names := []string{"bottleneck.weight", "bottleneck.bias", "decoder.0.weight", "decoder.0.bias", "bottleneck.codebook"}
	shapes := map[string][]int{names[0]: {dim * groups, width}, names[1]: {dim * groups}, names[2]: {width, dim * groups}, names[3]: {width}, names[4]: {codes, dim}}
	if revived := cases["0.3"].Revived; revived[0] == 0 || revived[0] == codes {
		t.Errorf("%v vectors start again in the first step: some are to, and some not", revived[0])
	}
	for revive, want := range cases {
		text := fmt.Sprintf("model Quantised\ninput x = vector(24)\nencoder { }\nbottleneck z = quantize(10, dim: 3, groups: 4) { ema(decay: 0.8, revive: %s) }\ndecoder { dense }\nreconstruct mse\ntrain { seed 1 }\n", revive)
		c := compiler.Compile(&source.File{Name: "codebook.ae", Text: text}, compiler.Options{})
		if c.Program == nil {
			t.Fatal(c.Diagnostics)
		}
		for _, train := range []*ir.Graph{c.Train, c.Fused.Train} {
			env := interp.Env{Batch: samples, Inputs: map[string][]float64{"x": float64s(fill(1000, samples*width))}, Params: map[string][]float64{}, Rate: 1e-2, Seed: 1}
			for i, v := range env.Inputs["x"] {
				env.Inputs["x"][i] = float64(float32((v + 1) / 2))
			}
			for n, param := range names {
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
			closeTo(t, revive+": code", forward.Outputs[ir.Code], want.Code)
			closeTo(t, revive+": scores", forward.Outputs[ir.Score], want.Scores)
			gradients := run(t, grad.Differentiate(c.Model.Objective), env)
			for param, g := range want.Gradients {
				closeTo(t, revive+": gradient of "+param, outIn(gradients.Outputs[grad.Gradient+param], shapes[param]), g)
			}
			for step, loss := range want.Losses {
				r := run(t, train, env)
				closeTo(t, revive+": loss", r.Outputs[ir.Loss], []float64{loss})
				env.Params, env.State, env.Step = r.Params, r.State, step+1
			}
			for param, w := range want.Trained {
				closeTo(t, revive+": trained "+param, outIn(env.Params[param], shapes[param]), w)
			}
			closeTo(t, revive+": uses", env.State[interp.CodebookUses], want.Uses)
			closeTo(t, revive+": sums", env.State[interp.CodebookSums], want.Sums)
		}
	}
}
