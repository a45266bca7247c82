package golden

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// penalised is what torch/penalties.py writes of a spec.
type penalised struct {
	Spec      string
	Code      kept
	Losses    []float64
	Gradients map[string]kept
	Trained   map[string]kept
}

// TestPenaltiesAgreeWithTorch compares the interpreter with PyTorch's float64 on every penalty: the code, the loss of training, its
// gradient, and three Adam steps.
func TestPenaltiesAgreeWithTorch(t *testing.T) {
	data, err := os.ReadFile("torch/penalties.json")
	if err != nil {
		t.Fatal(err)
	}
	fixtures := map[string]penalised{}
	if err := json.Unmarshal(data, &fixtures); err != nil {
		t.Fatal(err)
	}
	if len(fixtures) != 18 {
		t.Errorf("%d fixtures, want 18", len(fixtures))
	}
	for name, want := range fixtures {
		t.Run(name, func(t *testing.T) { holdPenalised(t, want) })
	}
}

func holdPenalised(t *testing.T, want penalised) {
	const samples, width = 8, 30
	c := compiler.Compile(&source.File{Name: "penalties.ae", Text: want.Spec}, compiler.Options{})
	if c.Model == nil {
		t.Fatalf("%v\n%s", c.Diagnostics, want.Spec)
	}
	x := fill(1000, samples*width)
	env := interp.Env{Batch: samples, Inputs: map[string][]float64{"x": float64s(x)}, Params: map[string][]float64{}, Rate: 1e-3, Seed: 1}
	for i, v := range env.Inputs["x"] {
		env.Inputs["x"][i] = (v + 1) / 2
	}
	shapes := map[string][]int{}
	for n, p := range c.Model.Forward.Params() {
		name, dims := p.Op.(ir.Param).Name, p.Type.Dims
		if len(dims) == 2 {
			shapes[name] = []int{dims[1], dims[0]}
			env.Params[name] = inOut(scaledBy(fill(n, dims[0]*dims[1]), math.Sqrt(3/float64(dims[0]))), shapes[name])
		} else {
			shapes[name] = dims
			env.Params[name] = scaledBy(fill(n, dims[0]), 0.1)
		}
	}
	hold(t, "code", run(t, c.Model.Forward, env).Outputs[ir.Code], want.Code, 1e-9)
	grads := run(t, grad.Differentiate(c.Model.Objective), env)
	for param, k := range want.Gradients {
		hold(t, "gradient of "+param, outIn(grads.Outputs[grad.Gradient+param], shapes[param]), k, 1e-9)
	}
	for step, loss := range want.Losses {
		for _, g := range []*ir.Graph{c.Train, c.Fused.Train} {
			if got := run(t, g, env).Outputs[ir.Loss][0]; math.Abs(got-loss) > 1e-9*loss {
				t.Errorf("loss of step %d: %.12g, PyTorch %.12g", step, got, loss)
			}
		}
		r := run(t, c.Train, env)
		env.Params, env.State, env.Step = r.Params, r.State, env.Step+1
	}
	for param, k := range want.Trained {
		hold(t, "trained "+param, outIn(env.Params[param], shapes[param]), k, 1e-9)
	}
	if strings.Contains(want.Spec, "unit_norm") {
		holdUnits(t, env.Params["decoder.0.weight"], width)
	}
}

// holdUnits looks at the rows of a weight [in, out].
func holdUnits(t *testing.T, w []float64, out int) {
	t.Helper()
	for i := 0; i < len(w); i += out {
		squares := 0.0
		for _, v := range w[i : i+out] {
			squares += v * v
		}
		if math.Abs(squares-1) > 1e-12 {
			t.Errorf("row %d has the squared norm %v", i/out, squares)
		}
	}
}

func scaledBy(v []float32, by float64) []float64 {
	w := float64s(v)
	for i := range w {
		w[i] *= by
	}
	return w
}
