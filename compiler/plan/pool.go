package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// A PoolStep is what a Pooling computes.
type PoolStep int

const (
	MaxPool     PoolStep = iota // the largest value under each place of the window. Args: y [Out], x [In]
	MaxUnpool                   // each v added where x has the largest value of its place, else 0. Args: y [In], v [Out], x [In]
	MaxGather                   // d where x has the largest value of each place. Args: y [Out], d [In], x [In]
	AvgPool                     // the mean under each place; padding does not count. Args: y [Out], x [In]
	AvgPoolGrad                 // its derivative times d. Args: y [In], d [Out]
)

var poolWords = [...]string{"largest values", "values put back where the largest ones are", "values taken from where the largest ones are", "means", "the derivative of means"}

type (
	// Pooling takes windows over the grid of a sample, channel by channel.
	Pooling struct {
		Step   PoolStep
		Window nn.Window
		Fast   *Function // a function of grids, or nil
	}
	// Upsample is x FH times as high and FW times as wide: values repeated, or with Bilinear between the four nearest centres of cells. Args: y, x.
	// With Back it is the derivative of that, times d. Args: y, d.
	Upsample struct {
		Grid           nn.Grid // the small one
		FH, FW         int
		Bilinear, Back bool
		Fast           *Function
	}
	// Concat has the channels of all arguments one after the other at each position. Args: y, and as many as Channels.
	Concat struct {
		Positions int
		Channels  []int
	}
	// Channels are channels From up to To of Of. Args: y, x. With Back d is put there, and 0 elsewhere. Args: y, d.
	Channels struct {
		Positions, From, To, Of int
		Back                    bool
	}
)

func (*Pooling) op()  {}
func (*Upsample) op() {}
func (*Concat) op()   {}
func (*Channels) op() {}

// Unpools reports whether values are put where a pool found the largest ones: which places these are does not change smoothly.
func (p *Program) Unpools() bool {
	for _, r := range p.Routines {
		for _, s := range r.Steps {
			if op, ok := s.Kernel.Op.(*Pooling); ok && op.Step == MaxUnpool {
				return true
			}
		}
	}
	return false
}

// Large is the grid of FH·FW times as many positions.
func (op *Upsample) Large() nn.Grid {
	return nn.Grid{H: op.Grid.H * op.FH, W: op.Grid.W * op.FW, C: op.Grid.C}
}

// Window is that whose means, times FH·FW, are the derivative of repeated values.
func (op *Upsample) Window() nn.Window {
	return nn.Window{In: op.Large(), Out: op.Grid, KH: op.FH, KW: op.FW, SH: op.FH, SW: op.FW, DH: 1, DW: 1, Groups: 1}
}

// gridWidths is Widths of these.
func gridWidths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *Pooling:
		in, out := op.Window.In.Len(), op.Window.Out.Len()
		switch op.Step {
		case MaxPool, AvgPool:
			return 1, []int{out, in}
		case MaxUnpool:
			return 1, []int{in, out, in}
		case MaxGather:
			return 1, []int{out, in, in}
		case AvgPoolGrad:
			return 1, []int{in, out}
		}
	case *Upsample:
		if op.Back {
			return 1, []int{op.Grid.Len(), op.Large().Len()}
		}
		return 1, []int{op.Large().Len(), op.Grid.Len()}
	case *Concat:
		w = []int{0}
		for _, c := range op.Channels {
			w = append(w, op.Positions*c)
			w[0] += op.Positions * c
		}
		return 1, w
	case *Channels:
		part, whole := op.Positions*(op.To-op.From), op.Positions*op.Of
		if op.Back {
			return 1, []int{whole, part}
		}
		return 1, []int{part, whole}
	}
	panic(fmt.Sprintf("internal error: no widths of %T", op))
}

// verifyGrid checks the geometry of these; of others there is none.
func verifyGrid(op Op) error {
	switch op := op.(type) {
	case *Pooling:
		if op.Window.In.C != op.Window.Out.C {
			return fmt.Errorf("%v: the channels differ", op.Window)
		}
		return op.Window.Valid()
	case *Upsample:
		if min(op.Grid.H, op.Grid.W, op.Grid.C, op.FH, op.FW) < 1 {
			return fmt.Errorf("%v by %d×%d", op.Grid, op.FH, op.FW)
		}
	case *Concat:
		if op.Positions < 1 || len(op.Channels) == 0 || slices.Min(op.Channels) < 1 {
			return fmt.Errorf("channels %v of %d positions", op.Channels, op.Positions)
		}
	case *Channels:
		if op.Positions < 1 || op.From < 0 || op.From >= op.To || op.To > op.Of {
			return fmt.Errorf("channels %d to %d of %d, of %d positions", op.From, op.To, op.Of, op.Positions)
		}
	}
	return nil
}

// gridText describes them.
func gridText(op Op) string {
	switch op := op.(type) {
	case *Pooling:
		return fmt.Sprintf("%s, %v", poolWords[op.Step], op.Window)
	case *Upsample:
		text := fmt.Sprintf("%v by %d×%d", op.Grid, op.FH, op.FW)
		if op.Bilinear {
			text += ", bilinear"
		}
		if op.Back {
			return "derivative of " + text
		}
		return text
	case *Concat:
		parts := make([]string, len(op.Channels))
		for i, c := range op.Channels {
			parts[i] = fmt.Sprint(c)
		}
		return fmt.Sprintf("channels %s side by side, %s", strings.Join(parts, " + "), counted(op.Positions, "position"))
	case *Channels:
		if op.Back {
			return fmt.Sprintf("0 but channels %d to %d of %d, %s", op.From, op.To, op.Of, counted(op.Positions, "position"))
		}
		return fmt.Sprintf("channels %d to %d of %d, %s", op.From, op.To, op.Of, counted(op.Positions, "position"))
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}
