package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// codeWords are the codes that are sampled, and the settings of a bottleneck.
var codeWords = []word{
	{name: "gaussian", places: []place{codeLayer}, params: []param{intArg("width", 1, maxWidth).first()}},
	{name: "prior", places: []place{codeSetting}},
	{name: "normal", places: []place{priorForm}, params: []param{
		realArg("beta", limits{low: 0, high: 1e6}).or(1), realArg("free_bits", atLeast0).or(0), realArg("warmup", limits{low: 0, high: 1e6}).or(0),
	}},
}

// A prior is what a code that is sampled is held against, and where that is written, if it is.
type prior struct {
	nn.Prior
	at source.Span
}

// isSampled reports whether a step makes a code that is sampled.
func isSampled(s step) bool {
	d, ok := s.(dense)
	return ok && d.heads == 2
}

// sampled reports whether the code is.
func (z code) sampled() bool { return len(z.steps) > 0 && isSampled(z.steps[0]) }

// codeSettings checks the body of a bottleneck.
func (c *checker) codeSettings(lines []*grammar.Setting, z *code) {
	z.prior.Prior = nn.Bound
	found := map[string]source.Span{}
	for _, line := range lines {
		if _, ok := c.find(line.Name, codeSetting); !ok {
			continue
		}
		if first, twice := found[line.Name.Name]; twice {
			c.secondSetting(line, first)
			continue
		}
		found[line.Name.Name] = line.At
		c.priorSetting(line, z)
	}
}

// priorSetting reads `prior normal(beta: 1, free_bits: 0, warmup: 0)`.
func (c *checker) priorSetting(line *grammar.Setting, z *code) {
	call, ok := line.Value.(*grammar.Call)
	if !ok {
		c.settingForm(line, setting{name: "prior", place: priorForm, like: "prior normal(beta: 1)"})
		return
	}
	w, ok := c.find(call.Name, priorForm)
	if !ok {
		return
	}
	args, ok := c.bind(call.Name, call.Args, w.params, nil)
	if len(z.steps) > 0 && isDense(z.steps[0]) && !z.sampled() {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: line.At, Message: "`prior` needs a code that is sampled",
			Hint:    fmt.Sprintf("write `bottleneck %s = gaussian(20)` with the width of the code, or leave the prior out", z.name.Name),
			Related: []source.Related{{Span: z.steps[0].(dense).at, Message: "this code is a function of the input"}},
		})
		return
	}
	if ok {
		z.prior = prior{nn.Prior{Beta: args.real("beta"), FreeBits: args.real("free_bits"), Warmup: args.real("warmup")}, line.At}
	}
}

// checkUnits refuses a divergence in nats beside a loss that is not in nats.
func (c *checker) checkUnits(d *design) {
	if !d.code.sampled() || !d.loss.ok || d.loss.Likelihood != nn.MSE {
		return
	}
	c.add(source.Diagnostic{
		Code: source.NotInNats, Span: d.loss.at, Message: "`mse` is no likelihood, and the divergence of a sampled code is in nats",
		Expected: "`bernoulli` or `gaussian(std: …)`",
		Hint:     "`gaussian(std: 1)` has the gradients of half the squared error, summed over the values",
		Related:  []source.Related{{Span: d.code.steps[0].(dense).at, Message: "this code is sampled"}},
	})
}
