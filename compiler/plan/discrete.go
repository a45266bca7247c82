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
	ClassDivergence                     // that of each sample from the uniform prior, times β. Args: kl, logits
	AddClassSlope                       // d and the derivative of the batch's mean divergence. Args: y, d, logits
)

// Discrete is a step of a code of discrete units, Width logits a sample. The runtime's package discrete has its arithmetic.
type Discrete struct {
	Width      int
	Step       DiscreteStep
	Relaxation nn.Relaxation
	Key        int       // of RelaxCode: number of the step's key
	Fast       *Function // a RelaxValues, ChooseClasses, ClassDivergences or ClassSlopes, or nil
	Softmax    *Function // of RelaxCode with classes: a SoftmaxRows over units, after Fast
}

func (*Discrete) op() {}

// Functions of discrete codes. Classes are those of a unit, 1 for units that are 0 or 1.
type (
	// RelaxValues is (x + g)·rate for n values of a sample, g from the Gumbel distribution, or with Logistic the sigmoid of that with g from
	// the logistic distribution, by the bits of a key. It takes y, x, the key, n and rate: 1 over the temperature.
	RelaxValues struct{ Logistic bool }
	// ChooseClasses is 1 at the largest x + noise of each of n units, and 0 elsewhere. It takes y, x, noise (float64), n.
	ChooseClasses struct{ Classes int }
	// ClassDivergences is the divergence of n samples of Width logits, times β. It takes s, x, n, β.
	ClassDivergences struct{ Width, Classes int }
	// ClassSlopes is d plus the derivative of the divergence times a weight, for n units. It takes y, d, x, n, weight.
	ClassSlopes struct{ Classes int }
)

func (*RelaxValues) functionOp()      {}
func (*ChooseClasses) functionOp()    {}
func (*ClassDivergences) functionOp() {}
func (*ClassSlopes) functionOp()      {}

// units says what units have so many classes.
func units(classes int) string {
	if classes == 1 {
		return "units that are 0 or 1"
	}
	return fmt.Sprintf("units of %d classes", classes)
}

// discreteText is a function of discrete codes as the plan shows it.
func discreteText(op FunctionOp) string {
	switch op := op.(type) {
	case *RelaxValues:
		if op.Logistic {
			return "y = σ((x + g)·rate), g logistic by random bits"
		}
		return "y = (x + g)·rate, g of the Gumbel distribution by random bits"
	case *ChooseClasses:
		return "y = 1 at the largest x + noise, " + units(op.Classes)
	case *ClassDivergences:
		return fmt.Sprintf("sum of divergences from the uniform distribution, width %d, %s", op.Width, units(op.Classes))
	case *ClassSlopes:
		return "y = d + the derivative of that, " + units(op.Classes)
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

// discreteWork is what a call of a function of discrete codes computes, and the bytes that it reads and writes.
func discreteWork(op FunctionOp, n, value int) (flops, bytes int) {
	switch op := op.(type) {
	case *RelaxValues:
		return 3 * value * n, 2 * 4 * n
	case *ChooseClasses:
		return 4 * op.Classes * n, (4 + 4 + 8) * op.Classes * n
	case *ClassDivergences:
		return 2 * value * op.Width * n, 4 * op.Width * n
	case *ClassSlopes:
		return 2 * value * op.Classes * n, 3 * 4 * op.Classes * n
	}
	panic(fmt.Sprintf("internal error: no work of %T", op))
}

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
		return fmt.Sprintf("β times the divergence of a %s code from uniform, width %d", op.Relaxation.Word(), op.Width)
	case AddClassSlope:
		return fmt.Sprintf("y = d + the derivative of β times the divergence from uniform, width %d", op.Width)
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
