package plan

import (
	"fmt"
	"go/token"

	"github.com/aegen/aegen/compiler/nn"
)

// Verify reports the first rule that a program breaks: buffers that live at the same time share no bytes, every buffer is
// written before it is read and has the width that its kernel works on, names are distinct Go identifiers,
// every trained block is updated exactly once, tiles and tasks are positive, no call of an assembly function takes too long.
func Verify(p *Program) error {
	if err := distinct("kernel", p.Kernels, func(k *Kernel) string { return k.Name }); err != nil {
		return err
	}
	if err := distinct("parameter block", p.Params, func(b *Param) string { return b.Field }); err != nil {
		return err
	}
	for _, k := range p.Kernels {
		if err := verifyTile(k.Op); err != nil {
			return fmt.Errorf("kernel %s: %w", k.Name, err)
		}
	}
	for _, r := range p.All() {
		if err := verifySteps(r.Buffers, r.Steps, r.Arena); err != nil {
			return fmt.Errorf("routine %s: %w", r.Name, err)
		}
		if r.Chunk < 1 {
			return fmt.Errorf("routine %s: chunk %d", r.Name, r.Chunk)
		}
		if r.Split.Task < 1 {
			return fmt.Errorf("routine %s: %s", r.Name, r.Split.text("sample", 0))
		}
	}
	if p.Explain != nil {
		if err := p.Explain.verify(); err != nil {
			return err
		}
	}
	if p.Train == nil {
		if err := verifyReduced(p); err != nil {
			return err
		}
		return verifyCalls(p)
	}
	if err := verifyPhases(p.Train); err != nil {
		return fmt.Errorf("training: %w", err)
	}
	if err := verifyUpdates(p); err != nil {
		return err
	}
	return verifyCalls(p)
}

