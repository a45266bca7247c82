// Package golden holds the end-to-end tests, and what they compare with.
//
//	go test ./golden -update
//
// rewrites every file that a test compares with. Read the diff before you accept it.
package golden

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
	"github.com/rogpeppe/go-internal/diff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// specs returns the paths of all specs of the project, sorted.
func specs(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../specs/*.ae")
	if err != nil || len(paths) < 5 {
		t.Fatalf("specs: %v, %v", paths, err)
	}
	return paths
}

// compile compiles a spec that must have no error.
func compile(t *testing.T, path string) *compiler.Compilation {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := compiler.Compile(&source.File{Name: filepath.Base(path), Text: string(text)}, compiler.Options{Vectors: true, Open: specOf})
	for _, d := range c.Diagnostics {
		t.Errorf("%s: %s: %s", path, d.Code, d.Message)
	}
	if c.Program == nil {
		t.Fatalf("%s: no program", path)
	}
	return c
}

// same holds got against the golden file, or rewrites it.
func same(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is missing; go test ./golden -update writes it", path)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; go test ./golden -update rewrites it\n%s", path, short(diff.Diff("want", want, "got", got)))
	}
}

// short cuts a diff after 60 lines.
func short(text []byte) string {
	lines := strings.SplitAfter(string(text), "\n")
	if len(lines) > 60 {
		lines = append(lines[:60], "…\n")
	}
	return strings.Join(lines, "")
}
