package ir

import "github.com/aegen/aegen/compiler/nn"

// An Op is one operation. The set is closed: a switch over it ends in a default that panics.
type Op interface{ op() }

// What the front end writes.
type (
	// Input is what the caller gives: [B, n].
	Input struct{ Name string }
	// Param is a trained array: a weight [in, out] or a bias [n]. It starts uniform in ±Bound; Bound 0 starts at 0.
	// Training scales the vectors of Unit to norm 1 after each update.
	Param struct {
		Name  string // "encoder.0.weight"
		Bound float64
		Unit  nn.Unit
		Fixed bool // not trained: learned of the data before the first step
		// Frozen says that training does not change it. What the model computes does not depend on that, nor do its weights' names.
		Frozen bool
	}
	// Fill is a constant of the value's own type.
	Fill struct{ Value float64 }
	// Affine is Scale·x + Shift.
	Affine struct{ Scale, Shift float64 }
	// Corrupt spoils x [B, n] with noises, one after the other; noise i of the list draws from stream nn.NoiseStream(i).
	// It differs from step to step, and no gradient goes through it.
	Corrupt struct{ Noises []nn.Noise }
	// Sample is a code drawn from N(mean, exp(logvar)): mean + exp(½·logvar)·ε, all [B, n]. Args: mean, logvar; ε of a draw that is given.
	Sample struct{ Draw nn.Draw }
	// KL is the divergence of N(mean, exp(logvar)) from the prior, β and free bits included: [B]. Args: mean, logvar, [B, n].
	KL struct{ Prior nn.Prior }
	// Dropout sets each value of x [B, n] to 0 with probability P and multiplies the others by 1/(1-P). It draws from stream
	// nn.DropoutStream(Number), by step, sample and value: the same operation on dy is its derivative.
	Dropout struct {
		P      float64
		Number int
	}
	// MatMul is the product of a and b, each transposed first where so marked.
	//	a [B, k]  b [k, n]           y [B, n]
	//	a [B, n]  b [k, n]  TransB   y [B, k]
	//	a [B, k]  b [B, n]  TransA   y [k, n], summed over the samples in their order
	MatMul struct{ TransA, TransB bool }
	// AddBias adds b [n] to each sample of x [B, n].
	AddBias struct{}
	// Activate applies an activation function to x.
	Activate struct{ Activation nn.Activation }
	// Softmax is eˣ / Σ eˣ over the values of each sample of x [B, n], or over each Classes of them where that is not 0.
	Softmax struct{ Classes int }
	// Add is x + y, of equal types.
	Add struct{}
	// NLL compares r with target t, both [B, n]: [B]. For Bernoulli and Categorical r is a probability. Of Categorical, t may be the
	// class of each sample, i32[B]; with Labels it is that of each place, i32[B, places], and r has the classes of a place side by side.
	NLL struct{ Loss nn.Loss }
	// Penalize is the penalty of each sample of z [B, n], summed over its values: [B].
	Penalize struct{ Penalty nn.Penalty }
	// MeanSamples is the mean of x [B, n] over the samples: [n].
	MeanSamples struct{}
	// PenalizeMeans is the penalty of m [n], summed over its values: [].
	PenalizeMeans struct{ Penalty nn.Penalty }
	// ColumnSquares is Σᵢ wᵢⱼ² of w [k, n]: [n].
	ColumnSquares struct{}
	// Contract is the contraction of each sample, Σⱼ Value(atⱼ)·sⱼ: [B]. Args: at [B, n], s [n].
	Contract struct{ Contraction nn.Contraction }
	// Orthogonal is Strength·‖wᵀw - I‖²_F of w [k, n]: [].
	Orthogonal struct{ Strength float64 }
	// GaussianNLL is the negative log-likelihood of target t under normal distributions around r, both [B, n], with deviation e^ρ: [B].
	// Args: r, t, ρ [1].
	GaussianNLL struct{}
	// MeanBatch is the mean of s [B]: [].
	MeanBatch struct{}
)

