package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A codeRow is one row of the table of a bottleneck's body: a name with a word behind it, or with arguments of its own.
type codeRow struct {
	name   string
	word   bool    // whether a word of place stands behind it
	place  place   // of that word
	params []param // of a setting with arguments of its own
	like   string
	apply  func(c *checker, z *code, at source.Span, word string, args arguments)
}

// codeRows is a function, because rows check what they say with the checker.
func codeRows() []codeRow {
	return []codeRow{
		{name: "pre_bias", like: "pre_bias", apply: setPreBias},
		{name: "dead", params: []param{intArg("after", 1, 1e9), intArg("aux", 1, maxWidth)}, like: "dead(after: 100, aux: 512)", apply: setDead},
		{name: "sparsity", word: true, place: sparsity, like: "sparsity l1(1e-3)", apply: setSparsity},
		{name: "contractive", params: []param{strength}, like: "contractive(0.1)", apply: setContractive},
		{name: "orthogonal", params: []param{strength}, like: "orthogonal(1e-3)", apply: setOrthogonal},
		{name: "unit_norm", like: "unit_norm", apply: setUnitNorm},
		{name: "commitment", params: []param{realArg("beta", limits{low: 0, high: 1e6})}, like: "commitment(beta: 0.25)", apply: setCommitment},
		{name: "ema", params: []param{realArg("decay", below1).or(defaultCommitment.decay), realArg("revive", below1).or(defaultCommitment.revive)}, like: "ema(decay: 0.99)", apply: setAverages},
		{name: "prior", word: true, place: priorForm, like: "prior normal(beta: 1)", apply: setPrior},
	}
}

var codeSettingWords = func() []word {
	var words []word
	for _, s := range codeRows() {
		words = append(words, word{name: s.name, places: []place{codeSetting}, params: s.params})
	}
	return words
}()

var sparsityWords = []word{
	{name: "l1", places: []place{sparsity}, params: []param{strength, flagArg("proximal")}},
	{name: "kl", places: []place{sparsity}, params: []param{
		realArg("rho", limits{low: 0, openLow: true, high: 1, openHigh: true}), realArg("beta", limits{low: 0, high: 1e6}),
	}},
}

// A codePenalty is a penalty on the values of the code, and where it is written.
type codePenalty struct {
	nn.Penalty
	at source.Span
}

func setSparsity(c *checker, z *code, at source.Span, word string, a arguments) {
	c.checkPressed(z, "sparsity", at)
	z.sparse = true
	switch word {
	case "l1":
		lambda := a.real("strength")
		if lambda == 0 {
			return
		}
		z.penalties = append(z.penalties, codePenalty{nn.Penalty{Kind: nn.L1Penalty, Strength: lambda}, at})
		if a.flag("proximal") {
			z.steps = append(z.steps, activate{activation: nn.Activation{Func: nn.Softshrink, Alpha: lambda}, at: at})
		}
	case "kl":
		c.wantProbabilities(z, at)
		if beta := a.real("beta"); beta > 0 {
			z.penalties = append(z.penalties, codePenalty{nn.Penalty{Kind: nn.KLPenalty, Strength: beta, Rho: a.real("rho")}, at})
		}
	default:
		panic(fmt.Sprintf("internal error: the sparsity %s has no meaning", word))
	}
}

// wantProbabilities reports a code whose values may lie outside of [0, 1].
func (c *checker) wantProbabilities(z *code, at source.Span) {
	last, ok := lastActivation(z.steps)
	if ok && last.activation.Func == nn.Sigmoid || slices.Contains(z.steps, step(unknown{})) {
		return
	}
	d := source.Diagnostic{
		Code: source.UnboundedCode, Span: at, Message: fmt.Sprintf("`kl` takes means of %s for probabilities, and they may lie outside of [0, 1]", quoted(z.name.Name)),
		Expected: "a code that ends in `sigmoid`", Hint: "write `sigmoid` behind the bottleneck's `dense`, or `sparsity l1(1e-3)`",
	}
	if ok {
		d.Found = fmt.Sprintf("one that ends in %s", textOf(last.at))
	}
	c.add(d)
}

// codeBody checks the lines of a bottleneck's body and writes what they say into z.
func (c *checker) codeBody(lines []*grammar.Setting, z *code) {
	found := map[string]source.Span{}
	for _, line := range lines {
		if c.secondSetting(line, found) {
			continue
		}
		if _, ok := c.find(line.Name, codeSetting); !ok {
			continue
		}
		for _, row := range codeRows() {
			if row.name == line.Name.Name {
				c.codeLine(line, row, z)
			}
		}
	}
}

func (c *checker) codeLine(line *grammar.Setting, row codeRow, z *code) {
	if !row.word {
		if line.Value != nil {
			c.settingForm(line, row.name, row.like, codeSetting)
			return
		}
		if args, ok := c.bind(line.Name, line.Args, row.params, nil); ok {
			row.apply(c, z, line.At, "", args)
		}
		return
	}
	call, ok := line.Value.(*grammar.Call)
	if !ok {
		c.settingForm(line, row.name, row.like, row.place)
		return
	}
	w, ok := c.find(call.Name, row.place)
	if !ok {
		return
	}
	if args, ok := c.bind(call.Name, call.Args, w.params, nil); ok {
		row.apply(c, z, line.At, w.name, args)
	}
}
