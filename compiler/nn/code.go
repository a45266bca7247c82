package nn

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// A Prior is the standard normal prior of a code N(μ, σ²), and how training weighs the divergence from it. The bound itself has Beta 1.
type Prior struct {
	Beta     float64 // Higgins et al., beta-VAE, 2017
	FreeBits float64 // nats a unit that cost nothing: Kingma et al., Improved variational inference with inverse autoregressive flow, 2016
	Warmup   float64 // epochs in which β rises from 0: Sønderby et al., Ladder variational autoencoders, 2016
}

// Bound is the prior as the evidence bound has it.
var Bound = Prior{Beta: 1}

// BetaAt is β at a time in epochs.
func (p Prior) BetaAt(epoch float64) float64 {
	if epoch < p.Warmup {
		return p.Beta * epoch / p.Warmup
	}
	return p.Beta
}

// Divergence is what one unit of a code costs before it is multiplied by β: KL(N(μ, σ²) ‖ N(0, 1)) in nats, and at least FreeBits.
func (p Prior) Divergence(mean, logvar float64) float64 {
	return max(p.FreeBits, normalDivergence(mean, logvar))
}

// Slopes are the derivatives of Divergence by the mean and by the log-variance: 0 where the unit's bits are free.
func (p Prior) Slopes(mean, logvar float64) (byMean, byLogVar float64) {
	if normalDivergence(mean, logvar) <= p.FreeBits {
		return 0, 0
	}
	return mean, math.Expm1(logvar) / 2
}

// normalDivergence is ½·(μ² + σ² - 1 - log σ²): Kingma and Welling, Auto-encoding variational Bayes, 2014, appendix B.
func normalDivergence(mean, logvar float64) float64 {
	return (mean*mean + math.Expm1(logvar) - logvar) / 2
}

// String is the prior as a spec says it.
func (p Prior) String() string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	words := []string{"beta: " + number(p.Beta)}
	if p.FreeBits != 0 {
		words = append(words, "free_bits: "+number(p.FreeBits))
	}
	if p.Warmup != 0 {
		words = append(words, "warmup: "+number(p.Warmup))
	}
	return fmt.Sprintf("normal(%s)", strings.Join(words, ", "))
}

// Uniform is the prior of a discrete code as a spec says it.
func (p Prior) Uniform() string { return "uniform" + strings.TrimPrefix(p.String(), "normal") }

// A DrawKind says where the deviates of a sampled code come from.
type DrawKind int

const (
	StepDraw  DrawKind = iota // a stream, by step and sample: those of training
	FixedDraw                 // Deviate: the same for all samples, so that a score is a function of its sample
	GivenDraw                 // the caller
)

// A Draw is the deviates ε of a code μ + σ·ε.
type Draw struct {
	Kind   DrawKind
	Index  int    // of FixedDraw: below Draws
	Stream uint64 // of StepDraw
}

// String is the draw as graphs show it.
func (d Draw) String() string {
	switch d.Kind {
	case StepDraw:
		return fmt.Sprintf("stream %#x", d.Stream)
	case FixedDraw:
		return fmt.Sprintf("fixed %d", d.Index)
	}
	return "given"
}

// DrawStream is the stream of a code's draws in training.
func DrawStream(i int) uint64 { return 1<<36 + uint64(i) }

// Normal is the number of a normal distribution with mean 0 and deviation 1 that belongs to bits uniform among all of int32.
func Normal(bits int32) float64 { return math.Sqrt2 * math.Erfinv((float64(bits)+0.5)/(1<<31)) }

// Draws is the number of fixed draws: as many as the order of the Hadamard matrix that they are of.
const Draws = 8

// Deviate is fixed draw k of unit i of a code, 1 or -1. Seven units each have the seven columns of the Hadamard matrix of order 8 that are not
// constant, in an order of their own and each with a sign of its own (Plackett and Burman, The design of optimum multifactorial experiments, 1946). So over
// the draws every unit has mean 0 and variance 1, and two units of different columns have no correlation. For one unit these are the points and
// weights of Gauss and Hermite, exact for polynomials of degree 3.
func Deviate(k, i int) float64 {
	const columns = Draws - 1
	order := int(uint32(NoiseBits(0, DrawStream(0), 0, 1, i/columns)) % ((columns - 1) * columns))
	column := 1 + ((1+order%(columns-1))*i+order/(columns-1))%columns
	if (bits.OnesCount(uint(k&column))+int(uint32(NoiseBits(0, DrawStream(0), 0, 0, i))))&1 == 1 {
		return -1
	}
	return 1
}
