package codegen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// posteriorSpec is a model whose code leaves rests in all registers.
const posteriorSpec = `model Posterior
input x = vector(3)
encoder { }
bottleneck z = gaussian(21) { prior normal(free_bits: 0.125) }
decoder { dense }
reconstruct gaussian(std: 1)
`

// posteriorHook is a file of the package that makes its kernels callable.
const posteriorHook = `package posterior

import "github.com/aegen/aegen/runtime/arena"

const FreeBits = 0.125

var has = [...]bool{true, assembly, assembly && avx512}

func SetKernels(number int) bool {
	assembly, avx512 = number >= 1, number >= 2
	return has[number]
}

func Draw(z, d, kl, mean, logvar []float32, key uint64, from int, beta float64) {
	n := len(kl)
	rows := func(v []float32) [][CodeSize]float32 { return arena.Rows[[CodeSize]float32](v, 0, n) }
	drawPosterior(rows(z), rows(d), arena.Rows[[1]float32](kl, 0, n), rows(mean), rows(logvar), key, from, beta)
}

func Bound(kl, mean, logvar []float32) {
	n := len(kl)
	divergence(arena.Rows[[1]float32](kl, 0, n), arena.Rows[[CodeSize]float32](mean, 0, n), arena.Rows[[CodeSize]float32](logvar, 0, n))
}
`

// TestPosterior holds codes drawn in training and divergences, by all kernels, against what nn says of the same bits, and a million draws
// against the normal distribution: four moments and correlations with the next unit, sample and step, each to five standard errors. No
// divergence is below 0.
func TestPosterior(t *testing.T) {
	program, err := os.ReadFile("testdata/posterior.go")
	if err != nil {
		t.Fatal(err)
	}
	c := compiler.Compile(&source.File{Name: "posterior.ae", Text: posteriorSpec}, compiler.Options{})
	if c.Program == nil {
		t.Fatal(c.Diagnostics)
	}
	files, err := codegen.Package(c.Program, codegen.Options{Package: "posterior"})
	if err != nil {
		t.Fatal(err)
	}
	module := map[string][]byte{"main.go": program, "posterior/hook.go": []byte(posteriorHook)}
	for _, f := range files {
		module["posterior/"+f.Name] = f.Data
	}
	measures := json.NewDecoder(bytes.NewReader(runModule(t, module)))
	ran := 0
	for ; measures.More(); ran++ {
		var m struct {
			Kernels                            int
			Code, Divergence, Least            float64
			Mean, Variance, Skewness, Kurtosis float64
			NextUnit, NextSample, NextStep     float64
		}
		if err := measures.Decode(&m); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("by %s", kernels[m.Kernels]), func(t *testing.T) {
			if m.Code > 2e-6 || m.Divergence > 2e-6 {
				t.Errorf("errors of %v of a code, of %v of a divergence", m.Code, m.Divergence)
			}
			if m.Least < 0 {
				t.Errorf("a divergence of %v", m.Least)
			}
			const n = 1 << 20 / 21 * 21
			for _, v := range []struct {
				what                string
				got, want, variance float64
			}{{"mean", m.Mean, 0, 1}, {"variance", m.Variance, 1, 2}, {"skewness", m.Skewness, 0, 6}, {"kurtosis", m.Kurtosis, 3, 24},
				{"correlation with the next unit", m.NextUnit, 0, 1}, {"correlation with the next sample", m.NextSample, 0, 1},
				{"correlation with the next step", m.NextStep, 0, 1}} {
				if within := 5 * math.Sqrt(v.variance/n); !(math.Abs(v.got-v.want) <= within) {
					t.Errorf("%s is %v, want %v ± %v", v.what, v.got, v.want, within)
				}
			}
		})
	}
	if ran == 0 {
		t.Error("no kernels were measured")
	}
}
