package grammar

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

func TestSpecsAreCanonical(t *testing.T) {
	paths, _ := filepath.Glob("../specs/*.ae")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, diags := Format(&source.File{Name: path, Text: string(text)})
		if len(diags) > 0 || got != string(text) {
			t.Errorf("%s: %s\n%s", path, source.Render(diags, false), got)
		}
	}
}
