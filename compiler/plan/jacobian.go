package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// What the squared norm of a Jacobian is made of, beside products.
type (
	// UnitSlope is f'(at) at one place of each sample, the Draw of its step, and 0 elsewhere. Args: y, at.
	UnitSlope struct {
		Width      int
		Activation nn.Activation
	}
	// UnitSlopeGrad is d·f”(at) at one place of each sample, the Draw of its step, and 0 elsewhere. Args: y, d, at.
	UnitSlopeGrad struct {
		Width      int
		Activation nn.Activation
	}
	// ActivateCurve is y = d ⊙ e ⊙ f”(at). Args: y, d, e, at.
	ActivateCurve struct {
		Width      int
		Activation nn.Activation
		Fast       *Function // an ApplyCurve, or nil
	}
	// Squares is Strength·Σ x² of each sample, and the derivative of the batch's mean by x. Args: s, d, x.
	Squares struct {
		Width    int
		Strength float64
		Fast     *Function // a SquaresRows, or nil
	}
)

func (*UnitSlope) op()     {}
func (*UnitSlopeGrad) op() {}
func (*ActivateCurve) op() {}
func (*Squares) op()       {}

// jacobianText is one of them as the plan shows it.
func jacobianText(op Op) string {
	switch op := op.(type) {
	case *UnitSlope:
		return fmt.Sprintf("y = %v'(at) at one place, width %d", op.Activation, op.Width)
	case *UnitSlopeGrad:
		return fmt.Sprintf("y = d·%v”(at) at one place, width %d", op.Activation, op.Width)
	case *ActivateCurve:
		return fmt.Sprintf("y = d ⊙ e ⊙ %v”(at), width %d", op.Activation, op.Width)
	case *Squares:
		return fmt.Sprintf("%v·Σ x² of each sample and its derivative, width %d", op.Strength, op.Width)
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

// jacobianWidths are the widths of the arguments of one of them, of which the first outs are written.
func jacobianWidths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *UnitSlope:
		return 1, []int{op.Width, op.Width}
	case *UnitSlopeGrad:
		return 1, []int{op.Width, op.Width, op.Width}
	case *ActivateCurve:
		return 1, []int{op.Width, op.Width, op.Width, op.Width}
	case *Squares:
		return 2, []int{1, op.Width, op.Width}
	}
	panic(fmt.Sprintf("internal error: plan does not know %T", op))
}
