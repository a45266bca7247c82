package grammar

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

func seed(f *testing.F) {
	for _, pattern := range []string{"../specs/*.ae", "testdata/*.ae", "testdata/*.txt"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
		}
	}
	f.Add("model M\ninput e = record { a: real,, }\nlet a = f(\n// c\n1)\n}{\n\"")
}

// FuzzParse: Parse does not panic, nor does participle; every diagnostic has a code, a message and a place in the file,
// and can be shown; a tree without diagnostics can be printed.
func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		file := &source.File{Name: "fuzz.ae", Text: text}
		tree, diags := Parse(file)
		for _, d := range diags {
			if d.Code == "" || d.Code == source.Internal || d.Message == "" {
				t.Errorf("diagnostic %+v", d)
			}
			if d.Span.File != file || d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(text) {
				t.Errorf("%s has the place %d to %d of %d", d.Code, d.Span.Start, d.Span.End, len(text))
			}
		}
		if (source.Render(diags, true) == "") != (len(diags) == 0) {
			t.Errorf("%d diagnostics are shown as %q", len(diags), source.Render(diags, true))
		}
		if tree.String() == "" && len(diags) == 0 {
			t.Error("no tree and no diagnostics")
		}
	})
}

// FuzzFormat: what Format promises holds for every text that it accepts.
func FuzzFormat(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) { checkFormat(t, text) })
}
