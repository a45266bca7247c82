package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// sampled is what the templates of a model with a code that is sampled show.
type sampled struct {
	header
	Posterior, CodeLoss inner
	Draws               int    // those of a score
	Group               int    // draws that a bound decodes together
	Noise, NoiseDoc     string // how a value r[i] is drawn from the likelihood, given its mean; "" of records
	Record              bool   // whether samples are structs
	Prelude             string // what that needs, once a sample
	Variance            string // of a value with mean r[i], as Go source
	Tied                bool
	Classes             int    // of a unit of a discrete code
	UnitClasses         string // the constant of that
	ClassesDoc          string
}

// sampledTemplate is the template of what is sampled, by what the code is.
func (g *generator) sampledTemplate(suffix string) string {
	if g.p.Classes() > 0 {
		return "discrete" + suffix
	}
	return "sampled" + suffix
}

// inner is an entry point that is no method of its own.
type inner struct {
	Chunk, Arena  int
	Pool, PoolOne bool
	Steps         string
}

func (g *generator) sampled() sampled {
	s := sampled{header: g.header(), Draws: nn.Draws, Tied: g.p.Tied(), Record: g.p.Record != nil}
	s.Classes, s.ClassesDoc = g.p.Classes(), g.classesDoc()
	if s.UnitClasses = "Classes"; s.Checked() { // which has that name
		s.UnitClasses = "UnitClasses"
	}
	s.Posterior, s.CodeLoss = g.inner(g.p.Inner[0], "posterior"), g.inner(g.p.Inner[1], "codeLoss")
	s.Group = g.p.Group
	if g.p.Goal != nil { // targets are not drawn: Decode says their distribution
		return s
	}
	low, high := 0.0, 1.0
	if g.scaled() {
		low, high = g.p.Low, g.p.High
	}
	mean := "r[i]"
	if g.scaled() {
		mean = fmt.Sprintf("(r[i] - %s) / %s", float(low), float(high-low))
	}
	switch g.p.Loss.Likelihood {
	case nn.Bernoulli:
		s.NoiseDoc = fmt.Sprintf("each value becomes %s with the probability that the decoder says, else %s", float(high), float(low))
		s.Noise = fmt.Sprintf("p := %s\nr[i] = %s\nif rng.Uniform() < p {\nr[i] = %s\n}", mean, float(low), float(high))
		s.Variance = fmt.Sprintf("(r[i] - %s) * (%s - r[i])", float(low), float(high))
	case nn.Gaussian:
		std, squared := float(g.p.Loss.Std*(high-low)), float(g.p.Loss.Std*g.p.Loss.Std*(high-low)*(high-low))
		s.NoiseDoc = "each value becomes normal around what the decoder says, with deviation " + std
		if g.p.Loss.Learned {
			rho := logStdOf(g.logStd())
			s.NoiseDoc = "each value becomes normal around what the decoder says, with the deviation that the model has learned"
			s.Prelude = fmt.Sprintf("std := float32(%s * math.Exp(%s))", float(high-low), rho)
			std, squared = "std", fmt.Sprintf("%s * math.Exp(2*%s)", float((high-low)*(high-low)), rho)
		}
		s.Noise, s.Variance = fmt.Sprintf("r[i] += %s * rng.Normal()", std), squared
		if g.p.Standard {
			s.NoiseDoc += " in parts of the value's in the training data"
			s.Noise = fmt.Sprintf("r[i] += %s * float32(math.Exp(float64(%s))) * rng.Normal()", std, g.learned("m.w", "input.log_deviation"))
			s.Variance = fmt.Sprintf("%s * math.Exp(2*float64(%s))", squared, g.learned("m.w", "input.log_deviation"))
		}
	case nn.Categorical:
		s.NoiseDoc = fmt.Sprintf("one value becomes %s, each with the probability that the decoder says, and the others %s", float(high), float(low))
		s.Prelude = fmt.Sprintf("class, u := 0, rng.Uniform()\nfor i := range r[:len(r)-1] {\nif u -= %s; u < 0 {\nbreak\n}\nclass++\n}", mean)
		s.Noise = fmt.Sprintf("r[i] = %s\nif i == class {\nr[i] = %s\n}", float(low), float(high))
		s.Variance = fmt.Sprintf("(r[i] - %s) * (%s - r[i])", float(low), float(high))
	case nn.Poisson:
		s.NoiseDoc = "each value becomes a count with the rate that the decoder says"
		s.Noise, s.Variance = "r[i] = rng.Poisson(r[i])", "r[i]"
	case nn.Fields: // a record has no values that are drawn alike
	default:
		panic(fmt.Sprintf("internal error: no samples of %v", g.p.Loss))
	}
	return s
}

func (g *generator) inner(r *plan.Routine, method string) inner {
	return inner{Chunk: r.Chunk, Arena: r.Arena, Pool: r.Storage == plan.Pool, PoolOne: r.Single == plan.Pool, Steps: g.routineSteps(r, method)}
}

// logStd is the block of a learned deviation.
func (g *generator) logStd() *plan.Param {
	for _, k := range g.p.Kernels {
		if op, ok := k.Op.(*plan.GaussianLoss); ok {
			return op.LogStd
		}
	}
	panic("internal error: no learned deviation")
}
