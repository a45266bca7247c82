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
	Most int // values, blocks or samples of one call; 0 where that depends on the kernel that calls
}

// A FunctionOp is what a function does. The set is closed.
type FunctionOp interface{ functionOp() }

type (
	// PanelProduct computes Panels panels of outputs for n samples: y = f(b + x·w) ⊙ g'(at), b the row that sums start from.
	// Samples go through in tiles of Narrow or Wide sizes. Stride and BiasStride are the floats between
	// panels. With Fetch, the largest tiles fetch the next panels into the cache.
	// It takes y, at (with a Slope), x, b (with Bias), w; then the floats between samples of y and at, and n.
	// With After, f or g' is applied to the outputs of a tile when they are stored, else to the sums in registers.
	PanelProduct struct {
		In, Panels         int
		Last               int // outputs of the last panel if it is not full, else 0
		Stride, BiasStride int
		Bias, Fetch        bool
		Activation, Slope  nn.Activation // at most one is not the identity
		After              bool
		Narrow, Wide       Cut
	}
	// RowProduct computes Panels panels of outputs at a time for one sample, as many times as it is told.
	// It takes y, x, b (with Bias), w, and the number of times. Stride and BiasStride are the floats between panels.
	RowProduct struct {
		In, Stride, BiasStride int
		Bias                   bool
		Activation             nn.Activation
		After                  bool // as in PanelProduct
		Panels, Last, Unroll   int
	}
	// Network takes samples through all dense layers of a small model, a tile of samples at a time; activations stay in the frame.
	// Where Ahead is above 0, the instructions of the next large tile's first layer are between those of layers 1 to Ahead, by wide registers.
	// It takes y, x, w (all blocks, one after the other) and the number of samples.
	Network struct {
		Layers       []NetworkLayer
		Narrow, Wide Sizes
		Ahead        int
	}
	// Gradient adds xᵀ·d to one panel of a gradient, and with Bias Σ d to its row 0: tiles of Rows inputs, as many as it is told, and
	// a last one of Rest inputs. Narrow or Wide inputs of a tile are in registers at a time.
	// It takes dw, x, d; the number of samples, the floats between those of d, the panel's columns that have outputs, the number of
	// tiles, and the ends to include: 1 for the bias, 2 for the rest. It may read 15 floats behind d.
	Gradient struct {
		In, Rows, Rest int
		Bias           bool
		Narrow, Wide   Part
	}
	// GradientStep is Gradient and OptimizerStep together: sums start from 0, and the update moves the weights while they are in
	// registers. It takes w, x, d, the slots, the step's numbers for the bias and then for weights, and the same counts.
	GradientStep struct {
		Gradient
		OptimizerStep
	}
	// OptimizerStep is the update of an optimiser. It takes w, dw, the slots, the step's numbers, and the count of values, a multiple of Panel.
	OptimizerStep struct {
		Optimizer nn.Optimizer
		Factor    bool         // gradients are multiplied by a number of the step: clipping by norm
		Clip      float64      // bound of each gradient component, 0 for none
		Decay     nn.DecayKind // coupled, its strength a number of the step
	}
	// Transposition copies Columns columns of a panel into the rows of a transposed copy, panels Stride floats apart: blocks of 16 inputs,
	// as many as it is told, and a last one of Rest inputs. It takes the destination, the source, the number of blocks, and 1 for the rest.
	Transposition struct {
		Stride, Rest, Columns int
	}
	// Apply is y = f(x) for n values. It takes y, x, n.
	Apply struct{ Activation nn.Activation }
	// ApplySlope is y = d ⊙ f'(at) for n values. It takes y, d, at, n.
	ApplySlope struct{ Activation nn.Activation }
	// AddValues is y = a + b for n values. It takes y, a, b, n.
	AddValues struct{}
	// ScaleValues is y = Scale·x + Shift for n values. It takes y, x, n.
	ScaleValues struct{ Scale, Shift float64 }
	// CorruptValues is x spoilt by noises, one after the other, for n values of a sample. It takes y, x, k (a key for each noise), n.
	CorruptValues struct{ Noises []nn.Noise }
	// PenaltyRows is Penalize of n samples. It takes s, z, n.
	PenaltyRows struct {
		Width   int
		Penalty nn.Penalty
	}
	// ApplyCurve is y = d ⊙ e ⊙ f”(at) for n values. It takes y, d, e, at, n.
	ApplyCurve struct{ Activation nn.Activation }
	// SquaresRows is Squares of n samples. It takes s, d, x, n, and what x is multiplied by in d.
	SquaresRows struct {
		Width    int
		Strength float64
	}
	// AddPenalty is y = d + by·p'(z) for n values, with p' of strength 1. It takes y, d, z, by (one float), n.
	AddPenalty struct{ Kind nn.PenaltyKind }
	// LaneFactors are 1 over the norms of the columns of n rows of Panel floats. It takes y (Panel floats), x, n.
	LaneFactors struct{}
	// ScaleLanes multiplies n rows of Panel floats by a factor a column. It takes x, by (Panel floats), n.
	ScaleLanes struct{}
	// ScaleRows multiplies n rows of Panel floats by a factor a row. It takes x, by, n.
	ScaleRows struct{}
	// DrawValues is y = mean + exp(½·logvar)·ε for n values. It takes y, mean, logvar, e, n.
	DrawValues struct{}
	// DivergenceValues is the divergence of N(mean, exp(logvar)) from the standard normal distribution, summed over n values of a sample.
	// It takes s, mean, logvar, n.
	DivergenceValues struct{}
	// PosteriorValues draws n values of a sample by a key and sums their divergence, at least FreeBits each, times β. It takes y, d, s, mean,
	// logvar, the key, n and β: y is the code and d its distance from the mean.
	PosteriorValues struct{ FreeBits float64 }
	// PosteriorSlopes are the derivatives by the mean and the log-variance for n values. It takes y and v for the two, dz, d, mean, logvar, n and
	// the weight of a divergence.
	PosteriorSlopes struct{ FreeBits float64 }
	// LossRows is Score, or LossGrad with Gradient, of n samples. It takes scores, d (with Gradient), logits and targets, n,
	// and share (with Gradient).
	LossRows struct {
		Width             int
		Loss              nn.Loss
		Gradient, Classes bool
	}
	// SoftmaxRows is Softmax of n samples. It takes y, x, n.
	SoftmaxRows struct{ Width int }
)

