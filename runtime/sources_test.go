package sources

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestListIsWhatIsOnDisk holds the embedded files against the folders, and their imports against the rule:
// the standard library and the runtime.
func TestListIsWhatIsOnDisk(t *testing.T) {
	paths, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, name := range List() {
		listed[name] = true
	}
	for _, path := range paths {
		name := filepath.ToSlash(path)
		if strings.HasSuffix(name, "_test.go") != !listed[name] {
			t.Errorf("%s: listed is %t", name, listed[name])
		}
		if !listed[name] {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(text, Read(name)) {
			t.Errorf("%s: the embedded text differs: %v", name, err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if strings.Contains(imported, ".") && !strings.HasPrefix(imported, "github.com/aegen/aegen/runtime/") {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}