// verifyPhases checks the steps of training. What samples have that another phase or the whole batch reads is kept.
func verifyPhases(t *Training) error {
	if err := verifySteps(t.Buffers, t.Steps(), t.Arena); err != nil {
		return err
	}
	if t.Panels.Task < 1 {
		return fmt.Errorf("%s", t.Panels.text("panel", 0))
	}
	in := map[*Buffer]int{}
	use := func(s *Step, phase int, ofBatch bool) error {
		for _, b := range s.Args {
			before, used := in[b]
			switch {
			case b.External != "":
			case !b.Whole && !b.Kept && (ofBatch || used && before != phase):
				return fmt.Errorf("phase %d: %s uses %s, which is not kept", phase, s.Kernel.Name, b.Name)
			}
			in[b] = phase
		}
		return nil
	}
	for i, p := range t.Phases {
		if p.Split.Task < 1 {
			return fmt.Errorf("phase %d: %s", i, p.Split.text("sample", 0))
		}
		for _, s := range p.Rows {
			if err := use(s, i, false); err != nil {
				return err
			}
		}
		for _, b := range p.Batch {
			if b.Columns < 1 || b.Split.Task < 1 {
				return fmt.Errorf("phase %d: %s of %d columns: %s", i, b.Kernel.Name, b.Columns, b.Split.text("column", 0))
			}
			if err := use(&b.Step, i, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifyCalls checks that every call does something, and none keeps the scheduler waiting too long.
func verifyCalls(p *Program) error {
	for _, c := range p.Calls() {
		if t := p.Target.Micros(c); c.Count < 1 || !(t <= float64(p.Target.Vector.Call)) {
			return fmt.Errorf("function %s: a call of %d takes %.0f µs, at most %d allowed", c.Function.Name, c.Count, t, p.Target.Vector.Call)
		}
	}
	return nil
}

// verifyTile checks the cut of a product, or what a reduced one has instead, or the geometry of an operation on grids.
func verifyTile(op Op) error {
	var t Tile
	switch op := op.(type) {
	case *Product:
		t = op.Tile
	case *BackProduct:
		t = op.Tile
	case *ReducedProduct:
		return op.verify()
	case *TapProduct:
		return op.verify()
	default:
		return verifyGrid(op)
	}
	if t.Rows < 1 || t.Cols < 1 || t.Unroll < 1 {
		return fmt.Errorf("%v", t)
	}
	return nil
}

func distinct[T any](kind string, all []T, name func(T) string) error {
	seen := map[string]bool{}
	for _, v := range all {
		n := name(v)
		if seen[n] || !token.IsIdentifier(n) {
			return fmt.Errorf("%s %q: not a new identifier", kind, n)
		}
		seen[n] = true
	}
	return nil
}

func verifySteps(buffers []*Buffer, steps []*Step, arena int) error {
	if err := distinct("buffer", buffers, func(b *Buffer) string { return b.Name }); err != nil {
		return err
	}
	for i, a := range buffers {
		if a.External != "" || a.Whole {
			continue
		}
		if a.Width < 1 || a.Offset < 0 || a.Offset+a.Width > arena {
			return fmt.Errorf("buffer %s: %d floats at %d of an arena of %d", a.Name, a.Width, a.Offset, arena)
		}
		for _, b := range buffers[:i] {
			if b.External == "" && !b.Whole && a.First <= b.Last && b.First <= a.Last && a.Offset < b.Offset+b.Width && b.Offset < a.Offset+a.Width {
				return fmt.Errorf("buffers %s and %s overlap", b.Name, a.Name)
			}
		}
	}
	written := map[*Buffer]bool{}
	for _, b := range buffers {
		written[b] = b.External == "x" || b.External == "y" || b.External == "z" && writes(steps, b) == 0
	}
	for _, s := range steps {
		if err := verifyStep(s, written); err != nil {
			return fmt.Errorf("step %s: %w", s.Kernel.Name, err)
		}
	}
	return nil
}

// writes counts the steps that write b.
func writes(steps []*Step, b *Buffer) int {
	n := 0
	for _, s := range steps {
		outs, _ := Widths(s.Kernel.Op)
		for _, arg := range s.Args[:outs] {
			if arg == b {
				n++
			}
		}
	}
	return n
}

func verifyStep(s *Step, written map[*Buffer]bool) error {
	outs, want := Widths(s.Kernel.Op)
	if len(s.Args) != len(want) {
		return fmt.Errorf("%d buffers, want %d", len(s.Args), len(want))
	}
	for i, b := range s.Args {
		switch {
		case b.Width != want[i]:
			return fmt.Errorf("buffer %s is %d wide, want %d", b.Name, b.Width, want[i])
		case i >= outs && !written[b]:
			return fmt.Errorf("buffer %s is read before it is written", b.Name)
		}
	}
	for _, b := range s.Args[:outs] {
		written[b] = true
	}
	return nil
}

// holds reports whether a buffer has n values a sample, or is a compact code.
func (b *Buffer) holds(n int) bool { return b.Width == n || b.Compact > 0 }

func verifyUpdates(p *Program) error {
	updated := map[*Param]int{}
	for _, u := range p.Train.Updates {
		updated[u.Param]++
		if u.Tile.Rows < 1 || u.Tile.Cols < 1 || u.Gather < 1 || len(u.Pairs) == 0 {
			return fmt.Errorf("update of %s: %v, %d samples gathered, %d pairs", u.Param.Field, u.Tile, u.Gather, len(u.Pairs))
		}
		for i, pair := range u.Pairs {
			if pair.Taps != nil {
				continue
			}
			if !pair.D.holds(u.Param.Out) || pair.A != nil && !pair.A.holds(u.Param.In) || pair.A == nil && u.Param.In != 0 {
				return fmt.Errorf("update of %s: pair %d does not fit [%d, %d]", u.Param.Field, i, u.Param.In, u.Param.Out)
			}
		}
	}
	for _, u := range p.Train.Updates {
		for i, t := range u.Terms {
			if !t.fits(u.Param) {
				return fmt.Errorf("update of %s: term %d, %s, does not fit [%d, %d]", u.Param.Field, i, termText(t), u.Param.In, u.Param.Out)
			}
		}
	}
	for _, u := range p.Train.Units {
		if u.Param.In == 0 || u.Unit == nn.NoUnit || u.Split.Task < 1 {
			return fmt.Errorf("%s: %v of norm 1: %s", u.Param.Field, u.Unit, u.Split.text("vector", 0))
		}
	}
	for _, b := range p.Params {
		if b.Fixed && updated[b] == 0 {
			continue
		}
		if b.Fixed || updated[b] != 1 {
			return fmt.Errorf("block %s is updated %d times", b.Field, updated[b])
		}
	}
	return nil
}