// A NetworkLayer is y = f(b + x·w) within a Network.
type NetworkLayer struct {
	Block      *Param
	Offset     int // floats from the first block
	Activation nn.Activation
	After      bool // as in PanelProduct
	Quads      bool // wide registers hold the outputs, at most 4, of four samples
}

// A Cut is how a product's samples go through registers: in tiles of these sizes, Unroll inputs an iteration.
type Cut struct {
	Sizes
	Unroll int
}

// A Part is the inputs of a gradient's tile that are in registers at a time, which divide the tile, and the samples of an iteration.
type Part struct{ Inputs, Unroll int }

func (*PanelProduct) functionOp()     {}
func (*RowProduct) functionOp()       {}
func (*Network) functionOp()          {}
func (*Gradient) functionOp()         {}
func (*GradientStep) functionOp()     {}
func (*OptimizerStep) functionOp()    {}
func (*Transposition) functionOp()    {}
func (*Apply) functionOp()            {}
func (*ApplySlope) functionOp()       {}
func (*AddValues) functionOp()        {}
func (*ScaleValues) functionOp()      {}
func (*CorruptValues) functionOp()    {}
func (*DrawValues) functionOp()       {}
func (*DivergenceValues) functionOp() {}
func (*PosteriorValues) functionOp()  {}
func (*PosteriorSlopes) functionOp()  {}
func (*PenaltyRows) functionOp()      {}
func (*AddPenalty) functionOp()       {}
func (*ApplyCurve) functionOp()       {}
func (*SquaresRows) functionOp()      {}
func (*LaneFactors) functionOp()      {}
func (*ScaleLanes) functionOp()       {}
func (*ScaleRows) functionOp()        {}
func (*LossRows) functionOp()         {}
func (*SoftmaxRows) functionOp()      {}

// A Fast is how a product runs by assembly functions.
type Fast struct {
	Strip   *Function // for several samples, some panels at a time; nil if Strips is 0
	Strips  int
	End     *Function // for several samples, the remaining panels; nil where strips cover all
	Samples int       // that one call takes at most: a call keeps the scheduler waiting
	Row     *Function // for one sample, in groups of panels; nil where the panels are fewer than a group
	Groups  int       // of panels, whose outputs all exist
	Call    int       // groups of one call
	Rest    *Function // the remaining panels of one sample, or nil
}

// String is the cut as the plan shows it.
func (c Cut) String() string { return fmt.Sprintf("tiles of %v samples, unroll %d", c.Sizes, c.Unroll) }

// String is the part as the plan shows it.
func (p Part) String() string { return fmt.Sprintf("%d inputs, unroll %d", p.Inputs, p.Unroll) }

// outputs says how many outputs panels have.
func outputs(panels, last int) string {
	if last > 0 {
		panels--
	}
	return fmt.Sprintf("%d outputs", Panel*panels+last)
}

func (op *Gradient) text() string {
	inputs := fmt.Sprintf("%d inputs", op.In)
	if op.In >= op.Rows {
		inputs = fmt.Sprintf("tiles of %d of %d inputs", op.Rows, op.In)
		if op.Rest > 0 {
			inputs += fmt.Sprintf(", then %d", op.Rest)
		}
	}
	return fmt.Sprintf("xᵀ·d of a panel, %s, at a time AVX2 %v, AVX-512 %v", inputs, op.Narrow, op.Wide)
}

