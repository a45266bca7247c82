package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// lenders are specs whose encoders need more than dense layers, each with how its package says the code, and with the input of the spec that
// takes it.
var lenders = []struct{ name, input, code, likelihood, encode string }{
	{"sampled", "input x = vector(19)", "gaussian(5)", "bernoulli", "Encode"},
	{"coins", "input x = vector(19)", "bernoulli(5)", "bernoulli", "EncodeMean"},
	{"scaled", "input x = vector(19) scale standard", "dense(5) tanh", "mse", "Encode"},
	{"batched", "input x = vector(19)", "dense(20) relu batch_topk(3)", "mse", "Encode"},
	{"rows", "input x = record {\na: real\nb: count\nc: category(u, v)\n}", "dense(5)", "fields", "Encode"},
}

// takes trains a model whose frozen encoder is another's, and panics unless its codes stay those of the other.
const takes = `	{
		fill := func(n, i int) float32 { return float32((n*31+i*7)%%13)/13 - 0.5 }
		lent := %[1]s.New(7)
		x := make([]%[1]s.%[2]s, 40)
		%[1]s.Fill(x, fill)
		t := %[1]s.NewTrainer(lent, 1)
		if s, ok := any(t).(interface{ Standardise([]%[1]s.%[2]s) error }); ok {
			if err := s.Standardise(x); err != nil {
				panic(err)
			}
		}
		for i := 0; i < 40; i += 8 {
			t.Step(x[i : i+8])
		}
		lent = t.Model()
		var file bytes.Buffer
		if err := lent.Save(&file); err != nil {
			panic(err)
		}
		m, err := of%[1]s.NewFrom(3, &file)
		if err != nil {
			panic(err)
		}
		same := make([]of%[1]s.%[2]s, len(x))
		of%[1]s.Fill(same, fill)
		y := make([]of%[1]s.Class, len(x))
		trainer := of%[1]s.NewTrainer(m, 2)
		if _, ok := any(trainer).(interface{ Standardise([]of%[1]s.%[2]s) error }); ok {
			panic("%[1]s: the trainer would learn of the data what comes with the encoder")
		}
		first := trainer.Step(same[:8], y[:8])
		last := first
		for range 30 {
			last = trainer.Step(same[:8], y[:8])
		}
		if !(last < first) {
			panic(fmt.Sprintf("%[1]s: the loss went from %%v to %%v", first, last))
		}
		distinct := map[string]bool{}
		for i := range x {
			var want %[1]s.Code
			var got of%[1]s.Code
			lent.%[3]s(&want, &x[i])
			trainer.Model().Encode(&got, &same[i])
			if !slices.EqualFunc(want[:], got[:], func(a, b float32) bool { return a-b < 1e-6 && b-a < 1e-6 }) { // probabilities have a sigmoid of their own
				panic(fmt.Sprintf("%[1]s: sample %%d has the code %%v, of its own spec %%v", i, got, want))
			}
			distinct[fmt.Sprint(got)] = true
		}
		fmt.Println("%[1]s", len(distinct) > 5)
	}
`

// TestEncodersAreTakenWhole: what an encoder needs beside its layers comes with it, and a frozen one gives the codes of its own package.
func TestEncodersAreTakenWhole(t *testing.T) {
	module := map[string][]byte{}
	var imports, body, want strings.Builder
	for _, l := range lenders {
		text := fmt.Sprintf("model Lender\n%s\nencoder { dense(17) tanh dropout(0.5) }\nbottleneck z = %s\ndecoder mirror(encoder)\nreconstruct %s\ntrain { batch 8 }\n", l.input, l.code, l.likelihood)
		lend := &source.File{Name: l.name + ".ae", Text: text}
		open := func(string, *source.File) (*source.File, error) { return lend, nil }
		take := &source.File{Name: "of" + l.name + ".ae", Text: fmt.Sprintf("model Taker\n%s\ntarget y = class(3)\nencoder from %q { freeze true }\ndecoder { dense }\nreconstruct categorical\ntrain { batch 8 }\n", l.input, lend.Name)}
		kind, fill := "Input", "for n := range x {\nfor i := range x[n] {\nx[n][i] = value(n, i)\n}\n}"
		if l.name == "rows" {
			kind, fill = "X", "for n := range x {\nx[n] = X{A: value(n, 0), B: uint32(10 + 10*value(n, 1)), C: C(n % 2)}\n}"
		}
		for pkg, src := range map[string]*source.File{l.name: lend, "of" + l.name: take} {
			compiled := compiler.Compile(src, compiler.Options{Open: open})
			if compiled.Program == nil {
				t.Fatal(compiled.Diagnostics)
			}
			files, err := codegen.Package(compiled.Program, codegen.Options{Package: pkg})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				module[pkg+"/"+f.Name] = f.Data
			}
			module[pkg+"/fill.go"] = fmt.Appendf(nil, "package %s\n\nfunc Fill(x []%s, value func(n, i int) float32) {\n%s\n}\n", pkg, kind, fill)
			fmt.Fprintf(&imports, "\t\"random/%s\"\n", pkg)
		}
		fmt.Fprintf(&body, takes, l.name, kind, l.encode)
		fmt.Fprintf(&want, "%s true\n", l.name)
	}
	module["main.go"] = fmt.Appendf(nil, "package main\n\nimport (\n\t\"bytes\"\n\t\"fmt\"\n\t\"slices\"\n\n%s)\n\nfunc main() {\n%s}\n", imports.String(), body.String())
	if got := string(runModule(t, module)); got != want.String() {
		t.Errorf("got\n%swant\n%s", got, want.String())
	}
}
