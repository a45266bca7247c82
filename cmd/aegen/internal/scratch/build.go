// Package scratch builds a generated package into a program of its own and runs it:
// the code that trains and judges is the code that ships.
package scratch

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/aegen/aegen/cmd/aegen/internal/gomod"
	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// kept is the number of built programs that stay in the cache.
const kept = 20

// Build returns the path of the program that trains and runs a model. It is built with the Go toolchain, without network,
// and kept in the user's cache; remove deletes it where there is no cache.
func Build(p *plan.Program) (path string, remove func(), err error) {
	files, err := sources(p)
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "aegen-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	cached := cachePath(files)
	if cached != "" {
		if _, err := os.Stat(cached); err == nil {
			now := time.Now()
			os.Chtimes(cached, now, now)
			return cached, remove, nil
		}
	}
	built, err := build(dir, files)
	if err != nil {
		remove()
		return "", nil, err
	}
	if cached != "" && os.MkdirAll(filepath.Dir(cached), 0o755) == nil && os.Rename(built, cached) == nil {
		prune(filepath.Dir(cached))
		return cached, remove, nil
	}
	return built, remove, nil
}

// sources are the files of the module: the package, the runtime and a main function.
func sources(p *plan.Program) (map[string][]byte, error) {
	const runtimePath = "scratch/runtime"
	files := map[string][]byte{
		"go.mod":  []byte("module scratch\n\ngo 1.26\n"),
		"main.go": mainFile(p),
	}
	list, err := codegen.Package(p, codegen.Options{Package: "model", RuntimePath: runtimePath})
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if !strings.HasSuffix(f.Name, "_test.go") {
			files[filepath.Join("model", f.Name)] = f.Data
		}
	}
	for path, text := range gomod.Runtime("runtime", runtimePath) {
		files[path] = text
	}
	return files, nil
}

// mainFile is the main function: it hands the generated package to the job that the child is given.
func mainFile(p *plan.Program) []byte {
	return fmt.Appendf(nil, `package main

import (
	"scratch/model"
	"scratch/runtime/job"
)

func main() {
	job.Main(job.Package[model.Input, model.Code, *model.Model, *model.Trainer]{
		Low: %g, High: %g, Nats: %t,
		New: model.New, Load: model.Load, NewTrainer: model.NewTrainer, Training: model.Training,
	})
}
`, p.Low, p.High, p.Loss.Likelihood != nn.MSE)
}

func build(dir string, files map[string][]byte) (string, error) {
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return "", err
		}
	}
	out := filepath.Join(dir, "program"+exe())
	cmd := exec.Command("go", "build", "-o", out, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	text, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("the Go toolchain is needed to build the model: no `go` in PATH (https://go.dev/dl)")
	case err != nil && bytes.Contains(text, []byte("requires go >=")):
		return "", fmt.Errorf("the Go toolchain is too old: %s", bytes.TrimSpace(text))
	case err != nil && cannotRun(text):
		return "", fmt.Errorf("go build: %w: %s", err, bytes.TrimSpace(text))
	case err != nil:
		panic(fmt.Sprintf("internal error: the generated package does not build: %v\n%s", err, text))
	}
	return out, nil
}

// cannotRun reports whether the toolchain failed for want of room or rights, not for the source.
func cannotRun(text []byte) bool {
	for _, why := range []string{"no space left", "permission denied", "read-only file system", "cannot allocate memory", "GOCACHE"} {
		if bytes.Contains(text, []byte(why)) {
			return true
		}
	}
	return false
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// cachePath is where the program of these files is kept, or "" without a cache.
func cachePath(files map[string][]byte) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(h, "%s %d\n%s\n", name, len(files[name]), files[name])
	}
	return filepath.Join(dir, "aegen", fmt.Sprintf("%x%s", h.Sum(nil)[:12], exe()))
}

// prune removes the programs that have not been used for longest.
func prune(dir string) {
	type program struct {
		path string
		used time.Time
	}
	entries, _ := os.ReadDir(dir)
	var all []program
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, program{filepath.Join(dir, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b program) int { return cmp.Or(b.used.Compare(a.used), strings.Compare(a.path, b.path)) })
	for _, p := range all[min(kept, len(all)):] {
		os.Remove(p.path)
	}
}
