package nn

import (
	"fmt"
	"math"
	"strconv"
)

// A PenaltyKind is what a penalty is a function of.
type PenaltyKind int

const (
	// L1Penalty is λ·|z| of each value: Tibshirani, Regression shrinkage and selection via the lasso, 1996.
	L1Penalty PenaltyKind = iota
	// KLPenalty is β·KL(ρ‖m) = β·(ρ·log(ρ/m) + (1-ρ)·log((1-ρ)/(1-m))) of the mean m of a value over a batch: Lee, Ekanadham and Ng,
	// Sparse deep belief net model for visual area V2, 2008; Ng, Sparse autoencoder, CS294A lecture notes, 2011.
	KLPenalty
)

// MeanBound is how near to 0 and 1 a mean may come: KLPenalty takes one beyond for MeanBound or 1-MeanBound, so that it stays finite.
const MeanBound = 1e-6

// A Penalty is a function of one value that training adds to the loss, summed over the values of a sample. That of a KLPenalty is a
// mean over the batch.
type Penalty struct {
	Kind     PenaltyKind
	Strength float64 // λ, or β of KLPenalty
	Rho      float64 // ρ of KLPenalty: the mean that is aimed at
}

// Name is the kind's word in a spec.
func (p Penalty) Name() string { return [...]string{L1Penalty: "l1", KLPenalty: "kl"}[p.Kind] }

// String is the penalty as a spec says it: "l1(0.001)".
func (p Penalty) String() string {
	switch p.Kind {
	case L1Penalty:
		return "l1(" + short(p.Strength) + ")"
	case KLPenalty:
		return "kl(rho: " + short(p.Rho) + ", beta: " + short(p.Strength) + ")"
	}
	panic(fmt.Sprintf("internal error: penalty %d", p.Kind))
}

// Value is the penalty of a value.
func (p Penalty) Value(z float64) float64 {
	switch p.Kind {
	case L1Penalty:
		return p.Strength * z * sign(z)
	case KLPenalty:
		m := bounded(z)
		return p.Strength * (p.Rho*math.Log(p.Rho/m) + (1-p.Rho)*math.Log((1-p.Rho)/(1-m)))
	}
	panic(fmt.Sprintf("internal error: penalty %d", p.Kind))
}

// Derivative is the derivative of Value. That of |z| at 0 is taken as 0.
func (p Penalty) Derivative(z float64) float64 {
	switch p.Kind {
	case L1Penalty:
		return p.Strength * sign(z)
	case KLPenalty:
		m := bounded(z)
		return p.Strength * ((1-p.Rho)/(1-m) - p.Rho/m)
	}
	panic(fmt.Sprintf("internal error: penalty %d", p.Kind))
}

func bounded(m float64) float64 { return max(MeanBound, min(1-MeanBound, m)) }

// sign is 1, -1, or z itself where it is 0 or NaN.
func sign(z float64) float64 {
	switch {
	case z > 0:
		return 1
	case z < 0:
		return -1
	}
	return z
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// A DecayKind is what the coupled decay of weights subtracts.
type DecayKind int

const (
	NoDecay DecayKind = iota
	L2Decay           // λ·w is added to the gradient of a weight
	L1Decay           // λ·sign(w) is, 0 where w is 0
)

// A Decay pulls weights towards 0, biases are exempt. The zero Decay does nothing.
type Decay struct {
	Kind     DecayKind
	Strength float64 // λ
}

// Gradient is what the decay adds to the gradient of a weight.
func (d Decay) Gradient(w float64) float64 {
	switch d.Kind {
	case L2Decay:
		return d.Strength * w
	case L1Decay:
		return d.Strength * sign(w)
	}
	return 0
}

// String is the decay as a spec says it: "l2(0.0001)".
func (d Decay) String() string {
	return [...]string{NoDecay: "none", L2Decay: "l2", L1Decay: "l1"}[d.Kind] + "(" + short(d.Strength) + ")"
}
