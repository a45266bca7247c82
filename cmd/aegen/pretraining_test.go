package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/cmd/aegen/internal/demo"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
)

const pretrained = `model Digits
input x = image(8, 8) scale range(0, 16)
corrupt masking(0.25)
encoder { dense(24) sigmoid dense(12) relu }
bottleneck z = dense(5)
decoder mirror(encoder%s)
reconstruct bernoulli
train {
    optimizer adam(lr: 1e-3)
    batch 32
    epochs 2
    seed 7
    pretrain layers(epochs: 3, lr: 5e-3)
}
`

// TestPretrainedWeights trains the model of each stage by itself, on codes of the one before it, from the weights of the seed:
// the weights with which the joint training begins are those, bit by bit.
func TestPretrainedWeights(t *testing.T) {
	if testing.Short() {
		t.Skip("builds several models")
	}
	for name, tied := range map[string]string{"own": "", "tied": ", tied: true"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			spec := filepath.Join(dir, "digits.ae")
			text := strings.Replace(pretrained, "%s", tied, 1)
			if err := os.WriteFile(spec, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			data, err := filepath.Abs("internal/demo/optdigits.idx.gz")
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			first := filepath.Join(dir, "first")
			line := []string{"train", spec, "-data", data, "-pretrained", first, "-o", filepath.Join(dir, "last"), "-quiet"}
			if status := run(line, strings.NewReader(""), &out, &out); status != ok {
				t.Fatalf("exit status %d\n%s", status, &out)
			}
			got := tensors(t, first)
			c := compiler.Compile(&source.File{Name: spec, Text: text}, compiler.Options{})
			want := alone(t, c, dir)
			if len(got) != len(want.Tensors) || len(got) == 0 {
				t.Errorf("%d tensors, want %d", len(got), len(want.Tensors))
			}
			for _, w := range want.Tensors {
				if !slices.Equal(got[w.Name], w.Data) {
					t.Errorf("%s is not that of its stage", w.Name)
				}
			}
		})
	}
}

// alone trains the stages by themselves. They see all digits.
func alone(t *testing.T, c *compiler.Compilation, dir string) weights.File {
	digits, held := demo.Digits()
	digits.Data = append(digits.Data, held.Data...)
	data, err := writeRaw(dir, "data", digits)
	if err != nil {
		t.Fatal(err)
	}
	seed := filepath.Join(dir, "seed")
	start := initial(c.Program.Params, 7)
	if err := writeWeights(seed, start); err != nil {
		t.Fatal(err)
	}
	var all weights.File
	for _, s := range c.Pretraining() {
		program, remove, err := scratch.Build(s.Program)
		if err != nil {
			t.Fatal(err)
		}
		defer remove()
		path, codes := filepath.Join(dir, s.Program.Params[0].Field), filepath.Join(dir, s.Program.Params[0].Field+"codes")
		for _, j := range []job.Job{{Kind: job.Train, Data: data, Start: seed, Output: path}, {Kind: job.Encode, Data: data, Weights: path, Output: codes}} {
			if err := scratch.Run(program, j, func(job.Message) {}); err != nil {
				t.Fatal(err)
			}
		}
		for name, values := range tensors(t, path) {
			all.Tensors = append(all.Tensors, weights.Tensor{Name: name, Data: values})
			for _, w := range start.Tensors {
				if w.Name == name && slices.Equal(w.Data, values) {
					t.Errorf("%s has not moved", name)
				}
			}
		}
		data = codes
	}
	return all
}

func tensors(t *testing.T, path string) map[string][]float32 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]float32{}
	for _, w := range file.Tensors {
		all[w.Name] = w.Data
	}
	return all
}
