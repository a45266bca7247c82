package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/weights"
)

// pair is a linear model of 3 values with a code of one, trained with plain gradient descent.
const pair = `model Pair

input x = vector(3)

encoder { }
bottleneck z = dense(1)
decoder { dense(3) }

reconstruct mse

train {
    optimizer sgd(lr: 0.1)
    batch     4
    epochs    1
    seed      1
}
`

// pairOutputs are the outputs of pair for w: weights and bias of the encoder, then those of the decoder.
func pairOutputs(w, x []float64) (y []float64) {
	for s := range slices.Chunk(x, 3) {
		z := w[3] + w[0]*s[0] + w[1]*s[1] + w[2]*s[2]
		y = append(y, w[7]+w[4]*z, w[8]+w[5]*z, w[9]+w[6]*z)
	}
	return y
}

func pairLoss(w, x []float64) (loss float64) {
	for i, y := range pairOutputs(w, x) {
		loss += (y - x[i]) * (y - x[i]) / float64(len(x))
	}
	return loss
}

// exportPair writes the files of pair: outputs and losses of three steps in float64, gradients by central differences.
func exportPair(t *testing.T, dir string) {
	t.Helper()
	w := []float64{0.5, -0.25, 0.75, 0.1, 0.3, 0.6, -0.4, 0.2, -0.1, 0.05}
	x := []float64{1, 0, 0.5, 0.25, 0.75, -1, 0.5, 0.5, 0.25, -0.5, 1, 0}
	writeFloats(t, filepath.Join(dir, "pair.weights"), w)
	writeFloats(t, filepath.Join(dir, "pair.x"), x)
	writeFloats(t, filepath.Join(dir, "pair.y"), pairOutputs(w, x))
	var losses []float64
	for range 3 {
		losses = append(losses, pairLoss(w, x))
		gradient := make([]float64, len(w))
		for i := range w {
			const h = 1e-5
			up, down := slices.Clone(w), slices.Clone(w)
			up[i], down[i] = w[i]+h, w[i]-h
			gradient[i] = (pairLoss(up, x) - pairLoss(down, x)) / (2 * h)
		}
		for i, d := range gradient {
			w[i] -= 0.1 * d
		}
	}
	writeFloats(t, filepath.Join(dir, "pair.losses"), losses)
}

func writeFloats(t *testing.T, path string, v []float64) {
	t.Helper()
	var raw []byte
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(x)))
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// ownCache gives the test a cache of programs of its own.
func ownCache(t *testing.T) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", goCache(cache))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

