package codegen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// saturatedHook is a file of every package: it makes its losses callable.
const saturatedHook = `package %s

import "github.com/aegen/aegen/runtime/arena"

var has = [...]bool{true, assembly, assembly && avx512}

func SetKernels(number int) bool {
	assembly, avx512 = number >= 1, number >= 2
	return has[number]
}

func rows(v []float32) [][InputSize]float32 { return arena.Rows[[InputSize]float32](v, 0, len(v)/InputSize) }

func single(v []float32) [][1]float32 { return arena.Rows[[1]float32](v, 0, len(v)) }

func Score(s, a, t []float32) { loss(single(s), rows(a), rows(t)) }

func Gradient(s, d, a, t []float32, share float64) {
	lossAndGradient(single(s), rows(d), rows(a), rows(t), share)
}
`

// TestSaturated: for logits of ±1e4 and targets of 0 and 1, every likelihood and its derivative are finite and what nn says, by all kernels
// and at widths that leave rests.
func TestSaturated(t *testing.T) {
	program, err := os.ReadFile("testdata/saturated.go")
	if err != nil {
		t.Fatal(err)
	}
	module := map[string][]byte{"main.go": program}
	var imports, table strings.Builder
	for i, by := range []string{"mse", "bernoulli", "gaussian(std: 0.5)", "gaussian(std: 0.001)", "categorical", "poisson"} {
		for _, width := range []int{5, 48, 87} {
			name := fmt.Sprintf("p%dw%d", i, width)
			c := compiler.Compile(&source.File{Name: name + ".ae", Text: fmt.Sprintf("model M\ninput x = vector(%d)\nencoder { }\nbottleneck z = dense(2)\ndecoder { dense }\nreconstruct %s\n", width, by)},
				compiler.Options{})
			files, err := codegen.Package(c.Program, codegen.Options{Package: name})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				module[name+"/"+f.Name] = f.Data
			}
			module[name+"/hook.go"] = fmt.Appendf(nil, saturatedHook, name)
			fmt.Fprintf(&imports, "\t\"random/%s\"\n", name)
			loss := c.Model.Loss
			fmt.Fprintf(&table, "\t{%q, nn.Loss{Likelihood: %d, Std: %v}, %d, %[5]s.SetKernels, %[5]s.Score, %[5]s.Gradient},\n", fmt.Sprintf("%s of %d values", by, width), loss.Likelihood, loss.Std, width, name)
		}
	}
	module["judges.go"] = fmt.Appendf(nil, "package main\n\nimport (\n\t\"github.com/aegen/aegen/compiler/nn\"\n%s)\n\nvar judges = []judge{\n%s}\n", imports.String(), table.String())
	findings := json.NewDecoder(bytes.NewReader(runModule(t, module)))
	samples := 0
	for findings.More() {
		var line json.RawMessage
		if err := findings.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if json.Unmarshal(line, &samples) != nil {
			t.Errorf("%s", line)
		}
	}
	if samples < 18*40 {
		t.Errorf("%d samples were judged, want 720 by each kind of kernel", samples)
	}
}
