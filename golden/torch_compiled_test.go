package golden

import (
	"io"
	"testing"

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
