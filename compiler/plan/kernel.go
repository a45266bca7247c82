package plan

import (
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A Kernel is one function of the generated package. It works on n ≤ chunk samples.
type Kernel struct {
	Name string // Go name: "encoder0", "backDecoder1"
	Op   Op
	At   source.Span
}

// An Op is what a kernel does. The set is closed.
type Op interface{ op() }

// A Tile is how a product is cut: Rows samples by Cols outputs are kept in registers while the inputs stream by,
// Unroll of them an iteration; Unroll equal to the number of inputs leaves no loop.
// What does not divide is printed as a smaller tile of its own.
type Tile struct{ Rows, Cols, Unroll int }

// A Noise is a noise with the stream of its random numbers.
type Noise struct {
	nn.Noise
	Stream uint64
}

type (
	// Product is y = f(x·W + b), the bias first and the inputs in order. Args: y, x.
	// Transposed: y = f(x·Wᵀ + b) with x of width Out and y of width In of Weights; then Bias is the block of b.
	Product struct {
		Weights    *Param
		Bias       *Param // the block of b where that is not Weights: of a transposed product, or of a bias that is shared
		Transposed bool
		Activation nn.Activation
		Tile       Tile
		Fast       *Fast // by assembly functions, or nil
	}
	// BackProduct is dx = (dy·Wᵀ) ⊙ f'(at), without bias. Args: dx, dy, at; without an activation dx, dy.
	// Transposed: dx = (dy·W) ⊙ f'(at).
	BackProduct struct {
		Weights    *Param
		Transposed bool
		Activation nn.Activation
		Tile       Tile
		Fast       *Fast
	}
	// Affine is y = Scale·x + Shift. Args: y, x.
	Affine struct {
		Width        int
		Scale, Shift float64
		Fast         *Function // a ScaleValues, or nil
	}
	// Corrupt is x spoilt by noises, one after the other; dropout is one of them, forward and back. Args: y, x. It is told the keys of the step's
	// noises, and which sample of the batch its first one is.
	Corrupt struct {
		Width  int
		Noises []nn.Noise
		Fast   *Function // a CorruptValues, or nil
	}
	// GaussianLoss is the loss of each sample under normal distributions of one learned deviation e^ρ. Args: score, logits, target. With
	// Gradient, it is followed by the derivatives of the batch's mean. Args: score, dlogits, dρ, logits, target.
	GaussianLoss struct {
		Width    int
		LogStd   *Param // ρ
		Gradient bool
		Fast     *Function // the LossRows of mse, from which all follows, or nil
	}
	// DrawFixed is a code z = mean + exp(½·logvar)·ε, where ε are the deviates nn.Deviate of the step's draw. Args: z, mean, logvar.
	DrawFixed struct {
		Width int
		Fast  *Function // a DrawValues, or nil
	}
	// Divergence is that of N(mean, exp(logvar)) from the standard normal distribution, of each sample. Args: kl, mean, logvar.
	Divergence struct {
		Width int
		Fast  *Function // a DivergenceValues, or nil
	}
	// Posterior draws a code of training by the key of a stream, and computes its divergence as the prior weighs it.
	// Args: z, z - mean, kl, mean, logvar. It is told the key, which sample of the batch its first one is, and β.
	Posterior struct {
		Width int
		Prior nn.Prior
		Key   int       // of Training.Draws
		Fast  *Function // a PosteriorValues, or nil
	}
	// PosteriorGrad is the derivative by the two of dz and of the batch's mean divergence. Args: dmean, dlogvar, dz, z - mean, mean, logvar.
	// It is told the weight of a sample's divergence, β over the batch.
	PosteriorGrad struct {
		Width int
		Prior nn.Prior
		Fast  *Function // a PosteriorSlopes, or nil
	}
	// Activate is y = f(x). Args: y, x.
	Activate struct {
		Width      int
		Activation nn.Activation
		Fast       *Function // an Apply, or nil
	}
	// ActivateGrad is dx = dy ⊙ f'(at). Args: dx, dy, at.
	ActivateGrad struct {
		Width      int
		Activation nn.Activation
		Fast       *Function // an ApplySlope, or nil
	}
	// Softmax is y = eˣ / Σ eˣ over each Classes values of a sample. Args: y, x.
	Softmax struct {
		Width, Classes int
		Fast           *Function // a SoftmaxRows, or nil
	}
	// Add is y = a + b. Args: y, a, b.
	Add struct {
		Width int
		Fast  *Function // an AddValues, or nil
	}
	// Penalize is the penalty of each sample. Args: s, z.
	Penalize struct {
		Width   int
		Penalty nn.Penalty
		Fast    *Function // a PenaltyRows, or nil
	}
	// PenalizeGrad is y = (d + p'(z)/B) ⊙ f'(z), f the activation Slope whose output z is. Args: y, d, z.
	PenalizeGrad struct {
		Width   int
		Penalty nn.Penalty
		Slope   nn.Activation
		Fast    *Function // an AddPenalty, or nil
	}
	// ColumnMeans is the mean of each column over the batch. Args: m (whole), z.
	ColumnMeans struct{ Width int }
	// PenalizeMeans is the penalty of each mean and its derivative. Args: slope, terms, m (all whole).
	PenalizeMeans struct {
		Width   int
		Penalty nn.Penalty
	}
	// AddRow is y = (d + row/B) ⊙ f'(at), f the activation Slope. Args: y, d, row (whole), and at unless f is the identity.
	AddRow struct {
		Width int
		Slope nn.Activation
	}
	// Score is the loss of each sample from the logits. Args: score, logits, target: with Classes, the number of its class, and where the loss has
	// Labels those of its places.
	Score struct {
		Width   int
		Loss    nn.Loss
		Classes bool
		Fast    *Function // a LossRows, or nil; where the loss has Labels, over places
	}
	// LossGrad is Score and the derivative of the batch's mean by the logits. Args: score, dlogits, logits, target.
	LossGrad struct {
		Width   int
		Loss    nn.Loss
		Classes bool
		Fast    *Function
	}
)

func (*Product) op()       {}
func (*BackProduct) op()   {}
func (*Affine) op()        {}
func (*Corrupt) op()       {}
func (*Activate) op()      {}
func (*ActivateGrad) op()  {}
func (*Add) op()           {}
func (*Penalize) op()      {}
func (*PenalizeGrad) op()  {}
func (*Score) op()         {}
func (*LossGrad) op()      {}
func (*ColumnMeans) op()   {}
func (*PenalizeMeans) op() {}
func (*AddRow) op()        {}
func (*Softmax) op()       {}
func (*GaussianLoss) op()  {}
func (*DrawFixed) op()     {}
func (*Divergence) op()    {}
func (*Posterior) op()     {}
func (*PosteriorGrad) op() {}