// TestBenchHoldsTheModelAgainstTheReference times a model that is right, and refuses it when its outputs or losses are not.
func TestBenchHoldsTheModelAgainstTheReference(t *testing.T) {
	ownCache(t)
	dir := t.TempDir()
	spec := filepath.Join(dir, "pair.ae")
	if err := os.WriteFile(spec, []byte(pair), 0o644); err != nil {
		t.Fatal(err)
	}
	exportPair(t, dir)
	bench := func(more ...string) (status int, out, errs string) {
		var o, e bytes.Buffer
		line := append([]string{"bench", spec, "-reference", dir, "-json", "-seconds", "0.001", "-threads", "1"}, more...)
		status = run(line, strings.NewReader(""), &o, &e)
		return status, o.String(), e.String()
	}
	status, out, errs := bench()
	if status != ok {
		t.Fatalf("exit status %d: %s", status, errs)
	}
	var calls []string
	for line := range strings.Lines(out) {
		var l struct {
			Peer, Model, Mode string
			Batch, N          int
			Median            float64 `json:"us_median"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Peer != "aegen" || l.Model != "pair" || l.N < 3 || l.Median <= 0 {
			t.Errorf("%v: %s", err, line)
		}
		calls = append(calls, l.Mode+" "+string(rune('0'+l.Batch)))
	}
	if want := []string{"infer 1", "infer 4", "train 4"}; !slices.Equal(calls, want) {
		t.Errorf("measured %v, want %v", calls, want)
	}
	if status, _, errs := bench("-batch", "5"); status != failed || errs != "aegen: -reference "+dir+": 5 samples expected for the largest batch, 4 found\n" {
		t.Errorf("exit status %d: %s", status, errs)
	}
	writeFloats(t, filepath.Join(dir, "pair.losses"), []float64{0.1, 0.1, 0.1})
	if status, out, errs := bench(); status != failed || out != "" || !strings.Contains(errs, "pair.losses: training step 1: the model's loss is 0.") {
		t.Errorf("other losses: exit status %d: %s%s", status, out, errs)
	}
	writeFloats(t, filepath.Join(dir, "pair.y"), make([]float64, 12))
	if status, out, errs := bench("-mode", "infer"); status != failed || out != "" || !strings.Contains(errs, "pair.y: sample 0, value 0: the model gives 0.") {
		t.Errorf("other outputs: exit status %d: %s%s", status, out, errs)
	}
}

// TestBenchRefusesAModelThatIsNotPortable has the portable build of another seed in the place of the model's.
func TestBenchRefusesAModelThatIsNotPortable(t *testing.T) {
	ownCache(t)
	spec := filepath.Join(t.TempDir(), "pair.ae")
	if err := os.WriteFile(spec, []byte(pair), 0o644); err != nil {
		t.Fatal(err)
	}
	var programs []string
	for _, seed := range []string{"1", "2"} {
		text := strings.Replace(pair, "seed      1", "seed      "+seed, 1)
		c := compiler.Compile(&source.File{Name: spec, Text: text}, compiler.Options{Vectors: true})
		program, _, err := scratch.Build(c.Program, "purego")
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, program)
	}
	if err := os.Rename(programs[1], programs[0]); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	status := run([]string{"bench", spec, "-seconds", "0.001"}, strings.NewReader(""), &out, &errs)
	const want = "aegen: internal error: pair.ae differs from its portable build: reconstructions: value 0 is "
	if status != internal || out.Len() > 0 || !strings.HasPrefix(errs.String(), want) {
		t.Errorf("exit status %d: %s%s", status, &out, &errs)
	}
}

func TestDifference(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	file := func(name string, data ...float32) weights.File {
		return weights.File{Tensors: []weights.Tensor{{Name: name, Shape: []int{len(data)}, Data: data}}}
	}
	p := &plan.Program{Train: &plan.Training{Config: nn.Training{Optimizer: nn.Optimizer{Rate: 0.01}}}}
	b := &benching{program: p}
	for _, c := range []struct {
		name        string
		fast, plain []float32
		want        string
	}{
		{"scores", []float32{1, 20}, []float32{1.0019, 20}, ""},
		{"scores", []float32{1, 20, 30}, []float32{1, 20.0031, 0}, "scores: value 1 is 20, in Go 20.0031"},
		{"scores", []float32{nan, inf}, []float32{nan, inf}, ""},
		{"scores", []float32{nan}, []float32{1}, "scores: value 0 is NaN, in Go 1"},
		{"scores", []float32{inf}, []float32{-inf}, "scores: value 0 is +Inf, in Go -Inf"},
		{"scores", []float32{1}, []float32{1, 2}, "weights: scores: shape [2] expected, [1] found"},
		{"z.weight", []float32{1}, []float32{1.0029}, ""}, // three steps of 0.001
		{"z.bias", []float32{1}, []float32{1.0032}, "z.bias: value 0 is 1, in Go 1.0032"},
	} {
		if got := difference(file(c.name, c.fast...), file(c.name, c.plain...), b.tolerance); got != c.want {
			t.Errorf("%s %v and %v: %q, want %q", c.name, c.fast, c.plain, got, c.want)
		}
	}
	many, one, two := make([]float32, 1000), make([]float32, 1000), make([]float32, 1000) // steps by a gradient that cancels
	one[7], two[7], two[8] = 0.06, 0.06, 0.06
	p.Train.Config.Optimizer.Method = nn.Adam
	for want, fast := range map[string][]float32{"": one, "z.weight: value 8 is 0.06, in Go 0": two} {
		if got := difference(file("z.weight", fast...), file("z.weight", many...), b.tolerance); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	one[7] = 0.07
	if got := difference(file("z.weight", one...), file("z.weight", many...), b.tolerance); got == "" {
		t.Error("a weight that moved by more than its steps may agrees")
	}
	p.Precision.Format = plan.Int8
	if got := difference(file("scores", 1, 20), file("scores", 1.039, 20), b.tolerance); got != "" {
		t.Errorf("with integers: %q", got)
	}
}

func TestHashedSamplesAreInRange(t *testing.T) {
	for scale, want := range map[string][2]float32{"": {0, 1}, " scale range(-4, 12)": {-4, 12}} {
		text := strings.Replace(pair, "vector(3)", "vector(3)"+scale, 1)
		c := compiler.Compile(&source.File{Name: "pair.ae", Text: text}, compiler.Options{})
		if c.Program == nil {
			t.Fatalf("%v", c.Diagnostics)
		}
		samples := hashed(c.Program, 1000)
		low, high := slices.Min(samples.Data), slices.Max(samples.Data)
		edge := (want[1] - want[0]) / 100
		if samples.Len() != 1000 || low < want[0] || low > want[0]+edge || high > want[1] || high < want[1]-edge {
			t.Errorf("%d samples in [%g, %g], want 1000 in %v", samples.Len(), low, high, want)
		}
	}
}
