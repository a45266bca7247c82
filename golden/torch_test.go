package golden

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	bernoullicode "github.com/aegen/aegen/generated/bernoulli_code"
	"github.com/aegen/aegen/generated/classifier"
	"github.com/aegen/aegen/generated/contractive"
	"github.com/aegen/aegen/generated/dropout"
	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/generated/hinton"
	"github.com/aegen/aegen/generated/sae"
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

// image, code and result are the arrays of the packages.
type (
	image interface{ ~[784]float32 | ~[768]float32 }
	code  interface {
		~[32]float32 | ~[30]float32 | ~[20]float32 | ~[64]float32 | ~[1024]float32 | ~[196]float32 | ~[250]float32 | ~[256]float32 | ~[16384]float32
	}
	result interface{ image | ~[10]float32 }
	array  interface{ result | code }
)

// model and trainer are what the test needs of a generated package.
type (
	model[X, Z, R any] interface {
		EncodeBatch(z []Z, x []X)
		ReconstructBatch(r []R, x []X)
		ScoreBatch(s []float32, x []X)
	}
	trainer[X any] interface {
		Gradients(x []X) (float64, []weights.Tensor)
		Step(x []X) float64
		Weights() weights.File
		Close()
	}
)

// TestCompiledAgreesWithTorch compares the generated packages with PyTorch: the same figures in float32.
func TestCompiledAgreesWithTorch(t *testing.T) {
	compiled[fashion.Input, fashion.Code, fashion.Input](t, "fashion", fashion.New(1).Weights(), fashion.Load, fashion.NewTrainer)
	compiled[dropout.Input, dropout.Code, dropout.Input](t, "dropout", dropout.New(1).Weights(), dropout.Load, dropout.NewTrainer)
	compiled[hinton.Input, hinton.Code, hinton.Input](t, "hinton", hinton.New(1).Weights(), hinton.Load, hinton.NewTrainer)
	compiled[stacked.Input, stacked.Code, stacked.Input](t, "stacked", stacked.New(1).Weights(), stacked.Load, stacked.NewTrainer)
	compiled[bernoullicode.Input, bernoullicode.Code, bernoullicode.Input](t, "bernoulli_code", bernoullicode.New(1).Weights(), bernoullicode.Load, bernoullicode.NewTrainer)
	compiled[sparsel1.Input, sparsel1.Code, sparsel1.Input](t, "sparse_l1", sparsel1.New(1).Weights(), sparsel1.Load, sparsel1.NewTrainer)
	compiled[sparsekl.Input, sparsekl.Code, sparsekl.Input](t, "sparse_kl", sparsekl.New(1).Weights(), sparsekl.Load, sparsekl.NewTrainer)
	compiled[sae.Input, sae.Code, sae.Input](t, "sae", sae.New(1).Weights(), sae.Load, sae.NewTrainer)
	compiled[contractive.Input, contractive.Code, contractive.Input](t, "contractive", contractive.New(1).Weights(), contractive.Load, contractive.NewTrainer)
	compiled[vae.Input, vae.Code, vae.Input](t, "vae", vae.New(1).Weights(), vae.Load, vae.NewTrainer)
	compiled[classifier.Input, classifier.Code, classifier.Probabilities](t, "classifier", classifier.New(1).Weights(),
		func(r io.Reader) (labelled, error) { m, err := classifier.Load(r); return labelled{m}, err },
		func(m labelled, workers int) learner { return learner{classifier.NewTrainer(m.Model, workers)} })
}

// labelled and learner are the classifier with the classes of torch/specs.py.
type (
	labelled struct{ *classifier.Model }
	learner  struct{ *classifier.Trainer }
)

func classes(n int) []classifier.Class {
	y := make([]classifier.Class, n)
	for i := range y {
		y[i] = classifier.Class(i * 7 % 10)
	}
	return y
}

func (m labelled) ScoreBatch(s []float32, x []classifier.Input) {
	m.Model.ScoreBatch(s, x, classes(len(x)))
}
func (l learner) Step(x []classifier.Input) float64 { return l.Trainer.Step(x, classes(len(x))) }
func (l learner) Gradients(x []classifier.Input) (float64, []weights.Tensor) {
	return l.Trainer.Gradients(x, classes(len(x)))
}

// compiled compares one package, from the weights of the fixtures.
func compiled[X image, Z code, R result, M model[X, Z, R], T trainer[X]](t *testing.T, name string, file weights.File, load func(io.Reader) (M, error), train func(M, int) T) {
	t.Run(name, func(t *testing.T) {
		m, err := load(encoded(t, fixtureWeights(file)))
		if err != nil {
			t.Fatal(err)
		}
		tr := train(m, 2)
		defer tr.Close()
		holdCompiled[X, Z, R](t, name, m, tr)
	})
}

func holdCompiled[X image, Z code, R result](t *testing.T, name string, m model[X, Z, R], tr trainer[X]) {
	t.Helper()
	want := readFixture(t, name)
	x := make([]X, want.Samples)
	for i, v := range halves(want.Samples * len(x[0])) {
		x[i/len(x[0])][i%len(x[0])] = v
	}
	z, r, s := make([]Z, len(x)), make([]R, len(x)), make([]float32, len(x))
	m.EncodeBatch(z, x)
	m.ReconstructBatch(r, x)
	m.ScoreBatch(s, x)
	hold(t, "code", flat(z), want.Code, 1e-5)
	hold(t, "reconstruction", flat(r), want.Reconstruction, 1e-5)
	holdNumbers(t, "score", float64s(s), want.Scores)
	_, gradients := tr.Gradients(x)
	if len(gradients) != len(want.Gradients) {
		t.Errorf("%d gradients, PyTorch %d", len(gradients), len(want.Gradients))
	}
	for _, g := range gradients {
		hold(t, "gradient of "+g.Name, float64s(g.Data), want.Gradients[g.Name], 1e-4)
	}
	var losses []float64
	for range want.Losses {
		losses = append(losses, tr.Step(x))
	}
	holdNumbers(t, "loss of step", losses, want.Losses)
	for _, tensor := range tr.Weights().Tensors {
		hold(t, "trained "+tensor.Name, float64s(tensor.Data), want.Trained[tensor.Name], 1e-4)
	}
}

func flat[A array](rows []A) []float64 {
	var v []float64
	for _, row := range rows {
		for i := range len(row) {
			v = append(v, float64(row[i]))
		}
	}
	return v
}

func encoded(t *testing.T, file weights.File) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := weights.Write(&b, file); err != nil {
		t.Fatal(err)
	}
	return &b
}
