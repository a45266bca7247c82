package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// A Function is one assembly function of the package. Kernels of equal shape share it.
// Pointers are to float32; rows of panels are Panel floats. What a function does not cover, a kernel does in Go.
type Function struct {
	Name string // Go name: "panel784Relu"
	Op   FunctionOp
}

// A FunctionOp is what a function does. The set is closed.
type FunctionOp interface{ functionOp() }

type (
	// PanelProduct computes one panel of outputs for n samples: y = f(b + x·w) ⊙ g'(at), b the row that sums start from.
	// Samples go through in tiles of Rows and fewer, Unroll inputs an iteration. With a Stride, the floats between panels, full
	// tiles fetch the next panel into the cache.
	// It takes y, at (with a Slope), x, b (with Bias), w; then the floats between samples of y and at, and n.
	PanelProduct struct {
		In, Stride   int
		Bias         bool
		Activation   nn.Activation // in registers: identity, relu, leaky_relu
		Slope        nn.Activation // in registers: one whose derivative is arithmetic on the output; else the identity
		Rows, Unroll int
	}
	// RowProduct computes Panels panels of outputs at a time for one sample, as many times as it is told.
	// It takes y, x, b (with Bias), w, and the number of times. Stride and BiasStride are the floats between panels.
	RowProduct struct {
		In, Stride, BiasStride int
		Bias                   bool
		Activation             nn.Activation
		Panels, Unroll         int
	}
	// Gradient adds xᵀ·d to one panel of a gradient, Rows inputs at a time, as many times as it is told.
	// It takes dw, x, d (panel rows, gathered), the number of samples and the number of times.
	Gradient struct {
		In, Rows, Unroll int // Rows 0: Σ d instead
	}
	// GradientStep is Gradient and OptimizerStep together: sums start from 0, and the update moves the weights while they are in
	// registers. It takes w, x, d, the slots, the step's numbers, the number of samples and the number of times.
	GradientStep struct {
		Gradient
		OptimizerStep
	}
	// OptimizerStep is the update of an optimiser. It takes w, dw, the slots, the step's numbers, and the count of values, a multiple of Panel.
	OptimizerStep struct {
		Optimizer nn.Optimizer
		Factor    bool    // gradients are multiplied by a number of the step: clipping by norm
		Clip      float64 // bound of each gradient component, 0 for none
		Decay     bool    // coupled decay: a number of the step
	}
	// Transposition copies 16 columns of a panel, In inputs, into the rows of a transposed copy, panels Stride floats apart.
	// It takes the destination, the source, and the number of blocks of 16 inputs.
	Transposition struct {
		Stride int
	}
	// Apply is y = f(y) for n values.
	Apply struct {
		Activation nn.Activation
	}
	// LossRows is Score, or LossGrad with Gradient, of n samples. It takes scores, d (with Gradient), logits and targets, n,
	// and share (with Gradient).
	LossRows struct {
		Width    int
		Loss     nn.Loss
		Gradient bool
	}
)

func (*PanelProduct) functionOp()  {}
func (*RowProduct) functionOp()    {}
func (*Gradient) functionOp()      {}
func (*GradientStep) functionOp()  {}
func (*OptimizerStep) functionOp() {}
func (*Transposition) functionOp() {}
func (*Apply) functionOp()         {}
func (*LossRows) functionOp()      {}

// A Fast is how a product runs by assembly functions.
type Fast struct {
	Panel   *Function // for several samples, a panel at a time
	Samples int       // that one call takes at most: a call keeps the scheduler waiting
	Row     *Function // for one sample, in groups of panels; nil where the panels are fewer than a group
	Groups  int       // of panels, whose outputs all exist
	Call    int       // groups of one call
	Rest    *Function // the remaining panels of one sample, or nil
	After   *Function // the activation of what Panel and Row computed, or nil
	Go      bool      // the activation, or its derivative, is applied by a Go loop afterwards
}

// String is the function as the plan shows it.
func (f *Function) String() string {
	switch op := f.Op.(type) {
	case *PanelProduct:
		formula := fmt.Sprintf("y = %v(b + x·w)", op.Activation)
		if !op.Bias {
			formula = fmt.Sprintf("y = x·w ⊙ %v'", op.Slope)
		}
		if op.Stride > 0 {
			formula += ", fetching the next panel"
		}
		return fmt.Sprintf("%s, one panel, %d inputs, tiles of %d samples, unroll %d", formula, op.In, op.Rows, op.Unroll)
	case *RowProduct:
		return fmt.Sprintf("y = %v(b + x·w) of one sample, %d panels, %d inputs, unroll %d", op.Activation, op.Panels, op.In, op.Unroll)
	case *Gradient:
		if op.Rows == 0 {
			return fmt.Sprintf("dw += Σ d of a panel, %d samples an iteration", op.Unroll)
		}
		return fmt.Sprintf("dw += xᵀ·d of a panel, tiles of %d of %d inputs, %d samples an iteration", op.Rows, op.In, op.Unroll)
	case *GradientStep:
		return fmt.Sprintf("step of %s by xᵀ·d of a panel, tiles of %d of %d inputs, %d samples an iteration", op.Optimizer.Method.Name(), op.Rows, op.In, op.Unroll)
	case *OptimizerStep:
		return fmt.Sprintf("step of %s", op.Optimizer.Method.Name())
	case *Transposition:
		return fmt.Sprintf("blocks of 16×16 into panels %d floats apart", op.Stride)
	case *Apply:
		return fmt.Sprintf("%v of values", op.Activation)
	case *ReducedPanel:
		return fmt.Sprintf("%s, one panel, tiles of %d samples", op.text(), op.Rows)
	case *ReducedRow:
		return fmt.Sprintf("%s, one sample, %d panels", op.text(), op.Panels)
	case *Round:
		return fmt.Sprintf("integers of %d inputs: %v", op.In, op.Inputs)
	case *LossRows:
		if op.Gradient {
			return fmt.Sprintf("%v and its derivative, width %d", op.Loss, op.Width)
		}
		return fmt.Sprintf("%v, width %d", op.Loss, op.Width)
	}
	panic(fmt.Sprintf("internal error: no text for %T", f.Op))
}
