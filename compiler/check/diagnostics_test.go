package check

import (
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/grammar/source/chunks"
)

// diagnose returns what the parser and the checker say about a spec.
func diagnose(f *source.File) []source.Diagnostic {
	file, mistakes := grammar.Parse(f)
	_, list := Model(file, Options{Open: others})
	return source.Sorted(append(mistakes, list...))
}

func TestDiagnostics(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.ae")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { chunks.Run(t, path, diagnose) })
	}
}
