package codegen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// noisySpec is a model whose width leaves rests in all registers.
const noisySpec = `model Noisy
input x = vector(%d)
%s
bottleneck z = dense(2)
decoder { dense }
reconstruct mse
`

// noiseHook is a file of every package: it makes its kernel callable with values of the program's.
const noiseHook = `package %[1]s

import "github.com/aegen/aegen/runtime/arena"

var has = [...]bool{true, assembly, assembly && avx512}

func SetKernels(number int) bool {
	assembly, avx512 = number >= 1, number >= 2
	return has[number]
}

func Corrupt(y, x []float32, keys []uint64, from int) {
	n := len(x) / InputSize
	%[3]s(arena.Rows[[InputSize]float32](y, 0, n), arena.Rows[[InputSize]float32](x, 0, n), (*[%[2]d]uint64)(keys), from)
}
`

// A noiseMeasure is what the program of testdata/noise.go says of a million values that were 0.5.
type noiseMeasure struct {
	Name                               string
	Kernels                            int
	Error                              float64
	Differs                            int
	Low, High, Zeros, Ones             float64
	Mean, Variance, Skewness, Kurtosis float64
	NextValue, NextSample, NextStep    float64
}

// A moment is a number that is estimated from n values, and n times the variance of its estimate.
type moment struct{ want, variance float64 }

// share is the share of values that something happens to with probability p.
func share(p float64) moment { return moment{p, p * (1 - p)} }

// noisyModels are lines of noise, or an encoder with dropout, and what becomes of values that were 0.5. Error is what assembly may be off where it does not give the bits of the kernels
// in Go, which round a few times.
var noisyModels = []struct {
	lines                              string
	width                              int
	error, low, high                   float64
	zeros, ones                        moment
	mean, variance, skewness, kurtosis moment
}{
	{lines: "corrupt gaussian(std: 0.5)", width: 999, error: 5e-7, low: -2.67, high: 3.67, // 6.34 deviations, as 32 bits give at most
		mean: moment{0, 0.25}, variance: moment{0.25, 2. / 16}, skewness: moment{0, 6}, kurtosis: moment{3, 24}},
	{lines: "corrupt masking(p: 0.25)", width: 999, low: 0, high: 0.5, zeros: share(0.25),
		mean: moment{-0.125, 0.25 * 3. / 16}, variance: moment{3. / 64, 0.25 * 0.25 * 3. / 64}, skewness: moment{-1.1547, 30}, kurtosis: moment{2.3333, 60}},
	{lines: "corrupt salt_pepper(p: 0.1)", width: 999, low: 0, high: 1, zeros: share(0.05), ones: share(0.05),
		mean: moment{0, 0.025}, variance: moment{0.025, 0.1 * 0.9 / 16}, skewness: moment{0, 100}, kurtosis: moment{10, 1000}},
	{lines: "corrupt uniform(width: 0.2)", width: 999, low: 0.4, high: 0.6,
		mean: moment{0, 1. / 300}, variance: moment{1. / 300, 1. / 112500}, skewness: moment{0, 4}, kurtosis: moment{1.8, 4}},
	{lines: "encoder { dropout(0.2) }", width: 999, low: 0, high: 0.625, zeros: share(0.2), // the mean stays 0.5
		mean: moment{0, 1. / 16}, variance: moment{1. / 16, 0.140625 / 16}, skewness: moment{-1.5, 40}, kurtosis: moment{3.25, 100}},
	{lines: "encoder { dropout(0.9) }", width: 37, low: 0, high: 5, zeros: share(0.9),
		mean: moment{0, 2.25}, variance: moment{2.25, 36}, skewness: moment{8. / 3, 200}, kurtosis: moment{8.111111, 2000}},
	{lines: "corrupt uniform(1)\ncorrupt uniform(1)", width: 5, low: -0.5, high: 1.5, // a triangle, if the two are independent
		mean: moment{0, 1. / 6}, variance: moment{1. / 6, 7. / 180}, skewness: moment{0, 6}, kurtosis: moment{2.4, 20}},
	{lines: "corrupt masking(0.5)\ncorrupt salt_pepper(0.5)", width: 33, low: 0, high: 1, zeros: share(0.5), ones: share(0.25),
		mean: moment{-0.125, 0.171875}, variance: moment{0.171875, 0.0186}, skewness: moment{0.49338, 4}, kurtosis: moment{1.6281, 10}},
}

