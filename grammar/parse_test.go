package grammar

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

func TestSpecsParse(t *testing.T) {
	paths, _ := filepath.Glob("../specs/*.ae")
	if len(paths) < 5 {
		t.Fatalf("only %d specs", len(paths))
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, diags := Parse(&source.File{Name: path, Text: string(text)})
		for _, d := range diags {
			t.Errorf("%s: %d: %s: %s", path, d.Span.Start, d.Code, d.Message)
		}
		fmt.Println(path, f.Model, len(f.Stmts), f.Broken)
	}
}
