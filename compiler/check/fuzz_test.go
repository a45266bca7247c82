package check

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/grammar/source/chunks"
)

// FuzzModel gives any text to the parser and the checker. There must be a model or an error, never both, and the model
// must have its sizes.
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
		list = append(mistakes, list...)
		if (m == nil) != source.HasErrors(list) {
			t.Fatalf("model %v with %s", m, source.Render(list, false))
		}
		source.Render(list, false)
		if m != nil {
			wellFormed(t, m)
			Capacity(m, 10)
		}
	})
}

// wellFormed sees that every value has its place and its size, and that arguments come before their uses.
func wellFormed(t *testing.T, m *ir.Model) {
	t.Helper()
	for i, v := range m.Forward.Values {
		if v.ID != i || !v.At.Valid() {
			t.Errorf("value %d has ID %d and place %v", i, v.ID, v.At)
		}
		for _, a := range v.Args {
			if a.ID >= i {
				t.Errorf("value %d has the argument %d", i, a.ID)
			}
		}
		for _, d := range v.Type.Dims {
			if d != ir.Batch && d < 1 {
				t.Errorf("value %d has dimensions %v", i, v.Type.Dims)
			}
		}
	}
}
