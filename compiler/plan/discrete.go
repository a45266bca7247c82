package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// A DiscreteStep is what becomes of a code of discrete units.
type DiscreteStep int

const (
	RelaxCode       DiscreteStep = iota // a relaxed draw of training, by the key of a stream. Args: y, logits
	RelaxSlope                          // its derivative by the logits. Args: d, dy, y
	ModeOfCode                          // the most probable code. Args: y, logits
	FixedCode                           // the fixed draw of the step. Args: y, logits
	ClassDivergence                     // that of each sample from the uniform prior, as Prior weighs it. Args: kl, logits
	AddClassSlope                       // d and the derivative of the batch's mean divergence. Args: y, d, logits
)

// Discrete is a step of a code of discrete units, Width logits a sample. The runtime's package discrete has its arithmetic.
type Discrete struct {
	Width      int
	Step       DiscreteStep
	Relaxation nn.Relaxation
	Prior      nn.Prior
	Key        int  // of RelaxCode: number of the step's key
	Trains     bool // of ClassDivergence: whether it is a part of the loss of training, where β depends on the step
}

func (*Discrete) op() {}

func (op *Discrete) text() string {
	switch op.Step {
	case RelaxCode:
		return fmt.Sprintf("y = a draw of %v, width %d", op.Relaxation, op.Width)
	case RelaxSlope:
		return fmt.Sprintf("d = dy by way of a draw of %v, width %d", op.Relaxation, op.Width)
	case ModeOfCode:
		return fmt.Sprintf("y = the most probable %s code, width %d", op.Relaxation.Word(), op.Width)
	case FixedCode:
		return fmt.Sprintf("y = a fixed draw of a %s code, width %d", op.Relaxation.Word(), op.Width)
	case ClassDivergence:
		return fmt.Sprintf("divergence of a %s code from %s, width %d", op.Relaxation.Word(), op.Prior.Uniform(), op.Width)
	case AddClassSlope:
		return fmt.Sprintf("y = d + the derivative of the divergence from %s, width %d", op.Prior.Uniform(), op.Width)
	}
	panic(fmt.Sprintf("internal error: step %d of a discrete code", op.Step))
}

// widths are those of the arguments; the first is written.
func (op *Discrete) widths() []int {
	switch op.Step {
	case ClassDivergence:
		return []int{1, op.Width}
	case RelaxSlope, AddClassSlope:
		return []int{op.Width, op.Width, op.Width}
	}
	return []int{op.Width, op.Width}
}