// What differentiation adds.
type (
	// ActivateGrad is dy ⊙ f'(x). Args: dy, at. At is f(x) where nn says that the derivative follows from it, else x.
	ActivateGrad struct{ Activation nn.Activation }
	// SoftmaxGrad is y ⊙ (dy - Σ dy·y), y the softmax. Args: dy, y.
	SoftmaxGrad struct{ Classes int }
	// NLLGrad is the derivative of NLL by r, times ds [B]. Args: r, t, ds.
	NLLGrad struct{ Loss nn.Loss }
	// GaussianNLLGrad is the derivative of GaussianNLL by r, [B, n], or with Std by ρ for each sample, [B, 1], times ds [B]. Args: ds, r, t, ρ.
	// With Mean it is that of the batch's mean, and has no ds.
	GaussianNLLGrad struct{ Std, Mean bool }
	// SampleGrad is the derivative of Sample by the mean or, with LogVar, by the log-variance, times dz: under the same draw.
	// Args: dz, mean, logvar.
	SampleGrad struct {
		Draw   nn.Draw
		LogVar bool
	}
	// KLGrad is the derivative of KL by the mean or, with LogVar, by the log-variance, times ds [B]. Args: ds, mean, logvar.
	KLGrad struct {
		Prior  nn.Prior
		LogVar bool
	}
	// PenalizeGrad is the derivative of Penalize by z, times ds [B]. Args: z, ds.
	PenalizeGrad struct{ Penalty nn.Penalty }
	// MeanSamplesGrad spreads d [n] over the samples: d/B each, [B, n].
	MeanSamplesGrad struct{}
	// PenalizeMeansGrad is the derivative of PenalizeMeans by m, times d []. Args: m, d.
	PenalizeMeansGrad struct{ Penalty nn.Penalty }
	// ColumnSquaresGrad is 2·w ⊙ d, a column of w [k, n] by its d [n]: [k, n].
	ColumnSquaresGrad struct{}
	// ContractGrad is the derivative of Contract by at, times ds [B]. Args: at, s, ds.
	ContractGrad struct{ Contraction nn.Contraction }
	// ContractNormGrad is the derivative of Contract by s, times ds [B]: [n]. Args: at, ds.
	ContractNormGrad struct{ Contraction nn.Contraction }
	// OrthogonalGrad is the derivative of Orthogonal by w, 4·Strength·w·(wᵀw - I), times d []. Args: w, d.
	OrthogonalGrad struct{ Strength float64 }
	// MeanBatchGrad spreads d [] over the samples: d/B each, [B].
	MeanBatchGrad struct{}
	// SumBatch is the sum over samples of x [B, n]: [n].
	SumBatch struct{}
	// GradNorm is the Euclidean norm of all its arguments together: [].
	GradNorm struct{}
	// ClipToNorm is g · min(1, Max/(norm + 1e-6)). Args: g, norm. The 1e-6 is torch.nn.utils.clip_grad_norm_'s.
	ClipToNorm struct{ Max float64 }
	// ClipToValue bounds each component of g by ±Max.
	ClipToValue struct{ Max float64 }
	// Update moves a parameter: args w, g; with Bias w, b, g, where g [k+1, n] holds the bias's gradient in its last row.
	// Decay is nn.Training.Decay and applies to weights only. Result: Effect.
	Update struct {
		Optimizer nn.Optimizer
		Decay     nn.Decay
		Unit      nn.Unit // of the weight
		Bias      bool
	}
)

