package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/grammar/source/chunks"
)

// FuzzModel gives any text to the parser and the checker. There must be a model or an error of one of them,
// and the model must have its sizes.
func FuzzModel(f *testing.F) {
	for _, pattern := range []string{"testdata/*.ae", "../../specs/*.ae"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no files %s: %v", pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			list, err := chunks.Read(path, string(data))
			if err != nil {
				f.Fatal(err)
			}
			for _, c := range list {
				f.Add(c.File.Text, "latent", "3")
			}
		}
	}
	f.Fuzz(func(t *testing.T, text, name, value string) {
		file, mistakes := grammar.Parse(&source.File{Name: "fuzz.ae", Text: text})
		m, list := Model(file, Options{Set: map[string]string{name: value}})
		all := source.Render(append(mistakes, list...), false)
		if m == nil && !strings.Contains(all, "error[AE") || m != nil && source.HasErrors(list) {
			t.Fatalf("model: %t, with\n%s", m != nil, all)
		}
		if m != nil {
			wellFormed(t, m)
			Capacity(m, 10)
		}
	})
}

// wellFormed sees that every value has its place and its size.
func wellFormed(t *testing.T, m *ir.Model) {
	t.Helper()
	if err := ir.Verify(m.Forward); err != nil {
		t.Error(err)
	}
	for i, v := range m.Forward.Values {
		if !v.At.Valid() {
			t.Errorf("value %d has no place", i)
		}
		for _, d := range v.Type.Dims {
			if d != ir.Batch && d < 1 {
				t.Errorf("value %d has dimensions %v", i, v.Type.Dims)
			}
		}
	}
}
