package plan

import (
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
)

func TestParseFormat(t *testing.T) {
	for f, name := range []string{"f32", "f16", "bf16", "int8"} {
		if got, err := ParseFormat(name); err != nil || got != Format(f) || got.String() != name {
			t.Errorf("%s is %v, %v", name, got, err)
		}
	}
	if _, err := ParseFormat("fp16"); err == nil || err.Error() != "one of f32, f16, bf16, int8 expected" {
		t.Errorf("error %v", err)
	}
}

// reducedSmall is small without training, its weights in a format.
func reducedSmall(f Format, group, most int) *Program {
	p := small()
	p.Train, p.Precision.Format = nil, f
	for i, b := range p.Params {
		b.Reduced = &Reduced{Values: &Matrix{Field: b.Field, Format: f, In: b.In, Out: b.Out, Group: group}, Bias: b.Field + "Bias"}
		if f == Int8 {
			b.Reduced.Steps = b.Field + "Steps"
		}
		p.Kernels[i].Op = &ReducedProduct{Weights: b, Bias: b, Activation: nn.Activation{}, Widened: 1, Inputs: Inputs{Most: most}}
	}
	return p
}

// TestReducible refuses convolutions.
func TestReducible(t *testing.T) {
	p := small()
	if err := p.Reducible(); err != nil {
		t.Error(err)
	}
	p.Params[1].Kernel = &Kernel2D{H: 1, W: 1, Groups: 1}
	if err := p.Reducible(); err == nil || err.Error() != p.Params[1].Weight+" is a convolution's, whose weights are f32 only" {
		t.Error(err)
	}
}

// TestVerifyReduced breaks each rule of reduced programs once.
func TestVerifyReduced(t *testing.T) {
	for _, p := range []*Program{reducedSmall(Half, 1, 0), reducedSmall(Bfloat16, 1, 0), reducedSmall(Int8, 2, 8191), reducedSmall(Int8, 4, 127)} {
		if err := Verify(p); err != nil {
			t.Errorf("%v: %v", p.Precision.Format, err)
		}
	}
	for _, c := range []struct {
		want  string
		spoil func(p *Program)
	}{
		{"block bottleneck is not held as int8", func(p *Program) { p.Params[1].Reduced = nil; p.Kernels = p.Kernels[:1]; p.Routines = nil }},
		{"block encoder0 is not held as int8", func(p *Program) { p.Params[0].Weight = "" }},
		{"kernel encoder0: no encoder0ᵀ", func(p *Program) { p.Kernels[0].Op.(*ReducedProduct).Transposed = true }},
		{"kernel encoder0: inputs ±0", func(p *Program) { p.Kernels[0].Op.(*ReducedProduct).Inputs.Most = 0 }},
		{"kernel encoder0: inputs ±128: an int16 does not hold the sum of two products", func(p *Program) { p.Kernels[0].Op.(*ReducedProduct).Inputs.Most = 128 }},
		{"kernel bottleneck: 0 inputs widened", func(p *Program) {
			op := p.Kernels[1].Op.(*ReducedProduct)
			op.Weights.Reduced.Values.Format, op.Widened = Half, 0
		}},
		{"routine Encode: step encoder0: buffer x is 4 wide, want 5", func(p *Program) { p.Params[0].Reduced.Values.In = 5 }},
	} {
		p := reducedSmall(Int8, 4, 127)
		c.spoil(p)
		if err := Verify(p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestRunsFitAnInt32 holds that the largest sum of a run does, and that of one more iteration does not.
func TestRunsFitAnInt32(t *testing.T) {
	for _, c := range []struct{ group, most, unroll, want int }{{2, 8191, 4, 1032}, {2, 8191, 3, 1032}, {4, 127, 4, 33284}, {4, 127, 1, 33286}} {
		s := ReducedShape{Matrix: Matrix{Format: Int8, Group: c.group}, Most: c.most, Unroll: c.unroll}
		run := s.Run()
		if largest := run * c.group * c.most * 127; run != c.want || largest >= 1<<31 || (run+c.unroll)*c.group*c.most*127 < 1<<31 {
			t.Errorf("runs of %d groups of %d inputs up to %d: sums up to %d; want %d groups", run, c.group, c.most, largest, c.want)
		}
	}
}

// TestReducedBytes holds sizes: panels of 16 outputs, whole groups of inputs, biases and steps beside them.
func TestReducedBytes(t *testing.T) {
	for _, c := range []struct {
		p    *Program
		want int
	}{
		{small(), 4 * 16 * (5 + 4)},
		{reducedSmall(Half, 1, 0), 2*16*(4+3) + 2*64},
		{reducedSmall(Int8, 2, 8191), 16*(4+4) + 4*64},
		{reducedSmall(Int8, 4, 127), 16*(4+4) + 4*64},
	} {
		if got := c.p.WeightBytes(); got != c.want {
			t.Errorf("%v takes %d bytes, want %d", c.p.Precision.Format, got, c.want)
		}
	}
}

// TestScoresOfPrecisions holds which packages share calibrations: ranges have names of their own, whatever their order.
func TestScoresOfPrecisions(t *testing.T) {
	one := map[Factor]float64{{Weight: "a"}: 1, {Weight: "b", Transposed: true}: 2}
	other := map[Factor]float64{{Weight: "a"}: 1, {Weight: "b", Transposed: true}: 2.0000000000000004}
	if got := (Precision{}).Scores() + (Precision{Format: Int8}).Scores(); got != "f32int8" {
		t.Errorf("without ranges: %s", got)
	}
	name := Precision{Format: Int8, Ranges: one}.Scores()
	if again := (Precision{Format: Int8, Ranges: map[Factor]float64{{Weight: "b", Transposed: true}: 2, {Weight: "a"}: 1}}).Scores(); again != name {
		t.Errorf("equal ranges are %s and %s", name, again)
	}
	if changed := (Precision{Format: Int8, Ranges: other}).Scores(); changed == name || len(name) != len("int8-00000000") {
		t.Errorf("different ranges are %s and %s", name, changed)
	}
}
