package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// hookText is a file of every package: it runs the package on a case.
const hookText = `package %[1]s

import (
	"github.com/aegen/aegen/runtime/arena"
	"random/beside"
)

func Run(c beside.Case) (r beside.Report) {
	m, err := Load(c.File(New(1).Weights()))
	if err != nil {
		panic(err)
	}
	var z Code
	var out %[2]s
	n := c.Samples
	r.Code, r.Reconstruction, r.Scores = make([]float32, n*len(z)), make([]float32, n*len(out)), make([]float32, n)
	x := arena.Rows[Input](c.X, 0, n)
%[3]s	m.EncodeBatch(arena.Rows[Code](r.Code, 0, n), x)
	m.ReconstructBatch(arena.Rows[%[2]s](r.Reconstruction, 0, n), x)
	m.ScoreBatch(r.Scores, x%[4]s)
	t := NewTrainer(m, 2)
	defer t.Close()
	_, gradients := t.Gradients(x%[4]s)
	r.Gradients = beside.Tensors(gradients)
	for range c.Steps {
		r.Losses = append(r.Losses, t.Step(x%[4]s))
	}
	r.Trained = beside.Tensors(t.Weights().Tensors)
	return r
}
`

// hook is hookText of a model.
func (b *torchCase) hook(pkg string) []byte {
	out, y, argument := "Input", "", ""
	if target := b.compilation.Model.Target; target != nil {
		argument = ", y"
		switch {
		case target.Labels != nil:
			out, y = "Probabilities", "\ty := make([]Target, n)\n\tfor i, v := range c.Y {\n\t\ty[i/TargetSize][i%TargetSize] = int32(v)\n\t}\n"
		case target.Classes > 0:
			out, y = "Probabilities", "\ty := make([]Class, n)\n\tfor i, v := range c.Y {\n\t\ty[i] = Class(v)\n\t}\n"
		default:
			out, y = "Target", "\ty := arena.Rows[Target](c.Y, 0, n)\n"
		}
	}
	return fmt.Appendf(nil, hookText, pkg, out, y, argument)
}

// runPackages builds and runs a module, and returns what it prints of its input.
func runPackages(t *testing.T, files map[string][]byte, input any) []byte {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files["go.mod"] = fmt.Appendf(nil, "module random\n\ngo 1.26.0\n\nrequire github.com/aegen/aegen v0.0.0\n\nreplace github.com/aegen/aegen => %s\n", root)
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", ".")
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(text)
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.Bytes())
	}
	return out
}
