package nn

import (
	"fmt"
	"strconv"
)

// A PenaltyKind is what a penalty is a function of.
type PenaltyKind int

const (
	// L1Penalty is λ·|z| of each value: Tibshirani, Regression shrinkage and selection via the lasso, 1996.
	L1Penalty PenaltyKind = iota
)

// A Penalty is a function of one value that training adds to the loss, summed over the values of a sample.
type Penalty struct {
	Kind     PenaltyKind
	Strength float64 // λ
}

// String is the penalty as a spec says it: "l1(0.001)".
func (p Penalty) String() string {
	switch p.Kind {
	case L1Penalty:
		return "l1(" + short(p.Strength) + ")"
	}
	panic(fmt.Sprintf("internal error: penalty %d", p.Kind))
}

// Value is the penalty of a value.
func (p Penalty) Value(z float64) float64 {
	switch p.Kind {
	case L1Penalty:
		return p.Strength * z * sign(z)
	}
	panic(fmt.Sprintf("internal error: penalty %d", p.Kind))
}

// Derivative is the derivative of Value. That of |z| at 0 is taken as 0.
func (p Penalty) Derivative(z float64) float64 {
	switch p.Kind {
	case L1Penalty:
		return p.Strength * sign(z)
	}
	panic(fmt.Sprintf("internal error: penalty %d", p.Kind))
}

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
