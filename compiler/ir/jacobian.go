package ir

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// What the squared norm of a Jacobian is made of: a backward pass of one value of the code within the forward graph, and what
// differentiating that adds.
type (
	// UnitSlope is what one value of f(x) [B, n] passes back to x: f' at that place and 0 elsewhere. Args: at, as of ActivateGrad.
	UnitSlope struct {
		Activation nn.Activation
		Index      int
	}
	// UnitSlopeGrad is the derivative of UnitSlope by at, times d [B, n]: d·f” at the place and 0 elsewhere. Args: d, at.
	UnitSlopeGrad struct {
		Activation nn.Activation
		Index      int
	}
	// ActivateCurve is the derivative of ActivateGrad by at, times d [B, n]: d ⊙ dy ⊙ f”. Args: d, dy, at. F” is nn.Activation.Curvature.
	ActivateCurve struct{ Activation nn.Activation }
	// Squares is Strength·Σ x² of each sample of x [B, n]: [B].
	Squares struct{ Strength float64 }
	// SquaresGrad is the derivative of Squares by x, times ds [B]. Args: x, ds.
	SquaresGrad struct{ Strength float64 }
	// SquaresMean is the derivative of the batch's mean of Squares by x.
	SquaresMean struct{ Strength float64 }
)

func (UnitSlope) op()     {}
func (UnitSlopeGrad) op() {}
func (ActivateCurve) op() {}
func (Squares) op()       {}
func (SquaresGrad) op()   {}
func (SquaresMean) op()   {}

// inferJacobian is infer of these.
func inferJacobian(op Op, args []Type) (Type, error) {
	n := Samples(width(args, 0))
	switch op := op.(type) {
	case UnitSlope:
		if op.Index < 0 || op.Index >= width(args, 0) {
			return Type{}, fmt.Errorf("value %d of %d", op.Index, width(args, 0))
		}
		return n, want(args, n)
	case UnitSlopeGrad:
		return n, want(args, n, n)
	case ActivateCurve:
		return n, want(args, n, n, n)
	case Squares:
		return Floats(Batch), want(args, n)
	case SquaresGrad:
		return n, want(args, n, Floats(Batch))
	case SquaresMean:
		return n, want(args, n)
	}
	panic(fmt.Sprintf("internal error: no type of %T", op))
}

// jacobianWord is Word of these.
func jacobianWord(op Op) string {
	switch op := op.(type) {
	case UnitSlope:
		return fmt.Sprintf("unit_slope[%v, %d]", op.Activation, op.Index)
	case UnitSlopeGrad:
		return fmt.Sprintf("unit_slope_grad[%v, %d]", op.Activation, op.Index)
	case ActivateCurve:
		return "curve[" + op.Activation.String() + "]"
	case Squares:
		return "squares[" + number(op.Strength) + "]"
	case SquaresGrad:
		return "squares_grad[" + number(op.Strength) + "]"
	case SquaresMean:
		return "squares_mean[" + number(op.Strength) + "]"
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}
