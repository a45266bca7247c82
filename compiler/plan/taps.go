package plan

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// Operations on grids: a sample is positions of channels, and each position of the result meets a few runs of floats of the sample, its
// taps. A convolution and a transposed one, forward and back, are the same operation with other numbers.
type (
	// TapProduct is y = f(b + Σ taps x·w) ⊙ g'(at) at each position of its lattices. Args: y, x; with a slope y, x, at.
	// Of several groups, output channel o of Outs belongs to group o/(Outs/Groups) and meets as many inputs of that group.
	TapProduct struct {
		Weights    *Param
		Bias       *Param // the block that holds the biases, which may be Weights; nil where sums start from 0
		Transposed bool   // whether it reads the copy of Wᵀ
		Dots       bool   // whether lanes are inputs, for few outputs: then rows of the copy are read, a row an output
		From, To   int    // floats of a sample of x, and of y
		Outs       int    // channels of y
		Groups     int
		Lattices   []Lattice
		Activation nn.Activation // f
		Slope      nn.Activation // g; at most one of both is not the identity
		Fast       *FastTaps     // by assembly functions, or nil
	}
	// Halo is x with zeros around its grid. Args: y, x.
	Halo struct {
		Grid                     nn.Grid // of x
		Top, Left, Bottom, Right int     // positions
	}
)

// A Lattice is the positions of y that meet the same taps: Rows rows of Cols positions. All numbers but these are in floats.
type Lattice struct {
	Rows, Cols    int
	Y, YRow, YCol int // the first position of y, and what leads to the next row and position
	X, XRow, XCol int // the same in x: where the taps start from
	Len           int // of each tap
	Taps          []Tap
}

// A Tap is a run of Len floats of x, X floats behind a position's start, and the rows of weights that it meets: from row W of a panel
// on, or, by the copy of Wᵀ, those of tap number W.
type Tap struct{ X, W int }

// A FastTaps is how a TapProduct runs by assembly functions, a lattice of a sample at a time.
type FastTaps struct {
	Strips, Ends []*Function // of each lattice: over Panels panels, and over the panels that are left; nil where there are none
	Rows         []int       // of each lattice, that one call takes at most
	Panels, Full int         // of a strip, and how many strips
}

// TapPanels computes a lattice of a TapProduct for Panels panels: n rows of positions. It takes what a PanelProduct takes but the floats
// between samples, which are YCol. In is the length of a tap, W of a tap in floats.
type TapPanels struct {
	PanelProduct
	Taps                         []Tap
	Cols, XCol, XRow, YCol, YRow int
	NarrowLines, WideLines       int // rows of positions that make one tile, while so many are left
}

func (*TapPanels) functionOp() {}

// TapDots computes a lattice of a TapProduct for few outputs, n rows of positions: inputs, a multiple of Panel under each tap, lie in lanes.
// It takes y, x, b, w, n. Stride is the floats between panels of inputs.
type TapDots struct {
	Taps                         []Tap
	Len, Stride, Outs            int
	Cols, XCol, XRow, YCol, YRow int
	Activation                   nn.Activation
	Narrow, Wide                 Sizes
}

func (*TapDots) functionOp() {}

func (op *TapDots) text() string {
	return fmt.Sprintf("y = %s of rows of %d positions, %d taps of %d inputs in lanes, %d outputs, AVX2 tiles of %v positions, AVX-512 of %v",
		activated(op.Activation, "b + x·w"), op.Cols, len(op.Taps), op.Len, op.Outs, op.Narrow, op.Wide)
}

func (op *TapPanels) text() string {
	formula := "y = " + activated(op.Activation, "b + x·w")
	if !op.Bias {
		formula = "y = x·w" + sloped(op.Slope)
	}
	return fmt.Sprintf("%s of rows of %d positions, %d taps of %d, %s, AVX2 %v, %d rows at a time, AVX-512 %v, %d rows at a time", formula, op.Cols, len(op.Taps), op.In, outputs(op.Panels, op.Last), op.Narrow, op.NarrowLines, op.Wide, op.WideLines)
}

// work is what n rows of positions compute, and the bytes that they read and write.
func (op *TapPanels) work(n, value int) (flops, bytes int) {
	out, sums := Panel*op.Panels, op.In*len(op.Taps)
	return 2*out*sums*op.Cols*n + after(op.After, value*out*op.Cols*n), 4 * (out*sums + (op.XRow+2*out*op.Cols)*n)
}

