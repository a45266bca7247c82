package reference

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
)

// program is a model of 2·1+1 and 1·2+2 parameters.
func program(t *testing.T, likelihood string) *plan.Program {
	t.Helper()
	text := "model Pair\n\ninput x = vector(2)\n\nencoder { }\n\nbottleneck z = dense(1)\n\ndecoder { dense(2) }\n\nreconstruct " + likelihood + "\n"
	c := compiler.Compile(&source.File{Name: "pair.ae", Text: text}, compiler.Options{})
	if c.Program == nil {
		t.Fatalf("%v", c.Diagnostics)
	}
	return c.Program
}

// write writes numbers as files of pair.
func write(t *testing.T, dir string, files map[string][]float32) {
	t.Helper()
	for ending, numbers := range files {
		var raw []byte
		for _, v := range numbers {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
		if err := os.WriteFile(filepath.Join(dir, "pair."+ending), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// exported is a model whose outputs and losses are what the tests say of them.
func exported() map[string][]float32 {
	return map[string][]float32{
		"weights": {1, 2, 3, 4, 5, 6, 7}, "x": {0, 1, 2, 3}, "y": {0.5, 1.5, 2.5, 3.5}, "losses": {4, 3, 2},
	}
}

func TestReadTransposesWeights(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, exported())
	m, err := Read(dir, program(t, "mse"), true)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tensor := range m.Weights.Tensors {
		got = append(got, tensor.Name)
	}
	if want := []string{"bottleneck.weight", "bottleneck.bias", "decoder.0.weight", "decoder.0.bias"}; !slices.Equal(got, want) {
		t.Errorf("tensors %v, want %v", got, want)
	}
	w, err := m.Weights.Tensor("decoder.0.weight", 2, 1)
	if err != nil || !slices.Equal(w, []float32{4, 5}) {
		t.Errorf("the decoder's weights are %v, %v, want 4 and 5", w, err)
	}
	if got, want := transposed([]float32{1, 2, 3, 4, 5, 6}, 2, 3), []float32{1, 4, 2, 5, 3, 6}; !slices.Equal(got, want) {
		t.Errorf("transposed %v, want %v", got, want)
	}
}

func TestReadFailures(t *testing.T) {
	for ending, c := range map[string]struct {
		numbers []float32
		want    string
	}{
		"weights": {[]float32{1, 2}, "pair.weights: 7 numbers expected, the parameters of pair.ae, 2 found"},
		"x":       {[]float32{1, 2, 3}, "pair.x: a whole number of samples of 2 numbers expected, 3 numbers found"},
		"y":       {[]float32{1, 2}, "pair.x, 2 found"},
		"losses":  {nil, "pair.losses: no such file"},
	} {
		dir := t.TempDir()
		files := exported()
		delete(files, ending)
		if c.numbers != nil {
			files[ending] = c.numbers
		}
		write(t, dir, files)
		if _, err := Read(dir, program(t, "mse"), true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", ending, err, c.want)
		}
		if _, err := Read(dir, program(t, "mse"), false); (err == nil) != (ending == "losses") {
			t.Errorf("%s, not to be trained: %v", ending, err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pair.weights"), make([]byte, 29), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, program(t, "mse"), true); err == nil || !strings.Contains(err.Error(), "a whole number of float32 expected, 29 bytes found") {
		t.Errorf("29 bytes: %v", err)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		likelihood string
		change     func(y, losses []float32)
		want       string
	}{
		{"mse", func(y, losses []float32) {}, ""},
		{"mse", func(y, losses []float32) { y[0] += 0.9e-4; losses[0] *= 1 + 0.9e-4 }, ""},
		{"mse", func(y, losses []float32) { y[3] += 1.2e-4 }, "pair.y: sample 1, value 1: the model gives 3.50012, the reference 3.5"},
		{"mse", func(y, losses []float32) { y[2] = float32(math.NaN()) }, "pair.y: sample 1, value 0: the model gives NaN, the reference 2.5"},
		{"mse", func(y, losses []float32) { losses[1] = 3.0004 }, "pair.losses: training step 2: the model's loss is 3.0004 a value, the reference's 3"},
		{"bernoulli", func(y, losses []float32) { losses[0], losses[1], losses[2] = 8, 6, 4 }, ""}, // sums of two values
		{"bernoulli", func(y, losses []float32) {}, "pair.losses: training step 1: the model's loss is 2 a value, the reference's 4"},
	} {
		dir := t.TempDir()
		write(t, dir, exported())
		m, err := Read(dir, program(t, c.likelihood), true)
		if err != nil {
			t.Fatal(err)
		}
		y, losses := slices.Clone(m.Outputs), []float32{4, 3, 2}
		c.change(y, losses)
		err = m.Check(weights.File{Tensors: []weights.Tensor{
			{Name: job.Reconstructions, Shape: []int{2, 2}, Data: y}, {Name: job.Losses, Shape: []int{3}, Data: losses}}}, 0)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasSuffix(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.likelihood, err, c.want)
		}
	}
	m := &Model{losses: []float32{4}, width: 2, path: "pair"}
	err := m.Check(weights.File{Tensors: []weights.Tensor{
		{Name: job.Reconstructions, Shape: []int{0, 2}}, {Name: job.Losses, Shape: []int{3}, Data: []float32{4, 3, 2}}}}, 0)
	if want := "pair.losses: 3 numbers expected, 1 found"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestCheckRounded holds the outputs of rounded weights to a stated error: no losses are needed.
func TestCheckRounded(t *testing.T) {
	m := &Model{Inputs: make([]float32, 2), Outputs: []float32{3, 4}, width: 2, path: "pair"}
	results := weights.File{Tensors: []weights.Tensor{{Name: job.Reconstructions, Shape: []int{1, 2}, Data: []float32{3, 4.1}}}}
	if err := m.Check(results, 0.021); err != nil {
		t.Error(err)
	}
	err := m.Check(results, 0.019)
	if want := "pair.y: the model's outputs are off by 2 %, 1.9 % expected at most"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
