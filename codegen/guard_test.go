//go:build linux

package codegen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
	"github.com/aegen/aegen/grammar/source"
)

// guarded is the number of random models beside the specs of the project.
const guarded = 12

// guardHook is a file of every package: it makes its functions and its model callable with arrays of the program's. The array of
// a model holds pointers too, so the collector must not run.
const guardHook = `package %[1]s

import "unsafe"

func SetKernels(number int) bool {
	has := [...]bool{true, assembly, assembly && avx512}[number]
	if has {
		avx512 = number == 2
	}
	return has
}

%[3]s
// last are n numbers of the last of some classes.
func last(n, classes int) *int32 {
	c := make([]int32, n)
	for i := range c {
		c[i] = int32(classes - 1)
	}
	return &c[0]
}

var Calls = []struct {
	Name   string
	Arrays []int
	Run    func(a []*float32)
}{
%[2]s}
`

// guardUse takes a model through its methods.
const guardUse = `func Use(floats func(n int) []float32, n int) {
	m := New(1)
	if a := floats(int(unsafe.Sizeof(*m) / 4)); uintptr(unsafe.Pointer(&a[0]))%%8 == 0 {
		to := (*Model)(unsafe.Pointer(&a[0]))
		*to = *m
		m = to
	}
	x := unsafe.Slice((*Input)(unsafe.Pointer(&floats(n * InputSize)[0])), n)
	z := unsafe.Slice((*Code)(unsafe.Pointer(&floats(n * CodeSize)[0])), n)
	r := unsafe.Slice((*%[1]s)(unsafe.Pointer(&floats(n * len(%[1]s{}))[0])), n)
%[2]s
	s := floats(n)
	m.EncodeBatch(z, x)
%[6]s	m.ReconstructBatch(r, x)
	m.ScoreBatch(s, x%[3]s)
	m.Encode(&z[0], &x[0])
	m.Encode(&z[n-1], &x[n-1])
%[7]s	m.Reconstruct(&r[0], &x[0])
	m.Score(&x[n-1]%[4]s)
	t := NewTrainer(m, 1)
	defer t.Close()
	t.ScoreBatch(s, x%[3]s)
	for len(x) > 0 {
		k := min(Batch, len(x))
		t.Step(x[:k]%[5]s)
		x = x[k:]
	}
}
`

// TestGuardPages runs every assembly function of the project's specs and of random models, and the models themselves, on arrays
// that end or begin at pages that must not be touched, some with no more alignment than floats have. A function that reads or
// writes beyond its arrays ends the program, which says what it called.
func TestGuardPages(t *testing.T) {
	programs := specPrograms(t)
	texts := slices.Clone(compact)
	for seed := range uint64(guarded) {
		texts = append(texts, randspec.Text(seed))
	}
	for i, text := range texts {
		programs = append(programs, compiler.Compile(&source.File{Name: fmt.Sprintf("m%d.ae", i), Text: text}, compiler.Options{}).Program)
	}
	for seed := range uint64(guarded) {
		p := gridModel(seed).compile(t).Program
		p.File = fmt.Sprintf("grid%d.ae", seed)
		programs = append(programs, p)
	}
	main, err := os.ReadFile("testdata/guard.go")
	if err != nil {
		t.Fatal(err)
	}
	module := map[string][]byte{"main.go": main}
	var imports, table strings.Builder
	want := map[string]int{}
	for i, p := range programs {
		name := fmt.Sprintf("p%d", i)
		files, err := codegen.Package(p, codegen.Options{Package: name})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			module[name+"/"+f.Name] = f.Data
		}
		calls := guardCalls(p)
		module[name+"/hook.go"] = fmt.Appendf(nil, guardHook, name, strings.Join(calls, ""), useOf(p))
		fmt.Fprintf(&imports, "\t\"random/%s\"\n", name)
		fmt.Fprintf(&table, "\t{%q, %[2]s.Calls, %[2]s.SetKernels, %[2]s.Use},\n", p.File, name)
		want[p.File] = len(calls)
	}
	module["packages.go"] = fmt.Appendf(nil, "package main\n\nimport (\n%s)\n\nvar packages = []pkg{\n%s}\n", imports.String(), table.String())
	ran := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(runModule(t, module))), "\n") {
		var file string
		var kernels, calls int
		if _, err := fmt.Sscan(line, &file, &kernels, &calls); err != nil || calls != want[file] {
			t.Fatalf("the program printed %q, want a package with %d calls: %v", line, want[file], err)
		}
		ran[file] = true
	}
	if len(ran) != len(programs) {
		t.Errorf("%d of %d packages ran", len(ran), len(programs))
	}
}

// specPrograms are the programs of the project's specs.
func specPrograms(t *testing.T) []*plan.Program {
	t.Helper()
	paths, err := filepath.Glob("../specs/*.ae")
	if err != nil || len(paths) < 5 {
		t.Fatalf("specs: %v, %v", paths, err)
	}
	var programs []*plan.Program
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, compiler.Compile(&source.File{Name: filepath.Base(path), Text: string(text)}, compiler.Options{Open: specOf}).Program)
	}
	return programs
}

// useOf is the Go source that uses a program's model. Samples of records are no arrays: of these only the functions are called.
func useOf(p *plan.Program) string {
	if p.Record != nil {
		return "var _ unsafe.Pointer\n\nfunc Use(func(n int) []float32, int) {}"
	}
	decode := []any{"", ""}
	if p.Decodes() {
		decode = []any{"\tm.DecodeBatch(r, z)\n", "\tm.Decode(&r[n-1], &z[n-1])\n"}
	}
	return fmt.Sprintf(guardUse, append(guardGoal(p), decode...)...)
}

// guardGoal is what the hook says of a program's target: the type of what it decodes to, the statement that makes the targets of x, and
// how they are passed, those of x, of its last sample and of its first k.
func guardGoal(p *plan.Program) []any {
	switch g := p.Goal; {
	case g == nil:
		return []any{"Input", "", "", "", ""}
	case g.Labels != nil:
		return []any{"Probabilities", "\ty := unsafe.Slice((*Target)(unsafe.Pointer(last(n*TargetSize, Classes))), n)", ", y", ", &y[n-1]", ", y[:k]"}
	case g.Classes > 0:
		return []any{"Probabilities", "\ty := unsafe.Slice((*Class)(last(n, Classes)), n)", ", y", ", y[n-1]", ", y[:k]"}
	default:
		return []any{"Target", "\ty := unsafe.Slice((*Target)(unsafe.Pointer(&floats(n * TargetSize)[0])), n)", ", y", ", &y[n-1]", ", y[:k]"}
	}
}

// blocksOf are the sizes of the blocks that a function on records takes.
func blocksOf(s *plan.FieldShape, loss bool) []int {
	padded := func(n int) int { return (n + plan.Panel - 1) / plan.Panel * plan.Panel }
	var blocks []int
	if s.Standards > 0 {
		blocks = append(blocks, padded(s.Standards), padded(s.Standards))
	}
	if loss && s.Deviations > 0 {
		blocks = append(blocks, padded(s.Deviations))
	}
	return blocks
}

// specOf opens a spec of the project.
func specOf(name string, _ *source.File) (*source.File, error) {
	text, err := os.ReadFile(filepath.Join("../specs", name))
	return &source.File{Name: name, Text: string(text)}, err
}
