package codegen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
	"github.com/aegen/aegen/grammar/source"
)

// reducedModels is the number of random models that are compared in each format.
const reducedModels = 10

// long has sums of more products than an int32 holds, an odd number of them, and a tied weight.
const long = `model Long
input x = vector(2301) scale range(-1, 3)
encoder { dense(35) leaky_relu(0.1) }
bottleneck z = dense(3)
decoder mirror(encoder, tied: true)
reconstruct mse
train { batch 2 }
`

// runReduced is the part of the program that runs package m%[1]d: a batch, the same samples alone, and the same weights again.
const runReduced = `	for kernels := range 3 {
		if !m%[1]d.SetKernels(kernels) {
			continue
		}
		m, err := m%[1]d.Load(hashed(m%[1]d.New(1).Weights()))
		if err != nil {
			panic(err)
		}
		x := make([]m%[1]d.Sample, 13)
		m%[1]d.Fill(x)
%[3]s
		var saved bytes.Buffer
		if err := m.Save(&saved); err != nil {
			panic(err)
		}
		again, err := m%[1]d.Load(&saved)
		if err != nil {
			panic(err)
		}
		r := report{Kernels: kernels}
		z, d, s := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Decoded, len(x)), make([]float32, len(x))
		m.EncodeBatch(z, x)
		m.ReconstructBatch(d, x)
		m.ScoreBatch(s, x%[4]s)
		for i := range x {
			r.Code, r.Reconstruction = append(r.Code, z[i][:]...), append(r.Reconstruction, m%[1]d.Decodings(&d[i])...)
			var code m%[1]d.Code
			var one, decoded m%[1]d.Decoded
			again.Encode(&code, &x[i])
			again.Reconstruct(&one, &x[i])
			%[7]s
			if !slices.Equal(code[:], z[i][:]) || one != d[i] || decoded != d[i] || again.Score(&x[i]%[5]s) != s[i] {
				panic("m%[1]d: a sample alone differs from one in a batch")
			}
		}
		r.Scores = s
		if err := out.Encode(r); err != nil {
			panic(err)
		}
	}
`

// reduce compiles a model for each format; with ranges that follow from its hashed weights and samples too.
func reduce(t *testing.T, name, text string, target plan.Target) []*compiler.Compilation {
	t.Helper()
	c := compiler.Compile(&source.File{Name: name, Text: text}, compiler.Options{Vectors: true, Target: target})
	if c.Program == nil {
		t.Fatalf("%v\n%s", c.Diagnostics, text)
	}
	var x []float32
	env := environment(c)
	for _, v := range env.Inputs[c.Program.Input.Name] {
		x = append(x, float32(v))
	}
	ranges := c.Ranges(env.Params, x)
	var all []*compiler.Compilation
	for _, p := range []plan.Precision{{Format: plan.Half}, {Format: plan.Bfloat16}, {Format: plan.Int8}, {Format: plan.Int8, Ranges: ranges}} {
		all = append(all, c.Reduced(p))
	}
	return all
}

// TestReducedPackages compares packages with reduced weights with the interpreter on rounded weights, and their assembly
// functions with their kernels in Go.
func TestReducedPackages(t *testing.T) {
	all := append(reduce(t, "wide.ae", wide, plan.AMD64), reduce(t, "long.ae", long, plan.AMD64)...)
	all = append(all, reduce(t, "portable.ae", randspec.Text(reducedModels), plan.Portable)...)
	for seed := range uint64(reducedModels) {
		all = append(all, reduce(t, fmt.Sprintf("random%d.ae", seed), randspec.Text(seed), plan.AMD64)...)
	}
	for i, want := range map[int]bool{2: true, 3: false, 6: true} { // wide in int8 without and with ranges, and long
		if got := severalRuns(all[i].Program); got != want {
			t.Errorf("%s: a sum of several runs: %t, want %t", all[i].Program.File, got, want)
		}
	}
	exact := 0
	for i, by := range reports(t, all) {
		c := all[i]
		what := fmt.Sprintf("%s, %v, ranges %t", c.Program.File, c.Program.Precision.Format, c.Program.Precision.Ranges != nil)
		plain := by[0]
		for number, r := range by {
			if err := compareVectors(c.Program, r); err != nil {
				t.Errorf("%s, %s: %v", what, kernels[number], err)
			}
			if err := near("reconstruction", r.Reconstruction, plain.Reconstruction, c.Program.Vectors.Tolerance, 1e-6); err != nil {
				t.Errorf("%s, %s: %v", what, kernels[number], err)
			}
			if number == 0 || !c.Program.Exact() {
				continue
			}
			exact++
			if !slices.Equal(r.Code, plain.Code) || !slices.Equal(r.Reconstruction, plain.Reconstruction) {
				t.Errorf("%s: kernels by %s give other bits than in Go", what, kernels[number])
			}
		}
	}
	if exact < 4 {
		t.Errorf("only %d comparisons of bits", exact)
	}
}

// severalRuns reports whether a product has more inputs than an int32 holds the sum of.
func severalRuns(p *plan.Program) bool {
	return slices.ContainsFunc(p.Kernels, func(k *plan.Kernel) bool {
		op, ok := k.Op.(*plan.ReducedProduct)
		return ok && op.Matrix().Rows() > op.Fast.Panel.Op.(*plan.ReducedPanel).Run()
	})
}

// reports are what all models say of themselves, by each of the kernels that the processor has.
func reports(t *testing.T, all []*compiler.Compilation) []map[int]report {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(runAll(t, all, runReduced)))
	var list []map[int]report
	for {
		var r report
		if err := decoder.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if r.Kernels == 0 {
			list = append(list, map[int]report{})
		}
		list[len(list)-1][r.Kernels] = r
	}
	if len(list) != len(all) {
		t.Fatalf("%d models ran, want %d", len(list), len(all))
	}
	return list
}

// compareVectors holds the first samples of a report against the golden vectors.
func compareVectors(p *plan.Program, r report) error {
	v := p.Vectors
	for s := range plan.Samples {
		code := r.Code[s*p.Code.Len():][:v.CodeKept]
		if err := near("code", code, v.Code[s*v.CodeKept:][:v.CodeKept], v.Tolerance, 1e-6); err != nil {
			return err
		}
		out := r.Reconstruction[s*p.Output.Len():][:v.OutKept]
		if err := near("reconstruction", out, v.Reconstruction[s*v.OutKept:][:v.OutKept], v.Tolerance, 1e-6); err != nil {
			return err
		}
	}
	return near("score", r.Scores[:plan.Samples], v.Scores, v.Tolerance, 1e-6)
}
