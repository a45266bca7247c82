package plan

import (
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
)

// small is x[4] → h[3] → z[2] with a training step that no one would run.
func small() *Program {
	a := &Param{Field: "encoder0", Weight: "encoder.0.weight", Bias: "encoder.0.bias", In: 4, Out: 3}
	b := &Param{Field: "bottleneck", Weight: "bottleneck.weight", Bias: "bottleneck.bias", In: 3, Out: 2}
	tile := Tile{Rows: 2, Cols: 4, Unroll: 1}
	ka := &Kernel{Name: "encoder0", Op: &Product{Weights: a, Tile: tile}}
	kb := &Kernel{Name: "bottleneck", Op: &Product{Weights: b, Activation: nn.Activation{Func: nn.Tanh}, Tile: tile}}
	x, h, z := &Buffer{Name: "x", External: "x", Width: 4}, &Buffer{Name: "h", Width: 3, Last: 1}, &Buffer{Name: "z", External: "z", Width: 2}
	steps := []*Step{{Kernel: ka, Args: []*Buffer{h, x}}, {Kernel: kb, Args: []*Buffer{z, h}}}
	return &Program{
		Target: AMD64, Params: []*Param{a, b}, Kernels: []*Kernel{ka, kb},
		Routines: []*Routine{{Name: "Encode", In: []*Buffer{x}, Out: z, Buffers: []*Buffer{x, h, z}, Steps: steps, Chunk: 2, Split: Split{Task: 2}, Arena: 3}},
		Train: &Training{
			Buffers: []*Buffer{x, h, z}, Phases: []*Phase{{Rows: steps, Split: Split{Task: 2}}}, Panels: Split{Task: 1}, Arena: 3,
			Updates: []*Update{{Param: a, Tile: tile, Gather: 8, Pairs: []Pair{{A: x, D: h}}}, {Param: b, Tile: tile, Gather: 8, Pairs: []Pair{{A: h, D: z}}}},
		},
	}
}

