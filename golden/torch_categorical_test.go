package golden

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/pass"
	"github.com/aegen/aegen/grammar/source"
)

// crossEntropy is a case of torch/categorical.py or torch/likelihoods.py.
type crossEntropy struct {
	Size                 float64
	Input, Probabilities [][]float64
	Target               any
	Scores               []float64
	Gradients            map[string]any
}

// TestCategoricalAgreesWithTorch compares cross-entropy of classes, of classes of places, of distributions and of inputs with PyTorch's: scores, probabilities and
// all gradients, before the passes and after them, and with logits of 10,000.
// labelsTarget are classes of places, some of them ignored.
const labelsTarget = "target y = labels(2, 2, classes: 3, weights: each(0.5, 1, 2), ignore: 255)"

func TestCategoricalAgreesWithTorch(t *testing.T) {
	data, err := os.ReadFile("torch/categorical.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]crossEntropy
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	targets := map[string]string{"class": "target y = class(7)", "distribution": "target y = vector(7)", "input": "", "saturated": "target y = class(7)"}
	for _, name := range []string{"labels", "saturated labels"} {
		targets[name] = labelsTarget
	}
	if len(cases) != len(targets) {
		t.Fatalf("%d cases", len(cases))
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf("model M\ninput x = vector(12)\n%s\nencoder { dense(9) tanh }\nbottleneck z = dense(5)\ndecoder { dense }\nreconstruct categorical\n", targets[name])
			c := compiler.Compile(&source.File{Name: "m.ae", Text: text}, compiler.Options{})
			if c.Program == nil {
				t.Fatal(c.Diagnostics)
			}
			want.hold(t, c)
		})
	}
}

func (want crossEntropy) hold(t *testing.T, c *compiler.Compilation) {
	env := interp.Env{Batch: len(want.Input), Inputs: map[string][]float64{"x": slices.Concat(want.Input...)}, Params: map[string][]float64{}}
	if c.Model.Target != nil {
		env.Inputs["y"] = flattened(want.Target)
	}
	for i, p := range c.Model.Forward.Params() {
		size, factor := 1, 0.1
		for _, d := range p.Type.Dims {
			size *= d
		}
		if len(p.Type.Dims) == 2 {
			factor = math.Sqrt(3 / float64(p.Type.Dims[0]))
		}
		values := float64s(fill(i, size))
		for j := range values {
			if values[j] *= factor; i >= 4 { // the decoder's
				values[j] *= want.Size
			}
		}
		if len(p.Type.Dims) == 2 {
			values = transpose(values, p.Type.Dims[1], p.Type.Dims[0])
		}
		env.Params[p.Op.(ir.Param).Name] = values
	}
	for _, passes := range [][]pass.Pass{nil, pass.Default} {
		if passes == nil && want.Size > 1 { // probabilities underflow; logits do not
			continue
		}
		forward, err := pass.Run(c.Model.Forward, passes)
		if err != nil {
			t.Fatal(err)
		}
		gradient, err := pass.Run(grad.Differentiate(c.Model.Forward), passes)
		if err != nil {
			t.Fatal(err)
		}
		out := run(t, forward, env).Outputs
		equal(t, "score", out[ir.Score], want.Scores)
		equal(t, "probability", out[ir.Reconstruction], slices.Concat(want.Probabilities...))
		for name, g := range run(t, gradient, env).Outputs {
			if name == ir.Loss {
				continue
			}
			name = name[len(grad.Gradient):]
			torch := flattened(want.Gradients[name])
			for _, p := range c.Model.Forward.Params() {
				if d := p.Type.Dims; p.Op.(ir.Param).Name == name && len(d) == 2 {
					torch = transpose(torch, d[1], d[0])
				}
			}
			equal(t, "gradient of "+name, g, torch)
		}
	}
}

// flattened are the numbers of an array of JSON, of any dimensions.
func flattened(v any) []float64 {
	if n, ok := v.(float64); ok {
		return []float64{n}
	}
	var all []float64
	for _, part := range v.([]any) {
		all = append(all, flattened(part)...)
	}
	return all
}

// equal holds float64 against PyTorch's, to 1e-9 of the largest of them.
func equal(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, PyTorch %d", what, len(got), len(want))
	}
	largest := 1e-300
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	for i, v := range want {
		if d := math.Abs(got[i] - v); !(d <= 1e-9*largest) {
			t.Errorf("%s %d is %.12g, PyTorch %.12g", what, i, got[i], v)
			return
		}
	}
}
