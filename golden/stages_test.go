package golden

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestStages compares what `aegen dump` prints of every spec, stage by stage.
func TestStages(t *testing.T) {
	for _, path := range specs(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".ae")
		t.Run(name, func(t *testing.T) {
			c := compile(t, path)
			archive := &txtar.Archive{}
			for _, stage := range compiler.Stages {
				text, err := c.Stage(stage)
				if err != nil {
					t.Fatal(err)
				}
				archive.Files = append(archive.Files, txtar.File{Name: stage, Data: []byte(text)})
			}
			same(t, filepath.Join("stages", name+".txtar"), txtar.Format(archive))
		})
	}
}

// TestSameBytesTwice compiles every spec twice.
func TestSameBytesTwice(t *testing.T) {
	for _, path := range specs(t) {
		a, _ := compile(t, path).Stage("plan")
		b, _ := compile(t, path).Stage("plan")
		if a != b {
			t.Errorf("%s: two compilations give two plans", path)
		}
	}
}
