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
	"github.com/aegen/aegen/codegen/asm"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/nn"
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
	case g.Classes > 0:
		return []any{"Probabilities", "\ty := unsafe.Slice((*Class)(last(n, Classes)), n)", ", y", ", y[n-1]", ", y[:k]"}
	default:
		return []any{"Target", "\ty := unsafe.Slice((*Target)(unsafe.Pointer(&floats(n * TargetSize)[0])), n)", ", y", ", &y[n-1]", ", y[:k]"}
	}
}

// guardCalls are entries of Calls: every function of a program for some counts.
func guardCalls(p *plan.Program) []string {
	var calls []string
	for _, f := range p.Functions {
		for _, n := range []int{1, 2, 5, 13, 37} {
			arrays, counts := floatsOf(f.Op, n)
			args, sizes := make([]string, len(arrays)), make([]string, len(arrays))
			for i, size := range arrays {
				args[i], sizes[i] = fmt.Sprintf("a[%d]", i), fmt.Sprint(size)
			}
			if _, ok := f.Op.(*plan.CorruptValues); ok { // whose keys are whole numbers of 64 bits
				args[2] = "(*uint64)(unsafe.Pointer(a[2]))"
			}
			if _, ok := f.Op.(*plan.ChooseClasses); ok { // whose noise is in float64
				args[2] = "(*float64)(unsafe.Pointer(a[2]))"
			}
			if _, ok := f.Op.(*plan.Collect); ok { // whose list is of whole numbers of 32 bits
				args[0] = "(*uint32)(unsafe.Pointer(a[0]))"
			}
			if _, ok := f.Op.(*plan.AddRows); ok { // whose places are those of one of three rows
				args = append(args, fmt.Sprintf("(*uint32)(unsafe.Pointer(last(%d, 3)))", n))
			}
			if op, ok := f.Op.(*plan.LossRows); ok && op.Classes {
				args = append(args, fmt.Sprintf("last(%d, %d)", n, op.Width))
			}
			for _, count := range counts {
				args = append(args, fmt.Sprint(count))
			}
			calls = append(calls, fmt.Sprintf("{\"%s of %d\", []int{%s}, func(a []*float32) { %s(%s) }},\n", f.Name, n,
				strings.Join(sizes, ", "), f.Name, strings.Join(args, ", ")))
		}
	}
	return calls
}

