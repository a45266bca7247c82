package golden

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	bernoullicode "github.com/aegen/aegen/generated/bernoulli_code"
	"github.com/aegen/aegen/generated/contractive"
	"github.com/aegen/aegen/generated/dropout"
	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/generated/hinton"
	sparsekl "github.com/aegen/aegen/generated/sparse_kl"
	sparsel1 "github.com/aegen/aegen/generated/sparse_l1"
	"github.com/aegen/aegen/generated/stacked"
	"github.com/aegen/aegen/generated/vae"
	"github.com/aegen/aegen/runtime/weights"
)

// fixture is what torch/fixtures.py, torch/constrained.py and torch/specs.py write.
type fixture struct {
	Samples        int
	Code           kept
	Reconstruction kept
	Scores         []float64
	Losses         []float64
	Gradients      map[string]kept
	Trained        map[string]kept
}

// kept is the norm of an array and some of its entries, Step apart.
type kept struct {
	Norm   float64
	Step   int
	Values []float64
}

func readFixture(t *testing.T, name string) fixture {
	t.Helper()
	data, err := os.ReadFile("torch/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var f fixture
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// fill is fill() of torch/fixtures.py.
func fill(stream, count int) []float32 {
	v := make([]float32, count)
	for i := range v {
		h := uint32(i)*2654435761 + uint32(stream)*40503 + 977
		h ^= h >> 15
		h *= 2246822519
		h ^= h >> 13
		v[i] = float32(float64(h>>8)/(1<<23) - 1)
	}
	return v
}

// fixtureWeights replaces the numbers of a model's tensors, weight and bias in turn along the data flow, by those of the fixtures.
func fixtureWeights(file weights.File) weights.File {
	var order []*weights.Tensor
	for i := range file.Tensors {
		order = append(order, &file.Tensors[i])
	}
	if order[0].Name == "decoder.0.bias" { // of pre_bias, where the input meets it first
		order = append(order[1:], order[0])
	}
	for n, tensor := range order {
		bound := float32(0.1)
		if len(tensor.Shape) == 2 {
			bound = float32(math.Sqrt(3 / float64(tensor.Shape[1])))
		}
		tensor.Data = fill(n, len(tensor.Data))
		for i := range tensor.Data {
			tensor.Data[i] *= bound
		}
	}
	return file
}

// hold compares an array with what was kept of PyTorch's: entries to tolerance, relative to the largest of them.
func hold(t *testing.T, what string, got []float64, want kept, tolerance float64) {
	t.Helper()
	var norm, largest float64
	for _, v := range got {
		norm += v * v
	}
	for _, v := range want.Values {
		largest = max(largest, math.Abs(v))
	}
	if norm = math.Sqrt(norm); math.Abs(norm-want.Norm) > tolerance*want.Norm {
		t.Errorf("%s: norm %.9g, PyTorch %.9g", what, norm, want.Norm)
	}
	for i, v := range want.Values {
		if d := math.Abs(got[i*want.Step] - v); !(d <= tolerance*largest) {
			t.Errorf("%s[%d] is %.9g, PyTorch %.9g", what, i*want.Step, got[i*want.Step], v)
			return
		}
	}
}

func float64s[F ~float32](v []F) []float64 {
	w := make([]float64, len(v))
	for i := range v {
		w[i] = float64(v[i])
	}
	return w
}

// transpose makes the IR's [in, out] of safetensors' [out, in], or back.
func transpose(v []float64, rows, cols int) []float64 {
	w := make([]float64, len(v))
	for r := range rows {
		for c := range cols {
			w[c*rows+r] = v[r*cols+c]
		}
	}
	return w
}

// TestInterpreterAgreesWithTorch compares the float64 interpreter with PyTorch's float64: forward, loss, every gradient
// and three Adam steps, before any pass.
func TestInterpreterAgreesWithTorch(t *testing.T) {
	for name, file := range map[string]weights.File{"fashion": fashion.New(1).Weights(), "hinton": hinton.New(1).Weights(), "dropout": dropout.New(1).Weights(), "stacked": stacked.New(1).Weights(), "vae": vae.New(1).Weights(),
		"bernoulli_code": bernoullicode.New(1).Weights(),
		"sparse_l1":      sparsel1.New(1).Weights(), "sparse_kl": sparsekl.New(1).Weights(), "contractive": contractive.New(1).Weights()} {
		t.Run(name, func(t *testing.T) {
			want := readFixture(t, name)
			c := compile(t, "../specs/"+name+".ae")
			shapes := map[string][]int{}
			env := interp.Env{
				Batch:  want.Samples,
				Inputs: map[string][]float64{c.Model.Input.Name: float64s(halves(want.Samples * 784))},
				Params: map[string][]float64{},
				Rate:   c.Model.Training.Optimizer.Rate,
				Seed:   c.Model.Training.Seed,
			}
			for _, tensor := range fixtureWeights(file).Tensors {
				shapes[tensor.Name] = tensor.Shape
				env.Params[tensor.Name] = inOut(float64s(tensor.Data), tensor.Shape)
			}
			forward := run(t, c.Model.Forward, env)
			hold(t, "code", forward.Outputs[ir.Code], want.Code, 1e-9)
			hold(t, "reconstruction", forward.Outputs[ir.Reconstruction], want.Reconstruction, 1e-9)
			for i, v := range want.Scores {
				if got := forward.Outputs[ir.Score][i]; math.Abs(got-v) > 1e-9*v {
					t.Errorf("score %d: %.12g, PyTorch %.12g", i, got, v)
				}
			}

			grads := run(t, grad.Differentiate(c.Model.Objective), env)
			for param, k := range want.Gradients {
				hold(t, "gradient of "+param, outIn(grads.Outputs["grad."+param], shapes[param]), k, 1e-9)
			}
			train := grad.Train(c.Model.Objective, c.Model.Training)
			for step, loss := range want.Losses {
				r := run(t, train, env)
				if got := r.Outputs[ir.Loss][0]; math.Abs(got-loss) > 1e-9*loss {
					t.Errorf("loss of step %d: %.12g, PyTorch %.12g", step, got, loss)
				}
				env.Params, env.State, env.Step = r.Params, r.State, env.Step+1
			}
			for param, k := range want.Trained {
				hold(t, "trained "+param, outIn(env.Params[param], shapes[param]), k, 1e-9)
			}
		})
	}
}

func inOut(v []float64, shape []int) []float64 {
	if len(shape) != 2 {
		return v
	}
	return transpose(v, shape[0], shape[1])
}

func outIn(v []float64, shape []int) []float64 {
	if len(shape) != 2 {
		return v
	}
	return transpose(v, shape[1], shape[0])
}

func run(t *testing.T, g *ir.Graph, env interp.Env) interp.Result {
	t.Helper()
	r, err := interp.Run(g, env)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func encoded(t *testing.T, file weights.File) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := weights.Write(&b, file); err != nil {
		t.Fatal(err)
	}
	return &b
}
