package codegen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
	"github.com/aegen/aegen/grammar/source"
)

// models is the number of random models that are compared, and trained of those whose weights are after ten steps too.
const models, trained = 300, 60

// fewModels is their number under -short.
const fewModels = 40

// report is what a generated package says of itself: see runModel in the program below.
type report struct {
	Kernels                      int // by which it ran
	Code, Reconstruction, Scores []float64
	Loss                         float64
	Gradients, One, Ten          map[string][]float64
	Parts                        []float64 // of all scores
	LogVar                       []float64 // of codes that are sampled
	Probabilities                []float64 // of codes of discrete units
}

// program is a main function that runs every generated package on the samples of plan.Hash and prints reports.
const program = `package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"

	"github.com/aegen/aegen/runtime/weights"
%s)

func hash(array, i int) float32 {
	h := uint32(i)*2654435761 + uint32(array)*40503 + 977
	h ^= h >> 15
	h *= 2246822519
	h ^= h >> 13
	return float32(float64(h>>8)/(1<<23) - 1)
}

func hashed(file weights.File) *bytes.Buffer {
	for n, t := range file.Tensors {
		bound := float32(0.1)
		if len(t.Shape) > 1 {
			bound = float32(math.Sqrt(3 / float64(len(t.Data)/t.Shape[0])))
		}
		for i := range t.Data {
			t.Data[i] = hash(n, i) * bound
		}
	}
	var b bytes.Buffer
	if err := weights.Write(&b, file); err != nil {
		panic(err)
	}
	return &b
}

type report struct {
	Kernels                      int
	Code, Reconstruction, Scores []float32
	Loss                         float64
	Gradients, One, Ten          map[string][]float32
	Parts                        []float64
	LogVar                       []float32
	Probabilities                []float32
}

func tensors(list []weights.Tensor) map[string][]float32 {
	m := map[string][]float32{}
	for _, t := range list {
		m[t.Name] = append([]float32(nil), t.Data...)
	}
	return m
}

func main() {
	out := json.NewEncoder(os.Stdout)
%s}
`

// kernels are what the packages run by, one after the other: the numbers that SetKernels of hook takes.
var kernels = []string{"portable", "AVX2", "AVX-512"}

// hook is a file of every package that makes it run by other kernels than the fastest that the processor has.
const hook = `package %s

var has = [...]bool{true, assembly, assembly && avx512}

func SetKernels(number int) bool {
	assembly, avx512 = number >= 1, number >= 2
	return has[number]
}
`

// runModel is the part of the program that runs package m%[1]d. Batches have %[2]d samples, with the targets %[3]s.
const runModel = `	for kernels := range 3 {
		if !m%[1]d.SetKernels(kernels) {
			continue
		}
		m, err := m%[1]d.Load(hashed(m%[1]d.New(1).Weights()))
		if err != nil {
			panic(err)
		}
		x := make([]m%[1]d.Sample, %[2]d)
		m%[1]d.Fill(x)
%[3]s
		r := report{Kernels: kernels}
		z, d, s := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Decoded, len(x)), make([]float32, len(x))
		m.EncodeBatch(z, x)
		m.ReconstructBatch(d, x)
		m.ScoreBatch(s, x%[4]s)
		for i := range x {
			r.Code, r.Reconstruction = append(r.Code, z[i][:]...), append(r.Reconstruction, m%[1]d.Decodings(&d[i])...)
		}
		r.Scores = s
%[6]s		t := m%[1]d.NewTrainer(m, 1+%[1]d%%3)
		t.SetEpoch(0.75)
		var g []weights.Tensor
		r.Loss, g = t.Gradients(x%[4]s)
		r.Gradients = tensors(g)
		t.Step(x%[4]s)
		r.One = tensors(t.Weights().Tensors)
		for range 9 {
			t.Step(x%[4]s)
		}
		r.Ten = tensors(t.Weights().Tensors)
		shared, alone := make([]float32, len(x)), make([]float32, len(x))
		t.ScoreBatch(shared, x%[4]s)
		t.Model().ScoreBatch(alone, x%[4]s)
		if !slices.EqualFunc(shared, alone, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			panic("m%[1]d: a trainer's scores are not its model's")
		}
		t.Close()
		if err := out.Encode(r); err != nil {
			panic(err)
		}
	}
`

// runExplain is the rest of it for a score that is a sum of parts, runPosterior that for a code that is sampled, and runClasses that for one of
// discrete units.
const (
	runExplain = `		for i := range x {
			var c m%[1]d.Contributions
			sum := 0.0
			score := m.Explain(&c, &x[i])
			for _, v := range c {
				sum += v
			}
			if score != s[i] || float32(sum) != score {
				panic("m%[1]d: a score is not the sum of its parts")
			}
			r.Parts = append(r.Parts, c[:]...)
		}
`
	runPosterior = `		means, logvars := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Code, len(x))
		m.PosteriorBatch(means, logvars, x)
		if !slices.Equal(means, z) {
			panic("m%[1]d: a mean is not the code")
		}
		for i := range logvars {
			r.LogVar = append(r.LogVar, logvars[i][:]...)
		}
`
	runClasses = `		q, kl := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Code, len(x))
		m.PosteriorBatch(q, kl, x)
		for i := range q {
			r.Probabilities = append(r.Probabilities, q[i][:]...)
		}
`
)

