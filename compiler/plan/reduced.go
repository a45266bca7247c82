package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// ReducedProduct is y = f(x·W + b) with a weight in a reduced format. Args: y, x.
//
// Half and Bfloat16 are the float32 product with the weights' values: the bias first and the inputs in order.
// Int8 is y = f(b + n·(s·t)): n the sum of products of integers, exact; s the step of the sample's inputs, t that of the
// output's weights, all three rounded to float32, and so is each product. By Wᵀ, the steps belong to the inputs: x is
// multiplied by them before it is rounded, and t is 1.
type ReducedProduct struct {
	Weights    *Param
	Bias       *Param // the block of b: Weights, or with Transposed another
	Transposed bool
	Activation nn.Activation
	Inputs     Inputs // with Int8
	Widened    int    // inputs whose weights a Go kernel widens at a time, with Half and Bfloat16
	Fast       *ReducedFast
}

func (*ReducedProduct) op() {}

// Matrix is the weight in the product's layout.
func (op *ReducedProduct) Matrix() *Matrix {
	if op.Transposed {
		return op.Weights.Reduced.Transposed
	}
	return op.Weights.Reduced.Values
}

// A ReducedFast is how a ReducedProduct runs by assembly functions.
type ReducedFast struct {
	Round   *Function // of samples' inputs, with Int8
	Panel   *Function // for several samples, a panel at a time
	Samples int       // that one call takes at most, of Round too
	Row     *Function // for one sample, in groups of panels; nil where the panels are fewer than a group
	Groups  int       // of panels, whose outputs all exist
	Call    int       // groups of one call
	Rest    *Function // the remaining panels of one sample, or nil
	After   *Function // the activation of what Panel and Row computed, or nil
	Go      bool      // the activation is applied by a Go loop afterwards
}

type (
	// ReducedShape is what functions of reduced products have in common.
	ReducedShape struct {
		Matrix     Matrix // without a name; of its Out, nothing is used
		Scaled     bool   // whether outputs have steps of their own
		Most       int    // the largest integer of inputs, with Int8
		Activation nn.Activation
		Unroll     int
	}
	// ReducedPanel computes one panel of outputs for n samples, in tiles of the sizes of the registers.
	// It takes y, x, the samples' steps (with Int8), b, the outputs' steps (if Scaled), w; then the floats between samples
	// of y, and n. With Int8, x are rows of Padded integers.
	ReducedPanel struct {
		ReducedShape
		Narrow, Wide Sizes // Wide is for AVX-512; Int8 has none and runs by AVX2
	}
	// ReducedRow computes Panels panels of outputs at a time for one sample, as many times as it is told.
	// It takes what ReducedPanel takes, but only that number.
	ReducedRow struct {
		ReducedShape
		Panels int
	}
	// Round makes the inputs of n samples integers: rows of Padded, those beyond In 0.
	// It takes the integers, the steps, x, factors of each input (with Factors), and n.
	Round struct {
		In      int
		Inputs  Inputs
		Factors bool
	}
)

func (*ReducedPanel) functionOp() {}
func (*ReducedRow) functionOp()   {}
func (*Round) functionOp()        {}

// Padded is the number of integers of a sample's inputs: whole vectors of 8.
func Padded(in int) int { return (in + 7) / 8 * 8 }

// Run is the number of groups of inputs whose products an int32 holds the sum of, in whole iterations.
func (s *ReducedShape) Run() int {
	return (1<<31 - 1) / (127 * s.Most) / s.Matrix.Group / s.Unroll * s.Unroll
}

// text is the operation on one line.
func (op *ReducedProduct) text() string {
	text := fmt.Sprintf("y = %v(x·%s + b) %v", op.Activation, transposed(op.Weights.Field, op.Transposed), op.Matrix().Format)
	if op.Matrix().Format == Int8 {
		return text + fmt.Sprintf(", inputs %v", op.Inputs)
	}
	return text
}

// text is the function on one line.
func (s *ReducedShape) text() string {
	return fmt.Sprintf("y = %v(b + x·w), w %v, %d inputs", s.Activation, s.Matrix.Format, s.Matrix.In)
}

// String is the product as the plan shows it.
func (f *ReducedFast) String() string {
	if f == nil {
		return ""
	}
	text := fmt.Sprintf("%s for up to %d samples a call", f.Panel.Name, f.Samples)
	if f.Round != nil {
		text = f.Round.Name + ", then " + text
	}
	if f.Row != nil {
		text += fmt.Sprintf("; one sample: %s, %d groups, up to %d a call", f.Row.Name, f.Groups, f.Call)
	}
	if f.Rest != nil {
		text += "; rest: " + f.Rest.Name
	}
	if f.After != nil {
		text += "; then " + f.After.Name
	}
	if f.Go {
		text += "; then the activation in Go"
	}
	return text
}

// calls lists the largest calls.
func (f *ReducedFast) calls(add func(f *Function, n, samples int)) {
	if f == nil {
		return
	}
	add(f.Round, f.Samples, 0)
	add(f.Panel, f.Samples, 0)
	add(f.Row, min(f.Call, f.Groups), 0)
	add(f.Rest, 1, 0)
	if f.After != nil {
		add(f.After, f.After.Most, 0)
	}
}

// work is what n samples by so many panels compute, and the bytes that they read and write.
func (s *ReducedShape) work(panels, n int) (flops, bytes int) {
	return 2 * Panel * panels * s.Matrix.In * n, panels*s.Matrix.Stride() + 4*(s.Matrix.In+2*Panel*panels)*n
}

// Reducible says why a program has no form with reduced weights, or nothing: convolutions multiply float32 weights only.
func (p *Program) Reducible() error {
	for _, b := range p.Params {
		if b.Kernel != nil {
			return fmt.Errorf("%s is a convolution's, whose weights are f32 only", b.Weight)
		}
	}
	return nil
}

// verifyReduced reports the first block without a form in the program's format.
func verifyReduced(p *Program) error {
	for _, b := range p.Params {
		if b.Reduced == nil || (b.Weight != "") != (b.Reduced.Values != nil) {
			return fmt.Errorf("block %s is not held as %v", b.Field, p.Precision.Format)
		}
	}
	return nil
}

// verify reports what keeps a product from being printed, or its sums from being right.
func (op *ReducedProduct) verify() error {
	m := op.Matrix()
	switch {
	case m == nil:
		return fmt.Errorf("no %s", transposed(op.Weights.Field, op.Transposed))
	case m.Format != Int8 && op.Widened < 1:
		return fmt.Errorf("%d inputs widened", op.Widened)
	case m.Format != Int8:
		return nil
	case op.Inputs.Most < 1 || op.Inputs.Most > 1<<15-1:
		return fmt.Errorf("inputs ±%d", op.Inputs.Most)
	case m.Group == 4 && op.Inputs.Most > 127:
		return fmt.Errorf("inputs ±%d: an int16 does not hold the sum of two products", op.Inputs.Most)
	}
	return nil
}
