package golden

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// A torchCase is a model whose package is held against a fixture. What is empty there is not compared.
type torchCase struct {
	text                 string
	samples              int
	x, y                 []float32
	size                 float64 // of the decoder's weights
	scores, losses       []float64
	code, reconstruction kept
	gradients, trained   map[string]kept
	compilation          *compiler.Compilation
	params               map[string][]float32
}

// whole is an array of which all is kept.
func whole(v []float64) kept {
	squares := 0.0
	for _, x := range v {
		squares += x * x
	}
	return kept{Norm: math.Sqrt(squares), Step: 1, Values: v}
}

func wholes(arrays map[string][]float64) map[string]kept {
	all := map[string]kept{}
	for name, v := range arrays {
		all[name] = whole(v)
	}
	return all
}

// halves are the numbers of fill from 0 to 1.
func halves(count int) []float32 {
	x := fill(1000, count)
	for i, v := range x {
		x[i] = float32((float64(v) + 1) / 2)
	}
	return x
}

func readTorch[T any](t *testing.T, name string) map[string]T {
	t.Helper()
	data, err := os.ReadFile("torch/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]T{}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// torchCases are the small models of torch/penalties.py, kept.py, codebook.py, likelihoods.py and categorical.py.
func torchCases(t *testing.T) map[string]*torchCase {
	t.Helper()
	all := map[string]*torchCase{}
	for name, f := range readTorch[penalised](t, "penalties") {
		all[name] = &torchCase{text: f.Spec, samples: 8, x: halves(8 * 30), code: f.Code, losses: f.Losses, gradients: f.Gradients, trained: f.Trained}
	}
	type full struct {
		Code, Scores, Losses []float64
		Gradients, Trained   map[string][]float64
	}
	add := func(name, bottleneck, train string, f full) {
		all[name] = &torchCase{text: "model M\ninput x = vector(24)\nencoder { }\nbottleneck z = " + bottleneck + "\ndecoder { dense }\nreconstruct mse\ntrain {\n" + train + "\n}\n",
			samples: 6, x: halves(6 * 24), code: whole(f.Code), scores: f.Scores, losses: f.Losses, gradients: wholes(f.Gradients), trained: wholes(f.Trained)}
	}
	for name, f := range readTorch[full](t, "kept") {
		add(name, "dense(60) "+keptModels[name], "batch 6", f)
	}
	for revive, f := range readTorch[full](t, "codebook") {
		add("quantize, revive "+revive, "quantize(10, dim: 3, groups: 4) {\nema(decay: 0.8, revive: "+revive+")\n}", "batch 6\noptimizer adam(lr: 1e-2)", f)
	}
	for file, targets := range map[string]map[string]string{
		"likelihoods": {},
		"categorical": {"class": "target y = class(7)", "distribution": "target y = vector(7)", "saturated": "target y = class(7)",
			"labels": labelsTarget, "saturated labels": labelsTarget},
	} {
		for name, f := range readTorch[crossEntropy](t, file) {
			by, _, _ := strings.Cut(name, " of ")
			if file == "categorical" {
				by = file
			}
			b := &torchCase{text: fmt.Sprintf("model M\ninput x = vector(12)\n%s\nencoder { dense(9) tanh }\nbottleneck z = dense(5)\ndecoder { dense }\nreconstruct %s\ntrain { batch 6 }\n", targets[name], by),
				samples: len(f.Input), x: float32s(slices.Concat(f.Input...)), y: float32s(flattened(f.Target)), size: f.Size, scores: f.Scores, reconstruction: whole(slices.Concat(f.Probabilities...)), gradients: map[string]kept{}}
			for param, g := range f.Gradients {
				b.gradients[param] = whole(flattened(g))
			}
			all[file+" "+name] = b
		}
	}
	return all
}

func float32s(v []float64) []float32 {
	w := make([]float32, len(v))
	for i := range v {
		w[i] = float32(v[i])
	}
	return w
}

// place is a key that orders arrays as the streams of fixtures do: along the data flow, a weight before its bias, a codebook last.
var place = strings.NewReplacer("encoder", "a", "bottleneck.codebook", "z", "bottleneck", "b", "decoder", "c", "reconstruct", "d", "weight", "1", "bias", "2")

// compile makes the model, and the numbers of its weights: a stream of fill for each array.
func (b *torchCase) compile(t *testing.T) {
	t.Helper()
	c := compiler.Compile(&source.File{Name: "m.ae", Text: b.text}, compiler.Options{})
	if c.Program == nil {
		t.Fatal(c.Diagnostics)
	}
	b.compilation, b.params = c, map[string][]float32{}
	params := c.Model.Forward.Params()
	slices.SortFunc(params, func(p, q *ir.Value) int {
		return strings.Compare(place.Replace(p.Op.(ir.Param).Name), place.Replace(q.Op.(ir.Param).Name))
	})
	for n, p := range params {
		name, dims, size, bound := p.Op.(ir.Param).Name, p.Type.Dims, 1, 0.1
		for _, d := range dims {
			size *= d
		}
		if len(dims) == 2 {
			bound = math.Sqrt(3 / float64(dims[0]))
		}
		if b.size != 0 && strings.HasPrefix(name, "decoder") {
			bound *= b.size
		}
		b.params[name] = float32s(scaledBy(fill(n, size), bound))
	}
}

// TestPackagesAgreeWithTorch generates a package of each small model of the fixtures and compares it with PyTorch, in float32: codes,
// reconstructions, scores and losses to 1e-5, gradients and the weights after three steps to 1e-4.
func TestPackagesAgreeWithTorch(t *testing.T) {
	cases := torchCases(t)
	if len(cases) != 34 {
		t.Errorf("%d models, want 34", len(cases))
	}
	names := slices.Sorted(maps.Keys(cases))
	module, numbers := map[string][]byte{}, map[string]any{}
	var imports, table strings.Builder
	for i, name := range names {
		b, pkg := cases[name], fmt.Sprintf("p%d", i)
		b.compile(t)
		files, err := codegen.Package(b.compilation.Program, codegen.Options{Package: pkg})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			module[pkg+"/"+f.Name] = f.Data
		}
		module[pkg+"/hook.go"] = b.hook(pkg)
		numbers[name] = map[string]any{"Samples": b.samples, "Steps": len(b.losses), "Params": b.params, "X": b.x, "Y": b.y}
		fmt.Fprintf(&imports, "\t\"random/%s\"\n", pkg)
		fmt.Fprintf(&table, "\t%q: %s.Run,\n", name, pkg)
	}
	module["packages.go"] = fmt.Appendf(nil, "package main\n\nimport (\n\t\"random/beside\"\n%s)\n\nvar packages = map[string]func(beside.Case) beside.Report{\n%s}\n", imports.String(), table.String())
	for _, name := range []string{"main.go", "beside.go"} {
		text, err := os.ReadFile("testdata/beside/" + name)
		if err != nil {
			t.Fatal(err)
		}
		module[map[string]string{"main.go": name, "beside.go": "beside/" + name}[name]] = text
	}
	var reports map[string]struct {
		Code, Reconstruction, Scores, Losses []float64
		Gradients, Trained                   map[string][]float64
	}
	if err := json.Unmarshal(runPackages(t, module, numbers), &reports); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			b, r := cases[name], reports[name]
			if len(b.code.Values) > 0 {
				hold(t, "code", r.Code, b.code, 1e-5)
			}
			if len(b.reconstruction.Values) > 0 {
				hold(t, "reconstruction", r.Reconstruction, b.reconstruction, 1e-5)
			}
			holdNumbers(t, "score", r.Scores, b.scores)
			holdNumbers(t, "loss of step", r.Losses, b.losses)
			holdArrays(t, "gradient of ", r.Gradients, b.gradients, b.bound)
			if b.trained != nil {
				holdArrays(t, "trained ", r.Trained, b.trained, b.bound)
			}
		})
	}
}

// holdNumbers compares numbers one by one, to 1e-5 of each.
func holdNumbers(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i, v := range want {
		if math.Abs(got[i]-v) > 1e-5*math.Abs(v) {
			t.Errorf("%s %d: %v, PyTorch %v", what, i, got[i], v)
		}
	}
}

// bound is the relative error of an array. Counts in thousands drive tanh to its ends, where 1 - y² of float32 has few digits left.
func (b *torchCase) bound(name string) float64 {
	if slices.Max(b.x) > 1000 && strings.HasPrefix(name, "encoder") {
		return 1e-3
	}
	return 1e-4
}

// holdArrays compares arrays by their names.
func holdArrays(t *testing.T, what string, got map[string][]float64, want map[string]kept, bound func(name string) float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d arrays, PyTorch %d: %s", len(got), len(want), what)
	}
	for name, v := range got {
		hold(t, what+name, v, want[name], bound(name))
	}
}
