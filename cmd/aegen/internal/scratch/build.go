// Package scratch builds a generated package into a program of its own and runs it:
// the code that trains and judges is the code that ships.
package scratch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/gomod"
	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Build returns the path of the program that trains and runs a model. It is built with the Go toolchain and the build tags,
// without network, and kept in the user's cache; remove deletes it where there is no cache.
func Build(p *plan.Program, tags ...string) (path string, remove func(), err error) {
	files, err := sources(p)
	if err != nil {
		return "", nil, err
	}
	keep := func() {}
	cache := openCache(files, tags)
	if cache.has() {
		return cache.program, keep, nil
	}
	dir, err := os.MkdirTemp("", "aegen-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	out := cache.draft(filepath.Base(dir))
	if out == "" {
		out = filepath.Join(dir, "program"+exe())
	}
	if err := build(dir, files, tags, out); err != nil {
		os.Remove(out)
		remove()
		return "", nil, err
	}
	if filepath.Dir(out) == dir {
		return out, remove, nil
	}
	remove()
	if err := cache.put(out); err != nil {
		return "", nil, err
	}
	return cache.program, keep, nil
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
	x := "model.Input"
	if p.Record != nil {
		x = "model." + p.Record.Type
	}
	y, r, trainer, more := "train.None", x, "job.Alone(model.NewTrainer(m, workers))", fmt.Sprintf("Score: job.ScoreAlone[%s, *model.Model],", x)
	switch g := p.Goal; {
	case g == nil:
	case g.Labels != nil:
		y, r = "model.Target", "model.Probabilities"
		more = "Score: (*model.Model).ScoreBatch, Labels: &job.Labels[model.Target, model.Probabilities]{Classes: model.Classes, Of: (*model.Probabilities).Labels},"
	case g.Classes > 0:
		y, r, more = "model.Class", "model.Probabilities", "Score: (*model.Model).ScoreBatch, Class: (*model.Probabilities).Class,"
	default:
		y, r, more = "model.Target", "model.Target", "Score: (*model.Model).ScoreBatch,"
	}
	imports := `"scratch/runtime/train"`
	if p.Goal != nil {
		imports, trainer = "", "model.NewTrainer(m, workers)"
	}
	if p.Sampled() {
		imports += "\n\t\"scratch/runtime/random\""
	}
	if p.Record != nil {
		more += fmt.Sprintf(`
		Rows: &job.Rows[%[1]s]{
			Width: %[2]d,
			Get:   func(x *%[1]s, row []float32) { x.Row((*model.Row)(row)) },
			Set:   func(x *%[1]s, row []float32) { x.SetRow((*model.Row)(row)) },
			Check: (*%[1]s).Check,
		},`, x, p.Input.Len())
	}
	if p.Standard && p.Goal == nil {
		more += `
		Deviations: func(m *model.Model) []float32 { _, deviation := m.Scale(); return deviation[:] },`
	}
	if e := p.Explain; e != nil {
		more += fmt.Sprintf(`
		Explain: func(m *model.Model, parts []float64, x *%s) float32 { return m.Explain((*model.Contributions)(parts), x) },
		Parts: %d,`, x, e.Parts())
	}
	if p.Train != nil && p.From != nil {
		more += "\n\t\tNewFrom: model.NewFrom,"
	}
	if p.Sampled() {
		values := "Sample: (*model.Model).Sample,"
		if p.Record != nil || p.Goal != nil { // whose values are not drawn
			values = ""
		}
		goal := map[string]string{"train.None": "", "model.Class": "y, ", "model.Target": "&y, "}[y]
		more += fmt.Sprintf(`
		Sampled: &job.Sampled[%[1]s, %[2]s, model.Code, %[3]s, *model.Model]{
			Classes: %[4]d, Posterior: (*model.Model).PosteriorBatch, Imagine: (*model.Model).Imagine, %[5]s
			Bound: func(m *model.Model, x *%[1]s, y %[2]s, k int, rng *random.Source) float64 { return m.Bound(x, %[6]sk, rng) },
		},`, x, y, r, p.Classes(), values, goal)
	}
	if q := p.Quantized(); q != nil {
		imagine := "Imagine: (*model.Model).Imagine,"
		if p.Goal != nil {
			imagine = ""
		}
		more += fmt.Sprintf(`
		Codebook: &job.Codebook[model.Code, %s, *model.Model]{
			Vectors: model.Codes, Groups: model.Groups, %s
			Numbers: func(m *model.Model, numbers []uint16, z *model.Code) { m.Indices((*model.Indices)(numbers), z) },
		},`, r, imagine)
	}
	if p.Train != nil {
		more += fmt.Sprintf(`
		New: model.New, Training: model.Training,
		NewTrainer: func(m *model.Model, workers int) job.Trainer[%s, %s] { return %s },`, x, y, trainer)
	}
	return fmt.Appendf(nil, `package main

import (
	"scratch/model"
	"scratch/runtime/job"
	%[1]s
)

func main() {
	job.Main(job.Package[%[2]s, %[3]s, model.Code, %[4]s, *model.Model]{
		Low: %[5]g, High: %[6]g, Nats: %[7]t, Sparse: %[8]t,
		Load: model.Load,
		NewTeam: func(m *model.Model, workers int) job.Team[%[2]s, %[4]s] { return model.NewTeam(m, workers) },
		%[9]s
	})
}
`, imports, x, y, r, p.Low, p.High, p.Loss.Likelihood != nn.MSE, p.Sparse, more)
}

// build writes the files of the module to dir and builds its program.
func build(dir string, files map[string][]byte, tags []string, out string) error {
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	cmd := exec.Command("go", "build", "-tags="+strings.Join(tags, ","), "-o", out, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH) // it runs here, whatever is built elsewhere
	text, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("the Go toolchain is needed to build the model: no `go` in PATH (https://go.dev/dl)")
	case err != nil && bytes.Contains(text, []byte("requires go >=")):
		return fmt.Errorf("the Go toolchain is too old: %s", bytes.TrimSpace(text))
	case err != nil && cannotRun(text):
		return fmt.Errorf("go build: %w: %s", err, bytes.TrimSpace(text))
	case err != nil:
		panic(fmt.Sprintf("internal error: the generated package does not build: %v\n%s", err, text))
	}
	return nil
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
