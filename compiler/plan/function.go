package plan

import (
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
	// Of a convolution, Cols is positions, n counts rows of so many, XCol, XRow and DRow are the floats between positions and rows, and there
	// is either the bias or inputs.
	Gradient struct {
		In, Rows, Rest               int
		Bias                         bool
		Narrow, Wide                 Part
		Cols, XCol, XRow, DCol, DRow int
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
	// AddPenalty is y = (d + by·p'(z)) ⊙ f'(z) for n values, with p' of strength 1 and f the activation Slope. It takes y, d, z, by (one float), n.
	AddPenalty struct {
		Kind  nn.PenaltyKind
		Slope nn.Activation
	}
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