// TestGeneratedCodeIsTheInterpreter generates random models, builds them into one program, and compares forward, loss,
// every gradient, and the weights after one step, some after ten, with the float64 interpreter on the unfused graphs.
func TestGeneratedCodeIsTheInterpreter(t *testing.T) {
	texts := []string{wide, wideLoss, sparse, fmt.Sprintf(borrowing, "lender.ae", "{ freeze true }"), fmt.Sprintf(borrowing, "lender.ae", ""), tiedFrozen}
	texts = append(texts, compact...)
	n := models
	if testing.Short() {
		n = fewModels
	}
	for seed := range uint64(n) {
		texts = append(texts, randspec.Text(seed))
	}
	var all []*compiler.Compilation
	for i, text := range texts {
		c := compiler.Compile(&source.File{Name: fmt.Sprintf("m%d.ae", i), Text: text}, compiler.Options{Open: lender})
		if c.Program == nil {
			t.Fatalf("model %d: %v\n%s", i, c.Diagnostics, text)
		}
		all = append(all, c)
	}
	if all[0].Program.Routines[0].Storage != plan.Pool {
		t.Error("the wide model's activations are on the stack: it does not test the pool")
	}
	compareAll(t, all, texts)
}

// compareAll runs all models by all kernels and compares them with the interpreter.
func compareAll(t *testing.T, all []*compiler.Compilation, texts []string) {
	t.Helper()
	reports := json.NewDecoder(bytes.NewReader(runAll(t, all, runModel)))
	model, ten, ran := 0, 0, map[int]int{}
	for {
		var r report
		err := reports.Decode(&r)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("model %d: %v", model, err)
		}
		if r.Kernels == 0 && ran[0] > 0 {
			model++
		}
		ran[r.Kernels]++
		steps := 1
		if model < trained && steady(t, all[model]) {
			steps = 10
			if r.Kernels == 0 {
				ten++
			}
		}
		if err := compare(all[model], r, steps); err != nil {
			t.Errorf("model %d, %s: %v\n%s", model, kernels[r.Kernels], err, texts[model])
		}
	}
	if least := 3 * min(trained, len(all)) / 4; ten < least && !testing.Short() {
		t.Errorf("%d models were compared after ten steps, want at least %d", ten, least)
	}
	for number, name := range kernels {
		if n := ran[number]; n != len(all) && (n > 0 || number == 0) {
			t.Errorf("%d of %d models ran by %s", n, len(all), name)
		} else if n == 0 {
			t.Logf("no model ran by %s: this processor has none", name)
		}
	}
}

// samples is the batch size for a model: what its spec says.
func samples(c *compiler.Compilation) int { return c.Model.Training.Batch }

func bounds(p *plan.Program) (low, width float64) {
	if p.Low == p.High {
		return 0, 1
	}
	return p.Low, p.High - p.Low
}

// runAll builds and runs a module with all packages and returns what the parts of its program print.
func runAll(t *testing.T, all []*compiler.Compilation, part string) []byte {
	t.Helper()
	module := map[string][]byte{}
	var imports, body strings.Builder
	for i, c := range all {
		name := fmt.Sprintf("m%d", i)
		files, err := codegen.Package(c.Program, codegen.Options{Package: name})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			module[name+"/"+f.Name] = f.Data
		}
		if len(c.Program.Functions) > 0 {
			module[name+"/hook.go"] = fmt.Appendf(nil, hook, name)
		} else {
			module[name+"/hook.go"] = fmt.Appendf(nil, "package %s\n\nfunc SetKernels(number int) bool { return number == 0 }\n", name)
		}
		module[name+"/samples.go"] = samplesFile(c.Program, name)
		fmt.Fprintf(&imports, "\t\"random/%s\"\n", name)
		more := ""
		if c.Program.Explain != nil {
			more = fmt.Sprintf(runExplain, i)
		}
		switch {
		case c.Program.Classes() > 0:
			more += fmt.Sprintf(runClasses, i)
		case c.Program.Sampled():
			more += fmt.Sprintf(runPosterior, i)
		}
		goal, y, one := goalOf(c.Program, i)
		fmt.Fprintf(&body, part, i, samples(c), goal, y, one, more)
	}
	module["main.go"] = fmt.Appendf(nil, program, imports.String(), body.String())
	return runModule(t, module)
}