// floatsOf are the sizes of the arrays that a function takes, as its type in package plan says, and its other arguments.
func floatsOf(op plan.FunctionOp, n int) (arrays, counts []int) {
	const panel = plan.Panel
	switch op := op.(type) {
	case *plan.PanelProduct:
		outputs := outputsOf(op.Panels, op.Last)
		stride := outputs + 3
		y := (n-1)*stride + outputs
		arrays = []int{y}
		if op.Slope.Func != nn.Identity {
			arrays = append(arrays, y)
		}
		arrays = append(arrays, n*op.In)
		if op.Bias {
			arrays = append(arrays, (op.Panels-1)*op.BiasStride+panel)
		}
		return append(arrays, (op.Panels-1)*op.Stride+panel*op.In), []int{stride, n}
	case *plan.RowProduct:
		times := min(n, 3)
		last := times*op.Panels - 1
		if op.Last > 0 {
			times, last = 1, op.Panels-1
		}
		arrays = []int{times * outputsOf(op.Panels, op.Last), op.In}
		if op.Bias {
			arrays = append(arrays, last*op.BiasStride+panel)
		}
		return append(arrays, last*op.Stride+panel*op.In), []int{times}
	case *plan.Network:
		first, last := op.Layers[0].Block, op.Layers[len(op.Layers)-1]
		return []int{n * last.Block.Out, n * first.In, last.Offset + last.Block.Floats()}, []int{n}
	case *plan.Gradient:
		rows, stride, columns := op.In, panel+5, panel-3
		if op.Bias {
			rows++
		}
		return []int{panel * rows, n * op.In, (n-1)*stride + panel}, []int{n, stride, columns, op.In / op.Rows, 3}
	case *plan.GradientStep:
		arrays, counts = floatsOf(&op.Gradient, n)
		return withSlots(arrays, op.Optimizer, arrays[0], 10), counts
	case *plan.OptimizerStep:
		return withSlots([]int{panel * n, panel * n}, op.Optimizer, panel*n, 5), []int{panel * n}
	case *plan.PoolRows:
		w, rows, cols := op.Window, min(n, op.Window.Out.H), op.Window.Inside().Cols()
		small := ((rows-1)*w.Out.W + cols) * w.Out.C
		large := ((rows-1)*w.SH*w.In.W+(cols-1)*w.SW+1)*w.In.C + w.Offset(w.Taps()-1)
		return map[plan.PoolStep][]int{plan.MaxPool: {small, large}, plan.AvgPool: {small, large}, plan.AvgPoolGrad: {large, small},
			plan.MaxUnpool: {large, small, large}, plan.MaxGather: {small, large, large}}[op.Step], []int{rows}
	case *plan.PenaltyRows:
		return []int{n, n * op.Width}, []int{n}
	case *plan.AddPenalty:
		return []int{n, n, n, 1}, []int{n}
	case *plan.LaneFactors:
		return []int{panel, panel * n}, []int{n}
	case *plan.ScaleLanes:
		return []int{panel * n, panel}, []int{n}
	case *plan.ScaleRows:
		return []int{panel * n, n}, []int{n}
	case *plan.Transposition:
		last := n - 1
		if op.Rest > 0 {
			last = n
		}
		return []int{last*op.Stride + panel*op.Columns, panel * (panel*n + op.Rest)}, []int{n, 1}
	case *plan.LossRows:
		values := n * op.Width
		arrays, counts = []int{n, values}, []int{n}
		if op.Gradient {
			arrays, counts = append(arrays, values), append(counts, 1)
		}
		if !op.Classes { // else they are numbers of their own
			arrays = append(arrays, values)
		}
		return arrays, counts
	case *plan.Maxima:
		return []int{64, 7 * n}, []int{7 * n}
	case *plan.Collect:
		return []int{op.Most + 1, 40 * n}, []int{40 * n, 0}
	case *plan.AddScaled:
		return []int{n, n}, []int{n, 2}
	case *plan.AddRows:
		return []int{op.Width, op.Width, 3 * op.Width, n}, []int{n}
	case *plan.Dot:
		return []int{1, panel * n, panel * n}, []int{panel * n}
	case *plan.RowDots:
		return []int{8 * n, panel * 8 * n, panel}, []int{8 * n}
	case *plan.NearestPanels:
		return []int{2 * panel, op.Dim, panel * op.Dim * n}, []int{n}
	case *plan.DrawValues:
		return []int{n, n, n, n}, []int{n}
	case *plan.DivergenceValues:
		return []int{1, n, n}, []int{n}
	case *plan.PosteriorValues:
		return []int{n, n, 1, n, n}, []int{3, n, 1}
	case *plan.PosteriorSlopes:
		return []int{n, n, n, n, n, n}, []int{n, 1}
	case *plan.ApplyCurve:
		return []int{n, n, n, n}, []int{n}
	case *plan.SquaresRows:
		return []int{n, n * op.Width, n * op.Width}, []int{n, 1}
	case *plan.StandardiseRows:
		padded := (op.Width + panel - 1) / panel * panel
		return []int{n * op.Width, n * op.Width, padded, padded}, []int{n}
	case *plan.FeatureRows:
		return append([]int{n * op.Width, n * op.Fields}, blocksOf(&op.FieldShape, false)...), []int{n}
	case *plan.FieldLossRows:
		arrays, counts = []int{n}, []int{n}
		if op.Gradient {
			if arrays, counts = append(arrays, n*op.Width), append(counts, 1); op.Deviations > 0 {
				arrays = append(arrays, n*op.Deviations)
			}
		}
		return append(append(arrays, n*op.Width, n*op.Width, n*op.Fields), blocksOf(&op.FieldShape, true)...), counts
	case *plan.RelaxValues:
		return []int{n, n}, []int{3, n, 1}
	case *plan.ChooseClasses:
		return []int{n * op.Classes, n * op.Classes, 2 * n * op.Classes}, []int{n}
	case *plan.ClassDivergences:
		return []int{n, n * op.Width}, []int{n, 1}
	case *plan.ClassSlopes:
		return []int{n * op.Classes, n * op.Classes, n * op.Classes}, []int{n, 1}
	case *plan.SoftmaxRows:
		return []int{n * op.Width, n * op.Width}, []int{n}
	case *plan.Apply, *plan.ScaleValues:
		return []int{n, n}, []int{n}
	case *plan.CorruptValues:
		return []int{n, n, 2 * len(op.Noises)}, []int{n}
	case *plan.ApplySlope, *plan.AddValues:
		return []int{n, n, n}, []int{n}
	}
	panic(fmt.Sprintf("no sizes for the arrays of %T, %s", op, asm.Signature(op)))
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

// outputsOf are those of panels, of which the last has so many if it is not full.
func outputsOf(panels, last int) int {
	if last > 0 {
		return plan.Panel*(panels-1) + last
	}
	return plan.Panel * panels
}

// withSlots adds an optimiser's slots and the numbers of a step to arrays.
func withSlots(arrays []int, o nn.Optimizer, size, numbers int) []int {
	for range o.Slots() {
		arrays = append(arrays, size)
	}
	return append(arrays, numbers)
}

// specOf opens a spec of the project.
func specOf(name string, _ *source.File) (*source.File, error) {
	text, err := os.ReadFile(filepath.Join("../specs", name))
	return &source.File{Name: name, Text: string(text)}, err
}
