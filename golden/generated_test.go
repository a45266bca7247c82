package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
)

// TestGenerated compares every package under generated/ with what its spec gives, file for file and byte for byte:
// a file too many or too few fails as well.
func TestGenerated(t *testing.T) {
	packages := map[string]bool{}
	for _, path := range specs(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".ae")
		packages[name] = true
		t.Run(name, func(t *testing.T) {
			files, err := codegen.Package(compile(t, path).Program, codegen.Options{Package: strings.ReplaceAll(name, "_", "")})
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join("..", "generated", name)
			want := map[string]bool{}
			for _, file := range files {
				want[file.Name] = true
				same(t, filepath.Join(dir, file.Name), file.Data)
			}
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if !want[entry.Name()] {
					t.Errorf("%s/%s is not generated", dir, entry.Name())
				}
			}
		})
	}
	entries, err := os.ReadDir("../generated")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && !packages[entry.Name()] {
			t.Errorf("generated/%s has no spec", entry.Name())
		}
	}
}
