package job

import (
	"encoding/binary"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/train"
)

// sampledToy is the toy with a code whose mean is the sum of a sample and whose variance is e. Its bound is a number of the sample's source.
func sampledToy() *Sampled[input, train.None, code, input, *toy] {
	decode := func(m *toy, r *input, z float32) { *r = input{z * m.w, z * m.w, z * m.w} }
	return &Sampled[input, train.None, code, input, *toy]{
		Posterior: func(m *toy, mean, logvar []code, x []input) {
			m.EncodeBatch(mean, x)
			for i := range logvar {
				logvar[i] = code{1}
			}
		},
		Bound: func(_ *toy, x *input, _ train.None, k int, rng *random.Source) float64 {
			return float64(k) + float64(rng.Uniform())
		},
		Imagine: func(m *toy, r *input, rng *random.Source) { decode(m, r, rng.Normal()) },
		Sample:  func(m *toy, r *input, rng *random.Source) { decode(m, r, 1000+rng.Normal()) },
	}
}

// TestEvidence measures four samples by hand, on one thread and on three.
func TestEvidence(t *testing.T) {
	f := newFolder(t)
	var raw []byte
	const samples = 4 * piece // so many that threads share them
	for i := range samples {
		for _, v := range [][]float32{{1, 2, 3}, {0, 1, -1}, {0, 0.5, 0}, {0, 0, 2}}[i%4] { // codes 6, 0, 0.5 and 2
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
	}
	if err := os.WriteFile(f.path("codes"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
	p := toyPackage(0)
	p.Sampled = sampledToy()
	var bounds []float64
	for _, threads := range []int{1, 3} {
		status, messages := serve(t, t.Context(), p, Job{Kind: Eval, Data: f.path("codes"), Weights: f.path("weights"), Threads: threads, Draws: 7})
		if status != Done {
			t.Fatal(status)
		}
		s := messages[len(messages)-1].Scores
		e := s.Evidence
		kl := ((36+0+0.25+4)/4 + math.E - 1 - 1) / 2
		if math.Abs(e.KL-kl) > 1e-6 || !slices.Equal(e.Units, []float64{e.KL}) || e.Active != 1 ||
			!(e.ELBO > 1.45 && e.ELBO < 1.55) || math.Abs(e.NLL+e.KL+e.ELBO) > 1e-12 {
			t.Errorf("%+v, want a divergence of %v, one active unit and a bound near 1.5", e, kl)
		}
		if e.Draws != 7 || !(*e.IWAE > 7.4 && *e.IWAE < 7.6) {
			t.Errorf("a bound of %v by %d draws", *e.IWAE, e.Draws)
		}
		bounds = append(bounds, *e.IWAE+e.ELBO)
	}
	if bounds[0] != bounds[1] {
		t.Errorf("bounds %v on one thread and %v on three", bounds[0], bounds[1])
	}
}

// TestSample draws samples: the same for any number of threads, others for another seed, and around means or from the likelihood.
func TestSample(t *testing.T) {
	f := newFolder(t)
	p := toyPackage(0)
	p.Sampled = sampledToy()
	draw := func(j Job) []float32 {
		j.Kind, j.Weights, j.Output, j.Samples = Sample, f.path("weights"), f.path("samples"), 3*piece
		status, messages := serve(t, t.Context(), p, j)
		if status != Done || messages[len(messages)-1].Written.Width != 3 {
			t.Fatal(status, messages)
		}
		return f.floats(t, "samples")
	}
	one := draw(Job{Threads: 1, Seed: 1})
	if !slices.Equal(one, draw(Job{Threads: 3, Seed: 1})) {
		t.Error("samples depend on the number of threads")
	}
	if slices.Equal(one, draw(Job{Threads: 1, Seed: 2})) {
		t.Error("two seeds give the same samples")
	}
	if one[0] == one[3] || len(one) != 9*piece {
		t.Errorf("%d numbers, beginning with %v", len(one), one[:6])
	}
	if noisy := draw(Job{Seed: 1, Noise: true}); math.Abs(float64(noisy[0])) < 100*math.Abs(float64(one[0])) {
		t.Errorf("the likelihood gives %v, the mean is %v", noisy[0], one[0])
	}
	p.Sampled = nil
	if status, _ := serve(t, t.Context(), p, Job{Kind: Sample, Weights: f.path("weights"), Output: f.path("samples"), Samples: 1}); status != Failed {
		t.Errorf("a model without a distribution of codes ends with status %d", status)
	}
}