// TestNoise holds the noise of all kernels against what nn says of the same random bits, the kernels against each other, and
// a million values against their distribution: bounds, shares, four moments, and correlations with the next value, sample and step, each to
// five standard errors.
func TestNoise(t *testing.T) {
	program, err := os.ReadFile("testdata/noise.go")
	if err != nil {
		t.Fatal(err)
	}
	module := map[string][]byte{"main.go": program}
	var imports, table strings.Builder
	for i, m := range noisyModels {
		name := fmt.Sprintf("p%d", i)
		lines, kernel := m.lines+"\nencoder { }", "corrupt"
		if strings.HasPrefix(m.lines, "encoder") {
			lines, kernel = m.lines, fmt.Sprintf("dropoutOf%d", m.width)
		}
		c := compiler.Compile(&source.File{Name: name + ".ae", Text: fmt.Sprintf(noisySpec, m.width, lines)}, compiler.Options{})
		files, err := codegen.Package(c.Program, codegen.Options{Package: name})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			module[name+"/"+f.Name] = f.Data
		}
		noises := c.Program.Train.Noises
		module[name+"/hook.go"] = fmt.Appendf(nil, noiseHook, name, len(noises), kernel)
		fmt.Fprintf(&imports, "\t\"random/%s\"\n", name)
		list := ""
		for _, n := range noises {
			list += fmt.Sprintf("{nn.Noise{Kind: %d, Amount: %v}, %d}, ", n.Kind, n.Amount, n.Stream)
		}
		fmt.Fprintf(&table, "\t{\"%d\", []drawn{%s}, %d, %[4]s.SetKernels, %[4]s.Corrupt},\n", i, list, m.width, name)
	}
	module["packages.go"] = fmt.Appendf(nil, "package main\n\nimport (\n\t\"github.com/aegen/aegen/compiler/nn\"\n%s)\n\nvar packages = []noisy{\n%s}\n", imports.String(), table.String())
	measures := json.NewDecoder(bytes.NewReader(runModule(t, module)))
	ran := 0
	for measures.More() {
		var m noiseMeasure
		var i int
		if err := measures.Decode(&m); err != nil {
			t.Fatal(err)
		}
		fmt.Sscan(m.Name, &i)
		t.Run(fmt.Sprintf("%s by %s", noisyModels[i].lines, kernels[m.Kernels]), func(t *testing.T) { noiseIs(t, i, m) })
		ran++
	}
	if ran < len(noisyModels) {
		t.Errorf("%d measures of %d models", ran, len(noisyModels))
	}
}

// noiseIs holds a measure against the model's numbers.
func noiseIs(t *testing.T, i int, m noiseMeasure) {
	want := noisyModels[i]
	n := float64(1<<20/want.width) * float64(want.width)
	if m.Error > max(want.error, 2e-7) {
		t.Errorf("a value is %v off what its bits give", m.Error)
	}
	if m.Differs > 0 && want.error == 0 {
		t.Errorf("%d values differ from those by the kernels in Go", m.Differs)
	}
	if m.Low < want.low || m.High > want.high {
		t.Errorf("values from %v to %v, want them from %v to %v", m.Low, m.High, want.low, want.high)
	}
	for _, c := range []struct {
		what string
		got  float64
		moment
	}{
		{"share of zeros", m.Zeros, want.zeros}, {"share of ones", m.Ones, want.ones},
		{"mean", m.Mean, want.mean}, {"variance", m.Variance, want.variance}, {"skewness", m.Skewness, want.skewness}, {"kurtosis", m.Kurtosis, want.kurtosis},
		{"correlation with the next value", m.NextValue, moment{0, 1}}, {"correlation with the next sample", m.NextSample, moment{0, 1}},
		{"correlation with the next step", m.NextStep, moment{0, 1}},
	} {
		if within := 5*math.Sqrt(c.variance/n) + 1e-6; !(math.Abs(c.got-c.want) <= within) {
			t.Errorf("%s is %v, want %v ± %v", c.what, c.got, c.want, within)
		}
	}
}
