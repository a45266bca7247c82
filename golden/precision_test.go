package golden

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler/plan"
	deep "github.com/aegen/aegen/generated/digits"
	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/runtime/train"
	"github.com/aegen/aegen/runtime/weights"
)

// errorsProgram is a main function that prints how far the reconstructions of packages are from those of the first one of
// their model: the root mean square of the differences, in parts of that of the values.
const errorsProgram = `package main

import (
	"encoding/json"
	"io"
	"math"
	"os"
	"unsafe"

%s)

func run[X any, M interface{ ReconstructBatch(r, x []X) }](load func(io.Reader) (M, error), model string) []float32 {
	f, err := os.Open(model + ".safetensors")
	if err != nil {
		panic(err)
	}
	m, err := load(f)
	if err != nil {
		panic(err)
	}
	raw, err := os.ReadFile(model + ".raw")
	if err != nil {
		panic(err)
	}
	var one X
	x := unsafe.Slice((*X)(unsafe.Pointer(&raw[0])), len(raw)/int(unsafe.Sizeof(one)))
	r := make([]X, len(x))
	m.ReconstructBatch(r, x)
	return unsafe.Slice((*float32)(unsafe.Pointer(&r[0])), len(raw)/4)
}

var want []float32

func compare(got []float32) float64 {
	sum, size := 0.0, 0.0
	for i, v := range want {
		sum += float64(got[i]-v) * float64(got[i]-v)
		size += float64(v) * float64(v)
	}
	return math.Sqrt(sum / size)
}

func main() {
	rms := map[string]float64{}
%s	json.NewEncoder(os.Stdout).Encode(rms)
}
`

// A precisionCase is a model with weights and samples.
type precisionCase struct {
	spec    string
	weights weights.File
	learn   []float32 // samples for ranges
	held    []float32 // samples for errors
}

// precisionCases are the digits, trained for some epochs, and fashion.ae with random weights on random samples.
func precisionCases(t *testing.T) []precisionCase {
	t.Helper()
	raw := optdigits(t)
	x := make([]deep.Input, len(raw)/deep.InputSize)
	all := make([]float32, len(raw))
	for i, v := range raw {
		all[i] = float32(v)
		x[i/deep.InputSize][i%deep.InputSize] = float32(v)
	}
	n := len(x) * 4 / 5
	trainer := deep.NewTrainer(deep.New(1), 2)
	defer trainer.Close()
	config := deep.Training()
	config.Epochs = 30
	if _, err := train.Run(context.Background(), trainer, config, x[:n], nil, train.Options{}); err != nil {
		t.Fatal(err)
	}
	images := halves(40 * 784)
	return []precisionCase{
		{"digits", trainer.Weights(), all[:n*deep.InputSize], all[n*deep.InputSize:]},
		{"fashion", fixtureWeights(fashion.New(1).Weights()), images[:20*fashion.InputSize], images[20*fashion.InputSize:]},
	}
}

// params are the tensors of a file as the compiler has them.
func params(file weights.File) map[string][]float64 {
	m := map[string][]float64{}
	for _, tensor := range file.Tensors {
		m[tensor.Name] = float64s(tensor.Data)
		if len(tensor.Shape) == 2 {
			m[tensor.Name] = transpose(m[tensor.Name], tensor.Shape[0], tensor.Shape[1])
		}
	}
	return m
}

// TestStatedErrors holds packages of each format to half of the error that they state, and runs the tests of the packages.
func TestStatedErrors(t *testing.T) {
	dir := t.TempDir()
	var imports, body strings.Builder
	stated := map[string]plan.Precision{}
	for _, c := range precisionCases(t) {
		c.write(t, dir)
		for i, p := range c.programs(t) {
			name := fmt.Sprintf("%s%d", c.spec, i)
			writePackage(t, filepath.Join(dir, name), p, name)
			fmt.Fprintf(&imports, "\t\"precision/%s\"\n", name)
			if i == 0 {
				fmt.Fprintf(&body, "\twant = run(%s.Load, %q)\n", name, c.spec)
				continue
			}
			stated[name] = p.Precision
			fmt.Fprintf(&body, "\trms[%q] = compare(run(%s.Load, %q))\n", name, name, c.spec)
		}
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Appendf(nil, errorsProgram, imports.String(), body.String()))
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), fmt.Appendf(nil, "module precision\n\ngo 1.26.0\n\nrequire github.com/aegen/aegen v0.0.0\n\nreplace github.com/aegen/aegen => %s\n", root))
	rms := map[string]float64{}
	if err := json.Unmarshal(goIn(t, dir, "run", "."), &rms); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(stated)) {
		got, p := rms[name], stated[name]
		t.Logf("%s, %v, ranges %t: %.4f %%, stated %.4g %%", name, p.Format, p.Ranges != nil, 100*got, 100*p.Error())
		if !(got > 0 && got <= p.Error()/2) { // docs/precision.md has a model that is twice as far
			t.Errorf("%s, %v, ranges %t: error %v, want one above 0 and at most half of %v", name, p.Format, p.Ranges != nil, got, p.Error())
		}
	}
	goIn(t, dir, "vet", "./...")
	goIn(t, dir, "test", "./...")
}

// write writes the weights and the samples for errors.
func (c precisionCase) write(t *testing.T, dir string) {
	t.Helper()
	var file, held bytes.Buffer
	if err := weights.Write(&file, c.weights); err != nil {
		t.Fatal(err)
	}
	if err := binary.Write(&held, binary.NativeEndian, c.held); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, c.spec+".safetensors"), file.Bytes())
	write(t, filepath.Join(dir, c.spec+".raw"), held.Bytes())
}

// programs are the model's in float32 and in each format, the last with ranges.
func (c precisionCase) programs(t *testing.T) []*plan.Program {
	t.Helper()
	compiled := compile(t, "../specs/"+c.spec+".ae")
	all := []*plan.Program{compiled.Program}
	ranges := compiled.Ranges(params(c.weights), c.learn)
	for _, p := range []plan.Precision{{Format: plan.Half}, {Format: plan.Bfloat16}, {Format: plan.Int8}, {Format: plan.Int8, Ranges: ranges}} {
		all = append(all, compiled.Reduced(p).Program)
	}
	return all
}

func writePackage(t *testing.T, dir string, p *plan.Program, name string) {
	t.Helper()
	files, err := codegen.Package(p, codegen.Options{Package: name})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		write(t, filepath.Join(dir, f.Name), f.Data)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// goIn runs the go command in a folder and returns what it prints.
func goIn(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s%s", strings.Join(args, " "), err, out, errs.Bytes())
	}
	return out
}
