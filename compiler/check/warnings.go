package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// warn reports what is legal yet unwise in a spec without mistakes.
func (c *checker) warn(d *design, t nn.Training) {
	c.warnIdentity(d)
	c.warnSkips(d)
	c.warnLinear(d)
	c.warnEnd(d)
	c.warnDropout(d)
	c.warnJacobian(d)
	c.warnUnused()
	c.warnRamp(d, t)
	if s, n := t.Schedule, t.Pretrain.Epochs; n > 0 && s.Warmup >= float64(n) && s.Warmup < float64(t.Epochs) {
		c.warning(source.Diagnostic{
			Code: source.EndlessWarmup, Span: c.pretrainAt,
			Message: fmt.Sprintf("the warm-up of %s lasts as long as the pretraining of a layer, %s", epochs(s.Warmup), epochs(float64(n))),
			Hint:    "the learning rate never reaches its value; shorten the warm-up or pretrain longer",
		})
	}
	if s := t.Schedule; s.Warmup >= float64(t.Epochs) {
		c.warning(source.Diagnostic{
			Code: source.EndlessWarmup, Span: c.sections.train.At,
			Message: fmt.Sprintf("the warm-up of %s lasts as long as the training of %s", epochs(s.Warmup), epochs(float64(t.Epochs))),
			Hint:    "the learning rate never reaches its value; shorten the warm-up or train longer",
		})
	}
}

// warnRamp warns of a β that never reaches its value.
func (c *checker) warnRamp(d *design, t nn.Training) {
	if p := d.code.prior; d.code.sampled() && p.Warmup >= float64(t.Epochs) {
		c.warning(source.Diagnostic{
			Code: source.EndlessWarmup, Span: p.at,
			Message: fmt.Sprintf("the warm-up of β, %s, lasts as long as the training of %s", epochs(p.Warmup), epochs(float64(t.Epochs))),
			Hint:    "β never reaches its value; shorten the warm-up or train longer",
		})
	}
}

func epochs(n float64) string { return shown(n) + choose(n == 1, " epoch", " epochs") }

// warnIdentity warns of a code that can hold the whole input, so that a copy has no error and nothing needs to be learned.
// With noise or dropout a copy has an error, with a penalty on the code it costs, a code that is sampled is noisy itself, a quantised one is rounded, and a target of
// its own is no copy.
func (c *checker) warnIdentity(d *design) {
	if d.noisy() || len(d.code.penalties) > 0 || d.code.contractive.strength > 0 || d.code.sampled() || d.code.quantized() || d.target.own {
		return
	}
	narrowest := min(narrowestOf(d.encoder, d.input.size), narrowestOf(d.code.steps, d.input.size))
	if min(narrowest, d.code.active()) < d.input.size {
		return
	}
	c.warning(source.Diagnostic{
		Code: source.IdentityCode, Span: placeOf(d.code.steps[0]),
		Message: fmt.Sprintf("the code can learn the identity: %s has %s and %s has %d",
			quoted(d.code.name.Name), values(d.code.size), quoted(d.input.tensor.Name), d.input.size),
		Hint:    fmt.Sprintf("choose a width below %d, or write a constraint such as `sparsity l1(1e-3)` or `corrupt gaussian(0.3)`", d.input.size),
		Related: []source.Related{{Span: d.input.at, Message: fmt.Sprintf("%s has %s", quoted(d.input.tensor.Name), values(d.input.size))}},
	})
}

// narrowestOf is the fewest values that flow between steps that n values enter.
func narrowestOf(steps []step, n int) int {
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			n = min(n, s.out)
		case conv:
			n = min(n, s.after().Len())
		case pool:
			n = min(n, s.window.Out.Len())
		case residual:
			n = min(n, narrowestOf(s.body, n))
		}
	}
	return n
}

// placeOf is where a layer stands.
func placeOf(s step) source.Span {
	switch s := s.(type) {
	case dense:
		return s.at
	case conv:
		return s.at
	}
	return source.Span{}
}

// warnEnd warns of an activation at the end that keeps the output from where the likelihood needs it.
func (c *checker) warnEnd(d *design) {
	last, ok := lastActivation(d.decoder.steps)
	if !ok {
		return
	}
	related := []source.Related{{Span: d.loss.at, Message: "the likelihood is here"}}
	switch {
	case d.loss.Likelihood == nn.Fields:
		c.warning(source.Diagnostic{
			Code: source.BoundedLogits, Span: last.at,
			Message: fmt.Sprintf("%s bounds what the likelihoods of the fields are made of", quoted(last.activation.Func.Name())),
			Hint:    "leave it out: means, rates and probabilities follow from numbers of any size", Related: related,
		})
	case d.loss.Likelihood == nn.Poisson:
		c.warning(source.Diagnostic{
			Code: source.BoundedLogits, Span: last.at,
			Message: fmt.Sprintf("%s bounds the logarithms of rates", quoted(last.activation.Func.Name())),
			Hint:    "leave it out: the logarithm of a rate is any number", Related: related,
		})
	case d.loss.Likelihood == nn.Bernoulli, d.loss.Likelihood == nn.Categorical:
		link := choose(d.loss.Likelihood == nn.Bernoulli, "sigmoid", "softmax")
		c.warning(source.Diagnostic{
			Code: source.BoundedLogits, Span: last.at,
			Message: fmt.Sprintf("%s bounds what `%v` takes the %s of", quoted(last.activation.Func.Name()), d.loss.Loss, link),
			Hint:    fmt.Sprintf("leave it out: the %s of a bounded number cannot come near both 0 and 1", link), Related: related,
		})
	case last.activation.Func == nn.Sigmoid:
		c.warning(source.Diagnostic{
			Code: source.SigmoidEnd, Span: last.at, Message: "a sigmoid under squared error learns slowly where it is wrong",
			Hint:    "its slope vanishes near 0 and 1; leave it out, or write `reconstruct bernoulli` for data in [0, 1]",
			Related: related,
		})
	}
}

// warnUnused warns of names that nothing uses.
func (c *checker) warnUnused() {
	for _, l := range c.lets {
		if !l.used {
			c.warning(source.Diagnostic{
				Code: source.Unused, Span: l.name.At, Message: fmt.Sprintf("nothing uses %s", quoted(l.name.Name)),
				Hint: "remove the `let`, or write its name where the number is meant",
			})
		}
	}
	c.warnUnusedSkips()
	for _, b := range c.blocks {
		if !b.used {
			c.warning(source.Diagnostic{
				Code: source.Unused, Span: b.Name.At, Message: fmt.Sprintf("nothing uses the block %s", quoted(b.Name.Name)),
				Hint: "remove it, or write its name in a line of layers",
			})
		}
	}
}
