package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var likelihoodWords = []word{
	{name: "mse", places: []place{likelihood}},
	{name: "fields", places: []place{likelihood}},
	{name: "bernoulli", places: []place{likelihood}},
	{name: "categorical", places: []place{likelihood}},
	{name: "poisson", places: []place{likelihood}},
	{name: "gaussian", places: []place{likelihood}, params: []param{realArg("std", limits{low: 1e-6, high: 1e6})}},
}

// A loss is what the reconstruction is judged by, and where that is written.
type loss struct {
	nn.Loss
	at source.Span
	ok bool
}

// loss checks the section; s is nil where it is missing.
func (c *checker) loss(s *grammar.Reconstruct) loss {
	if s == nil {
		return loss{}
	}
	w, ok := c.find(s.By.Name, likelihood)
	if !ok {
		return loss{}
	}
	if c.negatives(s.By) {
		return loss{}
	}
	if w.name == "gaussian" && learned(s.By) {
		return loss{Loss: nn.Loss{Likelihood: nn.Gaussian, Learned: true}, at: s.By.At, ok: true}
	}
	args, ok := c.bind(s.By.Name, s.By.Args, w.params, nil)
	l := loss{at: s.By.At, ok: ok}
	switch w.name {
	case "mse":
		l.Likelihood = nn.MSE
	case "fields":
		l.Likelihood = nn.Fields
	case "bernoulli":
		l.Likelihood = nn.Bernoulli
	case "categorical":
		l.Likelihood = nn.Categorical
	case "poisson":
		l.Likelihood = nn.Poisson
	case "gaussian":
		l.Likelihood, l.Std = nn.Gaussian, args.real("std")
	default:
		panic(fmt.Sprintf("internal error: the likelihood %s has no meaning", w.name))
	}
	return l
}

// learned reports whether a likelihood's deviation is written `std: learned`.
func learned(by *grammar.Call) bool {
	return len(by.Args) == 1 && by.Args[0].Name != nil && by.Args[0].Name.Name == "std" && isWord(by.Args[0].Value, "learned")
}

// negatives reports negative sampling, an argument of `categorical` that is not built yet, and whether it is there.
func (c *checker) negatives(by *grammar.Call) bool {
	for _, a := range by.Args {
		if by.Name.Name == "categorical" && a.Name != nil && a.Name.Name == "negatives" {
			c.notBuilt(&negativeSampling, "negatives", a.At)
			return true
		}
	}
	return false
}

// checkLink refuses a sigmoid under a likelihood that applies it already.
func (c *checker) checkLink(d *design) {
	last, ok := lastActivation(d.decoder.steps)
	if !ok || !d.loss.ok || d.loss.Likelihood != nn.Bernoulli || last.activation.Func != nn.Sigmoid {
		return
	}
	c.add(source.Diagnostic{
		Code: source.LinkTwice, Span: last.at, Message: "the sigmoid would be applied twice",
		Hint:    "leave out the `sigmoid`: `bernoulli` applies it to what the decoder ends in",
		Related: []source.Related{{Span: d.loss.at, Message: "this likelihood has the sigmoid as its link"}},
	})
}

// lastActivation returns the activation that a section ends in. The identity is none.
func lastActivation(steps []step) (activate, bool) {
	for i := len(steps) - 1; i >= 0; i-- {
		a, ok := steps[i].(activate)
		if !ok || a.activation.Func != nn.Identity {
			return a, ok
		}
	}
	return activate{}, false
}