// TestVerifyNames breaks each rule once.
func TestVerifyNames(t *testing.T) {
	if err := Verify(small()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want  string
		spoil func(p *Program)
	}{
		{`kernel "encoder0": not a new identifier`, func(p *Program) { p.Kernels[1].Name = "encoder0" }},
		{`parameter block "a b": not a new identifier`, func(p *Program) { p.Params[0].Field = "a b" }},
		{`buffer "x": not a new identifier`, func(p *Program) { p.Routines[0].Buffers[1].Name = "x" }},
		{"buffer h: 3 floats at 1 of an arena of 3", func(p *Program) { p.Routines[0].Buffers[1].Offset = 1 }},
		{"buffers h and g overlap", func(p *Program) {
			p.Routines[0].Buffers = append(p.Routines[0].Buffers, &Buffer{Name: "g", Width: 1, First: 1, Last: 1})
		}},
		{"buffer h is 3 wide, want 4", func(p *Program) { p.Routines[0].Steps[0].Args[1] = p.Routines[0].Buffers[1] }},
		{"buffer h is read before it is written", func(p *Program) { p.Routines[0].Steps = p.Routines[0].Steps[1:] }},
		{"3 buffers, want 2", func(p *Program) { s := p.Routines[0].Steps[0]; s.Args = append(s.Args, s.Args[0]) }},
		{"routine Encode: chunk 0", func(p *Program) { p.Routines[0].Chunk = 0 }},
		{"routine Encode: tasks of 0 samples", func(p *Program) { p.Routines[0].Split.Task = 0 }},
		{"training: phase 1: bottleneck uses h, which is not kept", func(p *Program) {
			rows := p.Train.Phases[0].Rows
			p.Train.Phases = []*Phase{{Rows: rows[:1], Split: Split{Task: 2}}, {Rows: rows[1:], Split: Split{Task: 2}}}
		}},
		{"training: phase 0: means uses h, which is not kept", func(p *Program) { p.Train.Phases[0].Batch = means(p, 3, 1) }},
		{"training: phase 0: means of 0 columns: tasks of 1 column", func(p *Program) {
			p.Train.Buffers[1].Kept = true
			p.Train.Phases[0].Batch = means(p, 0, 1)
		}},
		{"training: step means: buffer h is 3 wide, want 4", func(p *Program) {
			p.Train.Phases[0].Batch = means(p, 3, 1)
			p.Train.Phases[0].Batch[0].Kernel.Op.(*ColumnMeans).Width = 4
			p.Train.Phases[0].Batch[0].Args[0].Width = 4
		}},
		{"update of encoder0: term 0, 2·w ⊙ h, does not fit [4, 3]", func(p *Program) { p.Train.Updates[0].Terms = []Term{&ColumnTerm{By: p.Train.Buffers[1]}} }},
		{"training: tasks of 0 panels", func(p *Program) { p.Train.Panels.Task = 0 }},
		{"function panel4: a call of 0 takes 0 µs, at most 100 allowed", func(p *Program) { fast(p, 0) }},
		{"function panel4: a call of 1000000 takes 9280 µs, at most 100 allowed", func(p *Program) { fast(p, 1_000_000) }},
		{"block bottleneck is updated 0 times", func(p *Program) { p.Train.Updates = p.Train.Updates[:1] }},
		{"update of encoder0: pair 0 does not fit [4, 3]", func(p *Program) { p.Train.Updates[0].Pairs[0].A = p.Train.Buffers[2] }},
		{"update of encoder0: tile 0×4, unroll 1, 8 samples gathered, 1 pairs", func(p *Program) { p.Train.Updates[0].Tile.Rows = 0 }},
		{"update of encoder0: tile 2×4, unroll 1, 0 samples gathered, 1 pairs", func(p *Program) { p.Train.Updates[0].Gather = 0 }},
		{"kernel encoder0: 2×2×1→1×1×2 kernel 2×2 stride 2×2: the channels differ", func(p *Program) {
			p.Kernels[0].Op = &Pooling{Window: nn.Window{In: nn.Grid{H: 2, W: 2, C: 1}, Out: nn.Grid{H: 1, W: 1, C: 2}, KH: 2, KW: 2, SH: 2, SW: 2, DH: 1, DW: 1, Groups: 1}}
		}},
		{"kernel encoder0: 2×2×1→2×2×1 kernel 2×2 stride 2×2: the kernel has 1×1 places", func(p *Program) {
			p.Kernels[0].Op = &Pooling{Window: nn.Window{In: nn.Grid{H: 2, W: 2, C: 1}, Out: nn.Grid{H: 2, W: 2, C: 1}, KH: 2, KW: 2, SH: 2, SW: 2, DH: 1, DW: 1, Groups: 1}}
		}},
		{"kernel encoder0: 2×2×1 by 0×2", func(p *Program) { p.Kernels[0].Op = &Upsample{Grid: nn.Grid{H: 2, W: 2, C: 1}, FW: 2} }},
		{"kernel encoder0: channels [3 0] of 4 positions", func(p *Program) { p.Kernels[0].Op = &Concat{Positions: 4, Channels: []int{3, 0}} }},
		{"kernel encoder0: channels 2 to 5 of 4, of 1 positions", func(p *Program) { p.Kernels[0].Op = &Channels{Positions: 1, From: 2, To: 5, Of: 4} }},
		{"kernel encoder0: tile 2×4, unroll 0", func(p *Program) { p.Kernels[0].Op.(*Product).Tile.Unroll = 0 }},
	} {
		p := small()
		c.spoil(p)
		if err := Verify(p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// means is a batch step that takes the means of h.
func means(p *Program, columns, task int) []*BatchStep {
	k := &Kernel{Name: "means", Op: &ColumnMeans{Width: 3}}
	return []*BatchStep{{Step: Step{Kernel: k, Args: []*Buffer{{Name: "m", Width: 3, Whole: true}, p.Train.Buffers[1]}}, Columns: columns, Split: Split{Task: task}}}
}

// fast has the first kernel run by an assembly function that takes so many samples a call.
func fast(p *Program, samples int) {
	f := &Function{Name: "panel4", Op: &PanelProduct{In: 4, Panels: 1}}
	p.Kernels[0].Op.(*Product).Fast = &Fast{End: f, Samples: samples}
}