// TapGradient is how the two sides of a pair make a weight's gradient: row W + i of tap (A, D, W), i < Len, is the sum over samples and
// Rows×Cols positions of a[A + position + i] · d[D + position]. All numbers but counts are in floats.
type TapGradient struct {
	Rows, Cols int
	ARow, ACol int
	DRow, DCol int
	Len        int
	Taps       []GradientTap
	Outs       int // channels of d
	Groups     int
	Bias       Lattice // where d lies, for the gradient of the bias: Y, YRow and YCol
	Fast       *FastTapGradient
}

// A FastTapGradient is how a TapGradient runs by assembly functions, a tap of a sample at a time.
type FastTapGradient struct {
	Sums, Bias       *Function // nil where there is no weight, no bias
	Lines, BiasLines int       // rows of positions of one call
}

// A GradientTap is where the two sides of a tap start, and its first row of the weight.
type GradientTap struct{ A, D, W int }

func (*TapProduct) op() {}
func (*Halo) op()       {}

// From, To of a halo are the floats of a sample.
func (op *Halo) widths() (from, to int) {
	return op.Grid.Len(), (op.Grid.H + op.Top + op.Bottom) * (op.Grid.W + op.Left + op.Right) * op.Grid.C
}

// tapWidths is Widths of these.
func tapWidths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *TapProduct:
		if op.Slope.Func != nn.Identity {
			return 1, []int{op.To, op.From, op.To}
		}
		return 1, []int{op.To, op.From}
	case *Halo:
		from, to := op.widths()
		return 1, []int{to, from}
	}
	panic(fmt.Sprintf("internal error: no widths of %T", op))
}

// MultiplyAdds is those of one sample.
func (op *TapProduct) MultiplyAdds() int {
	n := 0
	for _, p := range op.Lattices {
		n += p.Rows * p.Cols * len(p.Taps) * p.Len * op.Outs
	}
	return n
}

// MultiplyAdds is those of one sample.
func (t *TapGradient) MultiplyAdds() int {
	return t.Rows * t.Cols * len(t.Taps) * t.Len * t.Outs
}

// tapText is describe of these.
func tapText(op Op) string {
	switch op := op.(type) {
	case *TapProduct:
		var lattices []string
		for _, p := range op.Lattices {
			lattices = append(lattices, fmt.Sprintf("%d×%d positions of %d×%d", p.Rows, p.Cols, len(p.Taps), p.Len))
		}
		sum := fmt.Sprintf("Σ x·%s over taps", transposed(op.Weights.Field, op.Transposed))
		if op.Bias != nil {
			sum += " + b"
		}
		if op.Groups > 1 {
			sum += fmt.Sprintf(" in %d groups", op.Groups)
		}
		formula := "y = " + sum
		if op.Activation.Func != nn.Identity {
			formula = fmt.Sprintf("y = %v(%s)", op.Activation, sum)
		}
		if op.Slope.Func != nn.Identity {
			formula = fmt.Sprintf("y = (%s) ⊙ %v'", sum, op.Slope)
		}
		return fmt.Sprintf("%s to %d channels: %s", formula, op.Outs, strings.Join(lattices, ", "))
	case *Halo:
		return fmt.Sprintf("y = %v with %d, %d, %d, %d positions of zeros above, left, below, right", op.Grid, op.Top, op.Left, op.Bottom, op.Right)
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

// verify checks that taps lie within samples, and weights within the block.
func (op *TapProduct) verify() error {
	for _, p := range op.Lattices {
		if p.Rows < 1 || p.Cols < 1 || p.Len < 1 {
			return fmt.Errorf("a lattice of %d×%d positions of taps of %d", p.Rows, p.Cols, p.Len)
		}
		if last := p.Y + (p.Rows-1)*p.YRow + (p.Cols-1)*p.YCol + op.Outs; p.Y < 0 || last > op.To {
			return fmt.Errorf("a lattice writes %d to %d of %d", p.Y, last, op.To)
		}
		for _, t := range p.Taps {
			if last := p.X + t.X + (p.Rows-1)*p.XRow + (p.Cols-1)*p.XCol + p.Len*op.Groups; p.X+t.X < 0 || last > op.From {
				return fmt.Errorf("a tap reads %d to %d of %d", p.X+t.X, last, op.From)
			}
			if !op.Transposed && t.W+p.Len > op.Weights.In || op.Transposed && t.W >= op.Weights.Taps() {
				return fmt.Errorf("a tap meets weights from %d on", t.W)
			}
		}
	}
	return nil
}
