package golden

import (
	"bytes"
	"io"
	"math"
	"testing"

	bernoullicode "github.com/aegen/aegen/generated/bernoulli_code"
	"github.com/aegen/aegen/generated/contractive"
	"github.com/aegen/aegen/generated/dropout"
	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/generated/hinton"
	sparsekl "github.com/aegen/aegen/generated/sparse_kl"
	sparsel1 "github.com/aegen/aegen/generated/sparse_l1"
	"github.com/aegen/aegen/generated/vae"
	"github.com/aegen/aegen/runtime/weights"
)

// image and code are the arrays of the packages.
type (
	image interface{ ~[784]float32 }
	code  interface {
		~[32]float32 | ~[30]float32 | ~[20]float32 | ~[64]float32 | ~[1024]float32 | ~[196]float32 | ~[256]float32
	}
	array interface{ image | code }
)

// model and trainer are what the test needs of a generated package.
type (
	model[X, Z any] interface {
		EncodeBatch(z []Z, x []X)
		ReconstructBatch(r, x []X)
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
	compiled[fashion.Input, fashion.Code](t, "fashion", fashion.New(1).Weights(), fashion.Load, fashion.NewTrainer)
	compiled[dropout.Input, dropout.Code](t, "dropout", dropout.New(1).Weights(), dropout.Load, dropout.NewTrainer)
	compiled[hinton.Input, hinton.Code](t, "hinton", hinton.New(1).Weights(), hinton.Load, hinton.NewTrainer)
	compiled[bernoullicode.Input, bernoullicode.Code](t, "bernoulli_code", bernoullicode.New(1).Weights(), bernoullicode.Load, bernoullicode.NewTrainer)
	compiled[sparsel1.Input, sparsel1.Code](t, "sparse_l1", sparsel1.New(1).Weights(), sparsel1.Load, sparsel1.NewTrainer)
	compiled[sparsekl.Input, sparsekl.Code](t, "sparse_kl", sparsekl.New(1).Weights(), sparsekl.Load, sparsekl.NewTrainer)
	compiled[contractive.Input, contractive.Code](t, "contractive", contractive.New(1).Weights(), contractive.Load, contractive.NewTrainer)
	compiled[vae.Input, vae.Code](t, "vae", vae.New(1).Weights(), vae.Load, vae.NewTrainer)
}

// compiled compares one package, from the weights of the fixtures.
func compiled[X image, Z code, M model[X, Z], T trainer[X]](t *testing.T, name string, file weights.File, load func(io.Reader) (M, error), train func(M, int) T) {
	t.Run(name, func(t *testing.T) {
		m, err := load(encoded(t, fixtureWeights(file)))
		if err != nil {
			t.Fatal(err)
		}
		tr := train(m, 2)
		defer tr.Close()
		holdCompiled[X, Z](t, name, m, tr)
	})
}

func holdCompiled[X image, Z code](t *testing.T, name string, m model[X, Z], tr trainer[X]) {
	t.Helper()
	want := readFixture(t, name)
	x := make([]X, want.Samples)
	for i, v := range fixtureInput(want.Samples) {
		x[i/784][i%784] = v
	}
	z, r, s := make([]Z, len(x)), make([]X, len(x)), make([]float32, len(x))
	m.EncodeBatch(z, x)
	m.ReconstructBatch(r, x)
	m.ScoreBatch(s, x)
	hold(t, "code", flat(z), want.Code, 1e-5)
	hold(t, "reconstruction", flat(r), want.Reconstruction, 1e-5)
	for i, v := range want.Scores {
		if math.Abs(float64(s[i])-v) > 1e-5*v {
			t.Errorf("score %d: %v, PyTorch %v", i, s[i], v)
		}
	}
	_, gradients := tr.Gradients(x)
	if len(gradients) != len(want.Gradients) {
		t.Errorf("%d gradients, PyTorch %d", len(gradients), len(want.Gradients))
	}
	for _, g := range gradients {
		hold(t, "gradient of "+g.Name, float64s(g.Data), want.Gradients[g.Name], 1e-4)
	}
	for i, loss := range want.Losses {
		if got := tr.Step(x); math.Abs(got-loss) > 1e-5*loss {
			t.Errorf("loss of step %d: %v, PyTorch %v", i, got, loss)
		}
	}
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
