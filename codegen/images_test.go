package codegen_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/golden/randspec"
	"github.com/aegen/aegen/grammar/source"
)

// imageModels is how many random models of layers on images are compared; fewImages are those of a short run.
var imageModels = flag.Int("images", 60, "random models of layers on images to compare")

const fewImages = 30

// TestImagesAreTheInterpreter is TestGeneratedCodeIsTheInterpreter of convolutions, pools and skips.
func TestImagesAreTheInterpreter(t *testing.T) {
	n := *imageModels
	if testing.Short() {
		n = fewImages
	}
	var all []*compiler.Compilation
	var texts []string
	for seed := range uint64(n) {
		text := randspec.Image(seed)
		c := compiler.Compile(&source.File{Name: fmt.Sprintf("i%d.ae", seed), Text: text}, compiler.Options{})
		if c.Program == nil {
			t.Fatalf("model %d: %v\n%s", seed, c.Diagnostics, text)
		}
		all, texts = append(all, c), append(texts, text)
	}
	compareAll(t, all, texts)
}
