package nn

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// A Likelihood names what `reconstruct` compares the decoder's output with the target by.
type Likelihood int

const (
	// MSE is the mean of the squared errors of a sample's values. It has the identity as its link.
	MSE Likelihood = iota
	// Bernoulli is -Σ (x log r + (1-x) log(1-r)), in nats, for targets in [0, 1]. Its link is the sigmoid.
	Bernoulli
	// Gaussian is Σ ((x-r)²/2σ² + log σ + ½ log 2π), in nats, for a given σ. It has the identity as its link.
	Gaussian
	// Categorical is -Σ t log r, in nats, for a target that is a distribution over the values or the number of one of them (t is then 1
	// there and 0 elsewhere). Its link is the softmax, r = eᵃ / Σ eᵃ, which takes all values of a sample together, or with Labels those of
	// each place.
	Categorical
	// Poisson is Σ (λ - t·log λ + log t!), in nats, for counts t. Its link is the rate of logits a, λ = PoissonRate(a).
	Poisson
	// Fields is the sum of the negative log-likelihoods of a record's fields, in nats: see Record.
	Fields
)

// A Loss is a likelihood with its parameters. The loss of a sample is a sum over its values (for MSE their mean);
// the loss of a batch is the mean over its samples.
type Loss struct {
	Likelihood Likelihood
	Std        float64 // σ of Gaussian, in the units that the network sees
	Learned    bool    // of Gaussian: σ is learned, one for all values; Std is 0
	Labels     *Labels // of Categorical where each place of an image has a class: the sum of their losses, each weighed; else nil
}

// String is the loss as a spec says it: "mse", "gaussian(std: 0.5)".
func (l Loss) String() string {
	switch l.Likelihood {
	case MSE:
		return "mse"
	case Fields:
		return "fields"
	case Bernoulli:
		return "bernoulli"
	case Gaussian:
		if l.Learned {
			return "gaussian(std: learned)"
		}
		return fmt.Sprintf("gaussian(std: %s)", strconv.FormatFloat(l.Std, 'g', -1, 64))
	case Categorical:
		return "categorical"
	case Poisson:
		return "poisson"
	}
	panic(fmt.Sprintf("internal error: likelihood %d", l.Likelihood))
}

// Link is the function from the decoder's last values, the logits, to the reconstruction. That of Categorical is Softmax, and no
// function of one value.
func (l Loss) Link() Activation {
	switch l.Likelihood {
	case Bernoulli:
		return Activation{Func: Sigmoid}
	case Poisson:
		return Activation{Func: Rate}
	case Categorical:
		panic("internal error: the link of categorical is the softmax")
	}
	return Activation{}
}

// Value is the part of one value r with target t in the loss of a sample of n values.
func (l Loss) Value(r, t float64, n int) float64 {
	switch l.Likelihood {
	case MSE:
		return (r - t) * (r - t) / float64(n)
	case Bernoulli:
		return -(xlogy(t, r) + xlogy(1-t, 1-r))
	case Gaussian:
		d := (r - t) / l.Std
		return d*d/2 + math.Log(l.Std) + math.Log(2*math.Pi)/2
	case Categorical:
		return -xlogy(t, r)
	case Poisson:
		t = counted(t)
		return r - xlogy(t, r) + logFactorial(t)
	}
	panic(fmt.Sprintf("internal error: likelihood %d", l.Likelihood))
}

// Derivative is the derivative of Value by r.
func (l Loss) Derivative(r, t float64, n int) float64 {
	switch l.Likelihood {
	case MSE:
		return 2 * (r - t) / float64(n)
	case Bernoulli:
		return (r - t) / (r * (1 - r))
	case Gaussian:
		return (r - t) / (l.Std * l.Std)
	case Categorical:
		if t == 0 {
			return 0
		}
		return -t / r
	case Poisson:
		if t = counted(t); t == 0 {
			return 1
		}
		return 1 - t/r
	}
	panic(fmt.Sprintf("internal error: likelihood %d", l.Likelihood))
}

// Linked returns the loss of a sample at r = Link(logits) in a form that is finite for all finite logits, and its derivative by each:
//
//	bernoulli    Σ log(1+eᵃ) - a·t                        σ(a) - t
//	categorical  Σ t·(log Σ eᵃ - a)                       softmax(a)·Σt - t
//	poisson      Σ (λ - t·log λ + log t!)                 λ - t, beyond RateBend λ'·(1 - t/λ)
func (l Loss) Linked(logits, target []float64) (loss float64, slope []float64) {
	slope = make([]float64, len(logits))
	if l.Likelihood != Categorical {
		for i, a := range logits {
			loss += l.linkedValue(a, target[i], len(logits))
			slope[i] = l.linkedDerivative(a, target[i], len(logits))
		}
		return loss, slope
	}
	n := l.Group(len(logits))
	for at := 0; at < len(logits); at += n {
		loss += crossEntropy(slope[at:at+n], logits[at:at+n], target[at:at+n])
	}
	return loss, slope
}

// Group is how many of n values the link takes together.
func (l Loss) Group(n int) int {
	switch {
	case l.Likelihood != Categorical:
		return 1
	case l.Labels != nil:
		return l.Labels.Classes
	}
	return n
}

// crossEntropy is the loss of one softmax, Σ t·(log Σ eᵃ - a). It sets slope to the derivative by its logits.
func crossEntropy(slope, logits, target []float64) (loss float64) {
	p, norm := Softmax(logits)
	sum := 0.0
	for i, t := range target {
		if sum += t; t != 0 {
			loss += t * (norm - logits[i])
		}
	}
	for i, t := range target {
		slope[i] = p[i]*sum - t
	}
	return loss
}

// Softmax returns eᵃ / Σ eᵃ for logits a, and log Σ eᵃ: Bishop 2006, 4.3. The largest logit is subtracted before, so that
// nothing overflows.
func Softmax(logits []float64) (p []float64, norm float64) {
	most, sum := slices.Max(logits), 0.0
	p = make([]float64, len(logits))
	for i, a := range logits {
		p[i] = math.Exp(a - most)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p, most + math.Log(sum)
}

// linkedValue is Value at r = Link(logit), finite for every finite logit: for Bernoulli softplus(a) - a·t.
func (l Loss) linkedValue(logit, t float64, n int) float64 {
	switch l.Likelihood {
	case Bernoulli:
		return softplus(logit) - logit*t
	case Poisson:
		return countNLL(logit, counted(t))
	}
	return l.Value(logit, t, n)
}

// linkedDerivative is the derivative of linkedValue by the logit: for Bernoulli σ(a) - t.
func (l Loss) linkedDerivative(logit, t float64, n int) float64 {
	switch l.Likelihood {
	case Bernoulli:
		return logistic(logit) - t
	case Poisson:
		return countSlope(logit, counted(t))
	}
	return l.Derivative(logit, t, n)
}

// xlogy is x·log y, 0 where x is 0.
func xlogy(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(y)
}
