package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/train"
)

// TestFashionBegins holds the three files of fashion.ae against the generated package and the training loop.
func TestFashionBegins(t *testing.T) {
	dir := t.TempDir()
	if err := run(300, []string{dir}); err != nil {
		t.Fatal(err)
	}
	file := func(suffix string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, "fashion"+suffix))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	training := fashion.Training()
	var s settings
	if err := json.Unmarshal(file(".json"), &s); err != nil {
		t.Fatal(err)
	}
	if s.Code != 32 || s.Epochs != training.Epochs || s.Rate != training.Rate || s.Eps != 1e-8 || len(s.Layers) != 6 {
		t.Errorf("settings %+v", s)
	}
	if want := (layer{"encoder.1", 256, 64, "relu"}); s.Layers[1] != want || s.Layers[5].Activation != "" {
		t.Errorf("layers %+v", s.Layers)
	}
	var saved bytes.Buffer
	if err := fashion.New(training.Seed).Save(&saved); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file(".safetensors"), saved.Bytes()) {
		t.Error("the weights are not those of the spec's seed")
	}
	orders := make([]int32, training.Epochs*300)
	if n, err := binary.Decode(file(".order"), binary.LittleEndian, orders); err != nil || n != len(file(".order")) {
		t.Fatalf("%d bytes of orders, %v", n, err)
	}
	third := make([]int32, 300)
	train.Order(third, training.Seed, 2)
	if !slices.Equal(orders[2*300:3*300], third) {
		t.Error("the third epoch's order is not the loop's")
	}
}

// TestHintonBegins: the layers are those that pytorch.py has activations for.
func TestHintonBegins(t *testing.T) {
	s, err := read("hinton")
	if err != nil {
		t.Fatal(err)
	}
	var activations []string
	for _, l := range s.Layers {
		activations = append(activations, l.Activation)
	}
	want := []string{"sigmoid", "sigmoid", "sigmoid", "", "sigmoid", "sigmoid", "sigmoid", ""}
	if !reflect.DeepEqual(activations, want) {
		t.Errorf("activations %q, want %q", activations, want)
	}
}

func TestOtherTrainingIsRefused(t *testing.T) {
	const training = "`reconstruct bernoulli` without a scale, and adam with nothing beside it expected"
	for _, c := range []struct{ decoder, loss, optimizer, want string }{
		{"mirror(encoder)", "bernoulli", "adam(lr: 1e-3)", ""},
		{"mirror(encoder)", "mse", "adam(lr: 1e-3)", training},
		{"mirror(encoder)", "bernoulli", "sgd(lr: 1e-3)", training},
		{"mirror(encoder)", "bernoulli", "adam(lr: 1e-3)\nclip norm(1)", training},
		{"mirror(encoder, tied: true)", "bernoulli", "adam(lr: 1e-3)", "dense layers with weights of their own expected, dense decoder.0 found"},
	} {
		text := "model Toy\ninput x = vector(8)\nencoder {\ndense(4) relu\n}\nbottleneck z = dense(2)\ndecoder " + c.decoder +
			"\nreconstruct " + c.loss + "\ntrain {\noptimizer " + c.optimizer + "\nbatch 4\nepochs 1\nseed 1\n}\n"
		compiled := compiler.Compile(&source.File{Name: "toy.ae", Text: text}, compiler.Options{})
		if compiled.Program == nil {
			t.Fatalf("%v\n%s", compiled.Diagnostics, text)
		}
		_, err := settingsOf(compiled.Program)
		if got := message(err); got != c.want {
			t.Errorf("%v: error %q, want %q", c, got, c.want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestUsage(t *testing.T) {
	if got := message(run(0, []string{t.TempDir()})); got != "-samples N DIR expected" {
		t.Errorf("no samples: %s", got)
	}
}
