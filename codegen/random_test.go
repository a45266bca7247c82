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
		decode := "again.Decode(&decoded, &code)"
		if !c.Program.Decodes() {
			decode = "decoded = one"
		}
		fmt.Fprintf(&body, part, i, samples(c), goal, y, one, more, decode)
	}
	module["main.go"] = fmt.Appendf(nil, program, imports.String(), body.String())
	return runModule(t, module)
}
