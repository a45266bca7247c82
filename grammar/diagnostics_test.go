package grammar

import (
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/grammar/source/chunks"
)

func TestDiagnostics(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.ae")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			chunks.Run(t, path, func(f *source.File) []source.Diagnostic {
				_, diags := Parse(f)
				return diags
			})
		})
	}
}
