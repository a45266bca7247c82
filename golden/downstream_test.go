package golden

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/mod/modfile"
)

// TestDownstreamModule does what a user does in a module of their own: go generate, train, embed the weights, score.
func TestDownstreamModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("testdata/downstream.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o644); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	// go get -tool would add the tool's requirements; without a network they are copied.
	do("mod", "edit", "-require=github.com/aegen/aegen@v0.0.0", "-replace=github.com/aegen/aegen="+root)
	for _, require := range requirements(t) {
		do("mod", "edit", "-require="+require)
	}
	do("generate", "./...")
	do("vet", "./pump")
	do("test", "./pump")
	do("run", "./train")
	if got := do("run", "./score"); got != "true true\n" {
		t.Errorf("score prints %q, want that the healthy pump scores low and the broken one high", got)
	}
}

// requirements are the modules that the project requires, as module@version.
func requirements(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range file.Require {
		list = append(list, r.Mod.Path+"@"+r.Mod.Version)
	}
	return list
}
