package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// TestTimedSpecs holds that the specs of docs/performance compile without a warning, have the names and sizes of the models that
// other systems are timed on, and make steps of batches of the same sizes.
func TestTimedSpecs(t *testing.T) {
	paths, err := filepath.Glob("../docs/performance/*.ae")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"tiny": 1154, "dense": 439728, "hinton": 2837314, "vae": 652824, "sae": 25182976, "conv": 111521}
	batch := map[string]int{"tiny": 128, "dense": 128, "hinton": 128, "vae": 128, "sae": 256, "conv": 128}
	if len(paths) != len(want) {
		t.Errorf("%d specs found, want %d", len(paths), len(want))
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file := &source.File{Name: filepath.Base(path), Text: string(text)}
		c := compiler.Compile(file, compiler.Options{})
		if len(c.Diagnostics) > 0 {
			t.Errorf("%s: %v", path, c.Diagnostics)
			continue
		}
		name := strings.ToLower(c.Program.Name)
		if name+".ae" != file.Name || c.Program.ParamCount() != want[name] || c.Program.Train.Config.Batch != batch[name] {
			t.Errorf("%s: model %s, %d parameters, batch %d", path, name, c.Program.ParamCount(), c.Program.Train.Config.Batch)
		}
	}
}