// String is the function as the plan shows it.
func (f *Function) String() string {
	switch op := f.Op.(type) {
	case *PanelProduct:
		formula := "y = " + activated(op.Activation, "b + x·w")
		if !op.Bias {
			formula = "y = x·w" + sloped(op.Slope)
		}
		if op.After {
			formula += ", the sums stored first"
		}
		if op.Fetch {
			formula += ", fetching the next panels"
		}
		return fmt.Sprintf("%s, %d inputs, %s, AVX2 %v, AVX-512 %v", formula, op.In, outputs(op.Panels, op.Last), op.Narrow, op.Wide)
	case *RowProduct:
		formula := fmt.Sprintf("y = %s of one sample", activated(op.Activation, "b + x·w"))
		if op.After {
			formula += ", the sums stored first"
		}
		return fmt.Sprintf("%s, %s, %d inputs, unroll %d", formula, outputs(op.Panels, op.Last), op.In, op.Unroll)
	case *Network:
		text := ""
		for _, l := range op.Layers {
			text += fmt.Sprintf(", %d to %d %v%s", l.Block.In, l.Block.Out, l.Activation, map[bool]string{true: " by fours"}[l.Quads])
		}
		text = fmt.Sprintf("a network%s, without loops over inputs, AVX2 tiles of %v samples, AVX-512 of %v", text, op.Narrow, op.Wide)
		if op.Ahead > 0 {
			text += fmt.Sprintf(", the first layer beside layers 1 to %d of the tile before", op.Ahead)
		}
		return text
	case *Gradient:
		return "adds " + op.text()
	case *GradientStep:
		return fmt.Sprintf("step of %s by %s", op.Optimizer.Method.Name(), op.text())
	case *OptimizerStep:
		return fmt.Sprintf("step of %s", op.Optimizer.Method.Name())
	case *Transposition:
		text := fmt.Sprintf("blocks of 16 inputs by %d outputs into panels %d floats apart", op.Columns, op.Stride)
		if op.Rest > 0 {
			text += fmt.Sprintf(", the last of %d inputs", op.Rest)
		}
		return text
	case *Apply:
		return fmt.Sprintf("%v of values", op.Activation)
	case *ApplySlope:
		return fmt.Sprintf("y = d ⊙ %v'(at)", op.Activation)
	case *Maxima, *Collect, *AddScaled, *AddRows, *Dot, *RowDots:
		return keptText(op)
	case *StandardiseRows:
		if op.Back {
			return fmt.Sprintf("y = mean + deviation·x, width %d", op.Width)
		}
		return fmt.Sprintf("y = (x - mean)/deviation, width %d", op.Width)
	case *FeatureRows, *FieldLossRows:
		return fieldText(op)
	case *RelaxValues, *ChooseClasses, *ClassDivergences, *ClassSlopes:
		return discreteText(op)
	case *PoolRows:
		return op.text()
	case *NearestPanels:
		return fmt.Sprintf("least distances from x of %d values, and the panels of these", op.Dim)
	case *AddValues:
		return "y = a + b"
	case *ScaleValues:
		return affine(op.Scale, op.Shift)
	case *CorruptValues:
		return "y = x with " + inTurn(op.Noises)
	case *PenaltyRows:
		return fmt.Sprintf("%v, width %d", op.Penalty, op.Width)
	case *ApplyCurve:
		return fmt.Sprintf("y = d ⊙ e ⊙ %v”(at)", op.Activation)
	case *SquaresRows:
		return fmt.Sprintf("%v·Σ x² and its derivative, width %d", op.Strength, op.Width)
	case *AddPenalty:
		return fmt.Sprintf("y = d + by·%s'(z)", nn.Penalty{Kind: op.Kind}.Name())
	case *LaneFactors:
		return "y = 1 over the norms of 16 columns"
	case *ScaleLanes:
		return "rows of 16 times a factor a column"
	case *ScaleRows:
		return "rows of 16 times a factor a row"
	case *DrawValues:
		return "y = mean + σ·ε"
	case *DivergenceValues:
		return "sum of divergences from N(0, 1)"
	case *PosteriorValues:
		return fmt.Sprintf("y = mean + σ·ε by random bits, and the sum of divergences from N(0, 1), %g nats free", op.FreeBits)
	case *PosteriorSlopes:
		return fmt.Sprintf("derivatives of these by mean and log-variance, %g nats free", op.FreeBits)
	case *ReducedPanel:
		text := fmt.Sprintf("%s, one panel, AVX2 %v", op.text(), Cut{op.Narrow, op.Unroll})
		if op.Wide[0] > 0 {
			text += fmt.Sprintf(", AVX-512 %v", Cut{op.Wide, op.Unroll})
		}
		return text
	case *ReducedRow:
		return fmt.Sprintf("%s, one sample, %d panels, unroll %d", op.text(), op.Panels, op.Unroll)
	case *Round:
		return fmt.Sprintf("integers of %d inputs: %v", op.In, op.Inputs)
	case *LossRows:
		if op.Gradient {
			return fmt.Sprintf("%v loss of each sample%s, and its derivative, width %d", op.Loss, byClass(op.Classes), op.Width)
		}
		return fmt.Sprintf("%v loss of each sample%s, width %d", op.Loss, byClass(op.Classes), op.Width)
	case *SoftmaxRows:
		return fmt.Sprintf("y = softmax(x), width %d", op.Width)
	}
	panic(fmt.Sprintf("internal error: no text for %T", f.Op))
}
