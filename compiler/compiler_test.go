package compiler

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
	"github.com/aegen/aegen/grammar/source"
)

func compileText(t *testing.T, name, text string) *Compilation {
	t.Helper()
	c := Compile(&source.File{Name: name, Text: text}, Options{Vectors: true})
	for _, d := range c.Diagnostics {
		if d.Severity == source.Error {
			t.Fatalf("%v: %s: %s", d.Span, d.Code, d.Message)
		}
	}
	return c
}

// TestRandomModelsCompile takes random specs through all stages: every graph and plan is verified on the way.
func TestRandomModelsCompile(t *testing.T) {
	for seed := range uint64(300) {
		for _, text := range []string{randspec.Text(seed), randspec.Image(seed)} {
			c := compileText(t, "random.ae", text)
			if err := plan.Verify(c.Program); err != nil {
				t.Errorf("%v\n%s", err, text)
			}
		}
	}
}

// TestFingerprint holds what it covers: the layers, and not the training.
func TestFingerprint(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "specs", "fashion.ae"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	of := func(text string) string { return compileText(t, "fashion.ae", text).Program.Fingerprint }
	if a, b := of(text), of(text+"\n// more\n"); a != b || len(a) != 16 {
		t.Errorf("a comment changes the fingerprint: %s, %s", a, b)
	}
	for _, c := range []struct {
		old, new string
		same     bool
	}{{"adam(lr: 1e-3)", "sgd(lr: 0.1)", true}, {"epochs    10", "epochs 3", true}, {"dense(64)  relu", "dense(64) tanh", false}, {"bernoulli", "mse", false}} {
		if got := of(replace(t, text, c.old, c.new)) == of(text); got != c.same {
			t.Errorf("%s for %s: same fingerprint is %t, want %t", c.new, c.old, got, c.same)
		}
	}
}

func replace(t *testing.T, text, old, new string) string {
	t.Helper()
	for i := 0; i+len(old) <= len(text); i++ {
		if text[i:i+len(old)] == old {
			return text[:i] + new + text[i+len(old):]
		}
	}
	t.Fatalf("no %q", old)
	return ""
}
