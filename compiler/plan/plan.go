// Package plan is the scheduled program of one model: kernels with constant shapes, layouts, tiles, arenas and order.
// Package lower makes it and takes every decision; emitters print it and take none.
package plan

import (
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A Program is all that is printed of one model.
type Program struct {
	Name        string // as in the spec: "Fashion"
	File        string // base name of the spec: "fashion.ae"
	Spec        string // its canonical text
	Fingerprint string // of what weights depend on: hexadecimal, 16 digits
	Input       Tensor
	Code        Tensor
	Output      Tensor  // what the decoder makes: an input, the values of the goal, or a probability for each class
	Goal        *Goal   // the spec's `target`, or nil where the decoder is compared with the input
	Record      *Record // of an input that is a record, else nil; Input then has one value a field
	From        *From   // the spec whose encoder it has, or nil
	Standard    bool    // whether values are scaled by means and deviations that are learned of the data
	Low, High   float64 // of `scale range(low, high)`; both 0 without it
	Loss        nn.Loss
	Alarm       nn.Alarm // the rate that the spec asks for, or none
	Sparse      bool     // whether few values of the code are meant to differ from 0
	Layers      []Layer
	Params      []*Param
	Kernels     []*Kernel    // each printed once, in this order
	Functions   []*Function  // assembly, each printed once, in this order
	Routines    []*Routine   // Encode, Decode unless the decoder reads values of the encoder, Reconstruct, Score
	Inner       []*Routine   // of a code that is sampled: Posterior, from x to its mean and log-variance, and CodeLoss, from x and a code to a loss
	Group       int          // draws of a code that a bound decodes together, where the code is sampled
	Explain     *Explanation // nil where a score has no parts
	Train       *Training    // nil where weights are not float32: such a package only infers
	Precision   Precision
	Target      Target   // the machine assumed
	Huge        bool     // whether weights, optimiser state and pooled arenas are so large that huge pages are asked for
	Unrolled    int      // multiply-adds printed without a loop: part of Target.Unrolled, the code budget
	Vectors     *Vectors // golden vectors for the package's own test, or nil
}

// A Tensor is a named array of one sample.
type Tensor struct {
	Name string
	Dims []int
}

// From is a spec whose encoder and bottleneck a program has: its first Blocks blocks.
type From struct {
	Name, File, Fingerprint string
	Blocks                  int
	Frozen                  bool // whether training leaves them alone
}

// A Goal is what the decoder is compared with where that is not the input: values, or the number of one of Classes, or with Labels that of each
// place of an image.
type Goal struct {
	Tensor             // no Dims for a class
	Classes int        // 0 for values and labels
	Labels  *nn.Labels // of the places; else nil
}

// Len is the number of values of one sample.
func (t Tensor) Len() int {
	n := 1
	for _, d := range t.Dims {
		n *= d
	}
	return n
}

// A Layer is one row of the model's table.
type Layer struct {
	Name         string // "encoder.0"
	Kind         string
	In, Out      int
	Shape        string // of a layer of images: "28×28×1 → 14×14×16"; else ""
	Activation   string // as a spec would say it: "relu", "leaky_relu(0.1)"; "" for identity
	Tied         string
	Params       int
	MultiplyAdds int
	At           source.Span
}

// Panel is the width of a weight panel: 16 floats are a cache line and two AVX2 registers.
const Panel = 16

// A Param is one block of trained numbers, a field of the generated parameters struct.
//
// It is [Panels][Rows][Panel]float32: panel p holds the columns 16p to 16p+15. With a bias, row 0 of each panel is the bias,
// so that a product starts from it, and row 1+k is input k. Columns beyond Out are zero and stay zero.
// The own bias of a layer with tied weights is a block with In 0: only bias rows.
// In safetensors the weight is [Out, In] and the bias [Out], as in PyTorch.
type Param struct {
	Field   string  // Go name: "encoder0"
	Weight  string  // "encoder.0.weight", or "" where In is 0
	Bias    string  // "encoder.0.bias", or ""
	In, Out int     // the weight as a product x[In]·W[In, Out]
	Bound   float64 // weights start uniform in ±Bound; biases at 0
	// Transposed says that a copy of the weight with inputs and outputs exchanged is kept, [ceil(In/16)][Out][Panel]float32:
	// products with Wᵀ read it as others read the block. Updates refresh it panel by panel. That of a convolution has the panels of each
	// tap one after the other.
	Transposed bool
	Fixed      bool     // not trained: frozen, or learned of the data before the first step; without updates
	Frozen     bool     // Fixed because training leaves it alone: it is trained already
	Reduced    *Reduced // what is held instead of the block, or nil
	// ByRow says that the block is [ceil(In/16)*16][Out]float32 instead, a row an input, and has no bias: of a code of few values that
	// are not 0, only some rows are read. A panel is 16 rows then.
	ByRow bool
	// Kernel is the shape of a convolution's weight, whose In is taps times channels; nil of other weights.
	Kernel *Kernel2D
	At     source.Span
}

// A Kernel2D is the shape of a convolution's weight. In PyTorch it is [Out, In/taps, H, W]; with Deconv, a transposed convolution's,
// [In/taps·Groups, Out/Groups, H, W].
type Kernel2D struct {
	H, W, Groups int
	Deconv       bool
}

// Shape is that of the weight in safetensors, as in PyTorch.
func (p *Param) Shape() []int {
	switch k := p.Kernel; {
	case k == nil:
		return []int{p.Out, p.In}
	case k.Deconv:
		return []int{p.In / p.Taps() * k.Groups, p.Out / k.Groups, k.H, k.W}
	default:
		return []int{p.Out, p.In / p.Taps(), k.H, k.W}
	}
}

// OfFile is which entry of the weight, [In, Out] row-major, number i of its tensor in safetensors is.
func (p *Param) OfFile(i int) int {
	k, taps := p.Kernel, p.Taps()
	switch {
	case k == nil:
		return i%p.In*p.Out + i/p.In
	case k.Deconv:
		per := p.Out / k.Groups
		tap, o, c := i%taps, i/taps%per, i/taps/per
		channels := p.In / taps
		return (tap*channels+c%channels)*p.Out + c/channels*per + o
	default:
		channels := p.In / taps
		tap, c, o := i%taps, i/taps%channels, i/taps/channels
		return (tap*channels+c)*p.Out + o
	}
}

// Taps is the number of taps of a convolution's weight, 1 of another.
func (p *Param) Taps() int {
	if p.Kernel == nil {
		return 1
	}
	return p.Kernel.H * p.Kernel.W
}

// CopyPanels is the number of panels of a transposed copy: those of each tap.
func (p *Param) CopyPanels() int { return p.Taps() * ((p.In/p.Taps() + Panel - 1) / Panel) }

// Panels is the number of panels of the block.
func (p *Param) Panels() int {
	if p.ByRow {
		return (p.In + Panel - 1) / Panel
	}
	return (p.Out + Panel - 1) / Panel
}

// OutPanels is the number of panels of 16 outputs.
func (p *Param) OutPanels() int { return (p.Out + Panel - 1) / Panel }

// Rows is the number of rows of a panel.
func (p *Param) Rows() int {
	if p.ByRow {
		return p.Out
	}
	if p.Bias != "" {
		return p.In + 1
	}
	return p.In
}

// Floats is the size of the block, padding included.
func (p *Param) Floats() int { return p.Panels() * p.Rows() * Panel }

// Tied reports whether inference needs transposed copies of weights: then a model holds them, not only a trainer.
func (p *Program) Tied() bool {
	for _, r := range p.All() {
		for _, s := range r.Steps {
			switch op := s.Kernel.Op.(type) {
			case *Product:
				if op.Transposed {
					return true
				}
			case *TapProduct:
				if op.Transposed {
					return true
				}
			}
		}
	}
	return false
}

// Random reports whether the program's training draws random numbers: noise, dropout or codes.
func (p *Program) Random() bool { return p.Train != nil && len(p.Train.Noises)+len(p.Train.Draws) > 0 }

// Sampled reports whether the code is sampled in training.
func (p *Program) Sampled() bool { return len(p.Inner) > 0 }

// Classes is the number of logits of a unit of a discrete code, 1 for a unit that is 0 or 1, or 0 if the code is none.
func (p *Program) Classes() int {
	for _, k := range p.Kernels {
		if op, ok := k.Op.(*Discrete); ok {
			return op.Relaxation.Classes
		}
	}
	return 0
}

// Decodes reports whether a code is all that the decoder needs: then there is a routine Decode.
func (p *Program) Decodes() bool {
	return slices.ContainsFunc(p.Routines, func(r *Routine) bool { return r.Name == "Decode" })
}

// All lists every routine.
func (p *Program) All() []*Routine { return append(append([]*Routine(nil), p.Routines...), p.Inner...) }

// A Buffer holds Width floats for each sample, row-major.
// A buffer of an arena shares its place with buffers whose lifetimes do not overlap its own.
type Buffer struct {
	Name     string // Go name: "encoder0", "dDecoder1"
	Width    int    // floats a sample
	Compact  int    // values of a compact code: a sample has so many values, then their places in ascending order; else 0
	Few      int    // about how many of a sample's values are not 0, where products and updates read only those; else 0
	External string // what the caller passes: "x", "y", "z", "r", "score"; "" for a buffer of the arena
	Classes  bool   // whether it holds class numbers, of 32 bits, and no floats: one a sample, or Width of its places
	Offset   int    // floats from the start of a sample's arena; 0 for an external one
	Whole    bool   // whether the floats are the batch's, not a sample's
	Rows     int    // of a whole buffer of several rows, else 0
	Kept     bool   // whether updates, the whole batch or another phase read it: then it is in the first part of a training arena
	First    int    // the step that writes it first
	Last     int    // the step that reads it last
	At       source.Span
}

// A Routine computes one entry point for a chunk of samples, step after step.
type Routine struct {
	Name    string // "Encode"
	In      []*Buffer
	Out     *Buffer
	More    []*Buffer // further outputs
	Buffers []*Buffer // all, the external ones first
	Steps   []*Step
	Chunk   int       // samples that a batch form takes through all steps at a time
	Split   Split     // of a team's batch
	Arena   int       // floats a sample
	Storage Storage   // where the arena of a chunk lives
	Single  Storage   // where that of one sample lives
	Network *Function // that takes samples through the first Covered steps, or nil
	Covered int
}

// Storage is where an arena lives.
type Storage int

const (
	Stack Storage = iota // a local array of the routine
	Pool                 // a pooled block of the model's
)

// A Step is a call of a kernel with buffers, in the order that the kernel's operation states.
type Step struct {
	Kernel *Kernel
	Args   []*Buffer
	Draw   int    // of a DrawFixed or a FixedCode; the place of a UnitSlope or a UnitSlopeGrad
	Noise  int    // of a Corrupt: its first noise among Training.Noises
	Trains bool   // of a ClassDivergence: whether it is a part of the loss of training, where β depends on the step, and else is 1
	Cost   Cost   // a sample
	Op     string // of the fused graph, as its text names it
	At     source.Span
}

// Cost is an estimate for one sample: arithmetic, and memory touched beyond what stays in registers.
// Weights are counted once a chunk by Weights.
type Cost struct {
	FLOPs   int
	Bytes   int
	Weights int // bytes of weights read a chunk; in an update, of weights, slots and copies read and written a batch
}

// Training is the scheduled training step of a batch.
type Training struct {
	Config  nn.Training
	Buffers []*Buffer
	// The arena has Arena floats a sample. First come the kept buffers, Kept floats a sample, each for the whole batch.
	// The rest belongs to tasks, each with the part of its samples, because tasks are not at the same step at the same time.
	Arena, Kept int
	Whole       int            // floats of the buffers for the whole batch, in an arena of their own
	Noises      []Noise        // of the step's Corrupts, each kernel's side by side
	Draws       []uint64       // streams of the step's draws of the code
	Prior       *nn.Prior      // of the code, or nil
	Relaxation  *nn.Relaxation // of a code of discrete units, or nil
	Bound       *Buffer        // of the values that a batch keeps, or nil
	Threshold   *Param         // its running mean
	Book        *BookUpdate    // of a codebook, or nil
	Counted     *Buffer        // the code whose values that are 0 are counted, for the dead among them, or nil
	Penalties   []string       // as the spec says them: "sparsity l1(0.001)"
	Phases      []*Phase       // forward, loss and backward
	Costs       []*Buffer      // of the whole batch: the sum of their values is added to the loss
	Updates     []*Update      // weight gradients and updates, the longest panels first; panels run in parallel after all phases
	Panels      Split          // of all panels in the order of Updates
	Decay       nn.Decay       // coupled, of weights only
	ClipValue   float64        // bound of each gradient component, 0 for none
	ClipNorm    float64        // bound of the norm of all gradients, 0 for none
	// Materialize says that all gradients are stored before any update: clipping by the norm needs them together.
	Materialize bool
	Units       []*UnitNorm // after all updates
	Step        *Function   // the optimiser's, or nil
	Stages      []Stage     // of pretraining, in order; nil without
}

// A Stage is a layer that is trained on its own before all are trained together: an autoencoder of one layer of the encoder,
// or the bottleneck, and the layer of the decoder that leads back. Config.Pretrain has its epochs.
type Stage struct {
	Layer, Decoder string // "encoder.0", "decoder.3"
	In, Out        int
	Loss           nn.Loss
}

// An Update is the gradient of one parameter block over the batch, then the step of the optimiser.
// The gradient is Σ aᵀ·d over Pairs, the bias's Σ of Pairs[0].D; a block with In 0 has one pair without A.
// Samples are summed in their order. It is computed panel by panel: a panel's gradient is still in the cache when it is applied.
type Update struct {
	Param  *Param
	Pairs  []Pair
	Terms  []Term // added to the weight's gradient
	Tile   Tile   // Rows inputs by Cols outputs
	Gather int    // samples whose D of one panel are brought together before they are summed
	Cost   Cost   // a sample
	At     source.Span
	Fast   *FastUpdate // by assembly functions, or nil
	Rows   *RowsUpdate // of a block by rows, or nil
	// Through is the code's gradient that the block's gradient also comes through, with the sign turned: the block is the bias that is
	// subtracted from the input.
	Through *Through
}

// A FastUpdate is how an update runs by assembly functions: the gradient of a panel in tiles of inputs.
type FastUpdate struct {
	Gradient          *Function
	Step              *Function // gradient and update in one, or nil: there is one pair, and a call takes the whole batch
	Tiles, Rows       int       // of inputs: how many, of how many each
	TileCall, Samples int       // tiles, and samples, of one call
	Copy, CopyLast    *Function // of a full panel, and of one that is not, into the transposed copy; nil where there is none
}

// A Pair is the two sides of a weight gradient: A [B, In], D [B, Out].
type Pair struct {
	A, D *Buffer
	Taps *TapGradient // of a convolution, else nil
}