// What fusion writes.
type (
	// Dense is f(x·w + b): args x [B, k], w [k, n], b [n]. With TransW, w is [n, k].
	Dense struct {
		Activation nn.Activation
		TransW     bool
	}
	// LinkNLL is NLL of the link's inverse, computed from logits in a form that is finite for every finite input.
	// Args: logits, t. Result [B].
	LinkNLL struct{ Loss nn.Loss }
	// LinkNLLGrad is the derivative of the batch's mean loss by the logits. Args: logits, t. Result [B, n].
	LinkNLLGrad struct{ Loss nn.Loss }
	// PosteriorGrad is SampleGrad plus the derivative of the batch's mean KL. Args: dz, mean, logvar.
	PosteriorGrad struct {
		Draw   nn.Draw
		Prior  nn.Prior
		LogVar bool
	}
	// AddPenalizeGrad is d and the derivative by z of the batch's mean penalty, times the slope of the activation whose output z is:
	// (d + p'(z)/B) ⊙ f'(z). Args: d, z, both [B, n].
	AddPenalizeGrad struct {
		Penalty nn.Penalty
		Slope   nn.Activation
	}
	// PenalizeMeansSlope is the derivative of PenalizeMeans by m [n]: [n].
	PenalizeMeansSlope struct{ Penalty nn.Penalty }
	// AddMeanGrad is d [B, n] and a row [n] spread over the samples, times a slope: (d + row/B) ⊙ f'(at). Args: d, row, and at unless f is the
	// identity.
	AddMeanGrad struct{ Slope nn.Activation }
	// AddContractGrad is d and the derivative by at of the batch's mean contraction, times a slope f'(at). Args: d, at, s.
	AddContractGrad struct {
		Contraction nn.Contraction
		Slope       nn.Activation
	}
	// ContractNormMean is the derivative of the batch's mean contraction by s: [n]. Args: at.
	ContractNormMean struct{ Contraction nn.Contraction }
	// OrthogonalSlope is the derivative of Orthogonal by w [k, n].
	OrthogonalSlope struct{ Strength float64 }
	// AddWeightGrad is g [k, n], or [k+1, n] with a bias's row, and t [k, n], which is a function of the weight.
	AddWeightGrad struct{}
	// DenseGrad is dy·wᵀ ⊙ f'(at): args dy [B, n], w [k, n], at [B, k]. With TransW, w is [n, k].
	// Without an activation (Identity) it has no third argument.
	DenseGrad struct {
		Activation nn.Activation
		TransW     bool
	}
	// WeightGrad is Σ aᵀ·d over pairs of arguments a, d (a tied weight has two pairs): [k, n].
	// With Bias one more row follows, the sum over the samples of the first d: [k+1, n].
	// With a Window it is ConvWeightGrad of each pair, and the bias's row is summed over positions too.
	WeightGrad struct {
		Bias   bool
		Window nn.Window
		Deconv bool
	}
	// WeightUpdate is WeightGrad and Update in one: the gradient is never stored.
	// Args: w, b if Bias, then the pairs. Clip bounds each component, 0 for none. Result: Effect.
	WeightUpdate struct {
		Update Update
		Clip   float64
		Window nn.Window // as in WeightGrad
		Deconv bool
	}
)

func (Input) op()              {}
func (Param) op()              {}
func (Fill) op()               {}
func (Affine) op()             {}
func (Corrupt) op()            {}
func (Sample) op()             {}
func (KL) op()                 {}
func (MatMul) op()             {}
func (AddBias) op()            {}
func (Activate) op()           {}
func (Add) op()                {}
func (NLL) op()                {}
func (Penalize) op()           {}
func (MeanSamples) op()        {}
func (PenalizeMeans) op()      {}
func (ColumnSquares) op()      {}
func (Contract) op()           {}
func (Orthogonal) op()         {}
func (MeanBatch) op()          {}
func (ActivateGrad) op()       {}
func (NLLGrad) op()            {}
func (SampleGrad) op()         {}
func (KLGrad) op()             {}
func (PosteriorGrad) op()      {}
func (PenalizeGrad) op()       {}
func (MeanSamplesGrad) op()    {}
func (PenalizeMeansGrad) op()  {}
func (ColumnSquaresGrad) op()  {}
func (ContractGrad) op()       {}
func (ContractNormGrad) op()   {}
func (OrthogonalGrad) op()     {}
func (MeanBatchGrad) op()      {}
func (SumBatch) op()           {}
func (GradNorm) op()           {}
func (ClipToNorm) op()         {}
func (ClipToValue) op()        {}
func (Update) op()             {}
func (Dense) op()              {}
func (LinkNLL) op()            {}
func (LinkNLLGrad) op()        {}
func (AddPenalizeGrad) op()    {}
func (PenalizeMeansSlope) op() {}
func (AddMeanGrad) op()        {}
func (AddContractGrad) op()    {}
func (ContractNormMean) op()   {}
func (OrthogonalSlope) op()    {}
func (AddWeightGrad) op()      {}
func (DenseGrad) op()          {}
func (WeightGrad) op()         {}
func (WeightUpdate) op()       {}
func (Dropout) op()            {}
func (Softmax) op()            {}
func (SoftmaxGrad) op()        {}
func (GaussianNLL) op()        {}
func (GaussianNLLGrad) op()    {}
