package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// codeWords are the codes that are sampled, and their priors.
var codeWords = []word{
	{name: "gaussian", places: []place{codeLayer}, params: []param{intArg("width", 1, maxWidth).first()}},
	{name: "normal", places: []place{priorForm}, params: []param{
		realArg("beta", limits{low: 0, high: 1e6}).or(1), realArg("free_bits", atLeast0).or(0), realArg("warmup", limits{low: 0, high: 1e6}).or(0),
	}},
	{name: "bernoulli", places: []place{codeLayer}, params: slices.Concat([]param{intArg("width", 1, maxWidth).first()}, temperature)},
	{name: "categorical", places: []place{codeLayer}, params: slices.Concat([]param{intArg("groups", 1, 1<<16).first(), intArg("classes", 2, 1<<8)}, temperature)},
	{name: "uniform", places: []place{priorForm}, params: []param{realArg("beta", limits{low: 0, high: 1e6}).or(1), realArg("warmup", limits{low: 0, high: 1e6}).or(0)}},
}

// A prior is what a code that is sampled is held against, and where that is written, if it is.
type prior struct {
	nn.Prior
	at source.Span
}

// isSampled reports whether a step makes a code that is sampled.
func isSampled(s step) bool {
	d, ok := s.(dense)
	return ok && d.sampled
}

// sampled reports whether the code is.
func (z code) sampled() bool {
	layer, _ := z.layer()
	return layer.sampled
}

// layer is the layer that makes the code, if it could be read.
func (z code) layer() (dense, bool) {
	if len(z.steps) == 0 {
		return dense{}, false
	}
	d, ok := z.steps[0].(dense)
	return d, ok
}

// setPrior reads `prior normal(beta: 1, free_bits: 0, warmup: 0)`, or of a discrete code `prior uniform(beta: 1, warmup: 0)`.
func setPrior(c *checker, z *code, at source.Span, word string, a arguments) {
	layer, ok := z.layer()
	if want := layer.prior(); ok && layer.sampled && word != want {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: at, Message: fmt.Sprintf("the prior of this code is %s", want),
			Hint: fmt.Sprintf("write `prior %s(beta: 1)`", want), Related: []source.Related{{Span: layer.at, Message: "this code has it"}},
		})
		return
	}
	if ok && !layer.sampled {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: at, Message: "`prior` needs a code that is sampled",
			Hint:    fmt.Sprintf("write `bottleneck %s = gaussian(20)` with the width of the code, or leave the prior out", z.name.Name),
			Related: []source.Related{{Span: layer.at, Message: "this code is a function of the input"}},
		})
		return
	}
	z.prior = prior{nn.Prior{Beta: a.real("beta"), Warmup: a.real("warmup")}, at}
	if word == "normal" {
		z.prior.FreeBits = a.real("free_bits")
	}
}

// checkPressed refuses a constraint of a code that is sampled or quantised.
func (c *checker) checkPressed(z *code, constraint string, at source.Span) {
	if z.quantized() {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: at, Message: fmt.Sprintf("a code that is quantised is one of a few, and there is no %s beside it", quoted(constraint)),
			Hint: "leave it out, or make the code `dense`",
		})
	}
	if layer, _ := z.layer(); layer.sampled {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: at, Message: fmt.Sprintf("the prior of a code that is sampled is its constraint, and there is no %s beside it", quoted(constraint)),
			Hint: fmt.Sprintf("write `prior %s(beta: 4)` to press units towards the prior, or make the code `dense`", layer.prior()),
		})
	}
}

// checkUnits refuses a divergence in nats beside a loss that is not in nats.
func (c *checker) checkUnits(d *design) {
	if !d.code.sampled() || !d.loss.ok {
		return
	}
	if d.loss.Likelihood != nn.MSE {
		return
	}
	c.add(source.Diagnostic{
		Code: source.NotInNats, Span: d.loss.at, Message: "`mse` is no likelihood, and the divergence of a sampled code is in nats",
		Expected: "`bernoulli` or `gaussian(std: …)`",
		Hint:     "`gaussian(std: 1)` has the gradients of half the squared error, summed over the values",
		Related:  []source.Related{{Span: d.code.steps[0].(dense).at, Message: "this code is sampled"}},
	})
}
