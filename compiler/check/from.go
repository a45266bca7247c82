package check

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var fromWords = []word{{name: "freeze", places: []place{fromSetting}}}

// borrows reports whether the spec takes the encoder of another.
func (c *checker) borrows() bool {
	return slices.ContainsFunc(c.file.Stmts, func(s grammar.Stmt) bool {
		e, ok := s.(*grammar.Encoder)
		return ok && e.From != nil
	})
}

// borrow returns the encoder and the code of another spec, as the section says, and notes it in the design.
func (c *checker) borrow(s *grammar.Encoder, d *design) ([]step, code) {
	frozen := c.freeze(s.Settings)
	if b := c.sections.bottleneck; b != nil {
		c.add(source.Diagnostic{
			Code: source.TakenBottleneck, Span: b.At, Message: "the code comes with the encoder",
			Hint:    "leave out the `bottleneck`; layers on top of the code begin the decoder",
			Related: []source.Related{{Span: s.From.At, Message: "the encoder and the bottleneck of this spec are taken"}},
		})
	}
	other, m := c.other(s.From)
	if m == nil {
		return []step{unknown{}}, code{steps: []step{unknown{}}}
	}
	c.declare(grammar.Ident{Name: other.code.name.Name, At: s.From.At}, nil)
	c.sameInput(s, d.input, other)
	c.untakeable(s, other)
	d.from = &ir.From{Model: m, Frozen: frozen, At: s.From.At}
	z := code{name: other.code.name, steps: taken(other.code.meanSteps(), frozen), sparse: other.code.sparse}
	return taken(other.encoder, frozen), z
}

// untakeable refuses an encoder whose code is no function of layers, or needs more than the encoder.
func (c *checker) untakeable(s *grammar.Encoder, other *design) {
	d := source.Diagnostic{Code: source.Untakeable, Span: s.From.At}
	name := quoted(unquoted(s.From))
	switch layer, _ := other.code.layer(); {
	case other.code.quantized():
		d.Message = fmt.Sprintf("the code of %s is one of the vectors of a codebook, which moves with its own encoder and decoder", name)
		d.Hint = "take the encoder of a spec whose code is `dense(…)`"
		d.Related = []source.Related{{Span: other.code.name.At, Message: "this code is quantised"}}
	case layer.relaxation.Classes > 1:
		d.Message = fmt.Sprintf("the mean of the code of %s is the probabilities of the classes of its units, and no layer makes those", name)
		d.Hint = "take the encoder of a spec whose code is `dense(…)`, `gaussian(…)` or `bernoulli(…)`"
		d.Related = []source.Related{{Span: layer.at, Message: "this code has classes"}}
	case other.code.preBias.Valid():
		d.Message = fmt.Sprintf("the encoder of %s subtracts the bias of its decoder, which is not taken", name)
		d.Hint = "train that spec without `pre_bias`"
		d.Related = []source.Related{{Span: other.code.preBias, Message: "the bias is subtracted here"}}
	default:
		return
	}
	c.add(d)
}

// meanSteps make what Encode gives: of a code that is sampled its mean, of coins the probabilities.
func (z code) meanSteps() []step {
	layer, ok := z.layer()
	if !ok || !layer.sampled {
		return z.steps
	}
	mean := layer
	mean.sampled, mean.relaxation = false, nn.Relaxation{}
	if layer.relaxation.Classes > 0 {
		return []step{mean, activate{activation: nn.Activation{Func: nn.Sigmoid}, at: layer.at}}
	}
	mean.name = "bottleneck.mean"
	return []step{mean}
}

// freeze reads the settings of the section.
func (c *checker) freeze(settings []*grammar.Setting) (frozen bool) {
	found := map[string]source.Span{}
	for _, line := range settings {
		if c.secondSetting(line, found) {
			continue
		}
		if _, ok := c.find(line.Name, fromSetting); !ok {
			continue
		}
		if line.Value == nil {
			c.add(source.Diagnostic{
				Code: source.SettingForm, Span: line.At, Message: fmt.Sprintf("%s has no value", quoted(line.Name.Name)),
				Expected: "`true` or `false`", Hint: "write `freeze true`",
			})
			continue
		}
		frozen = c.truth(line.Value).value == 1
	}
	return frozen
}

// other checks the spec that a section names. It returns nil where that cannot be used, which is reported.
func (c *checker) other(name *grammar.String) (*design, *ir.Model) {
	if c.open == nil {
		c.unreadable(name, "there are no other specs here")
		return nil, nil
	}
	src, err := c.open(unquoted(name), c.file.Source)
	if err != nil {
		c.unreadable(name, err.Error())
		return nil, nil
	}
	chain := append(slices.Clone(c.users), c.file.Source)
	if slices.ContainsFunc(chain, func(f *source.File) bool { return f.Name == src.Name }) {
		c.add(source.Diagnostic{
			Code: source.SpecCycle, Span: name.At, Message: fmt.Sprintf("the spec %s would take its own encoder", quoted(src.Name)),
			Hint: "name a spec that writes its encoder out",
		})
		return nil, nil
	}
	file, mistakes := grammar.Parse(src)
	other := newChecker(file)
	other.open, other.users = c.open, chain
	d, m, list := other.model(nil)
	list = append(mistakes, list...)
	if source.HasErrors(list) || m == nil {
		for _, mistake := range list {
			if mistake.Severity == source.Error {
				c.add(mistake)
			}
		}
		c.add(source.Diagnostic{Code: source.SpecMistakes, Span: name.At, Message: fmt.Sprintf("the spec %s has mistakes of its own", quoted(src.Name)),
			Hint: "`aegen check` shows them"})
		return nil, nil
	}
	return d, m
}

// unquoted is what a string says.
func unquoted(s *grammar.String) string {
	text, err := strconv.Unquote(s.Text)
	if err != nil {
		return s.Text
	}
	return text
}

func (c *checker) unreadable(name *grammar.String, why string) {
	c.add(source.Diagnostic{
		Code: source.SpecUnreadable, Span: name.At, Message: fmt.Sprintf("the spec %s cannot be read: %s", quoted(unquoted(name)), why),
		Expected: "the path of a spec, from the folder of this one",
	})
}

// sameInput sees that the encoder gets what it was made for.
func (c *checker) sameInput(s *grammar.Encoder, in input, other *design) {
	d := source.Diagnostic{
		Code: source.OtherInput, Span: in.at,
		Related: []source.Related{{Span: other.input.at, Message: "the input of the encoder's spec"}, {Span: s.From.At, Message: "whose encoder is taken"}},
	}
	theirs := other.input
	switch {
	case in.size == 0: // which is reported
		return
	case in.size != theirs.size:
		d.Message = fmt.Sprintf("the encoder of %s takes %s, and %s has %d", quoted(unquoted(s.From)), values(theirs.size), quoted(in.tensor.Name), in.size)
		d.Expected, d.Found = values(theirs.size), values(in.size)
	case in.grid != theirs.grid && hasSpatial(other.chain()):
		d.Message = fmt.Sprintf("the encoder of %s takes %s, and %s is %s", quoted(unquoted(s.From)), theirs.flow().shaped(), quoted(in.tensor.Name), in.flow().shaped())
		d.Expected, d.Found = theirs.flow().shaped(), in.flow().shaped()
	case in.record.String() != theirs.record.String() || (in.record == nil) != (theirs.record == nil):
		d.Message = fmt.Sprintf("the encoder of %s takes data of another kind", quoted(unquoted(s.From)))
		d.Expected, d.Found = kindOf(theirs), kindOf(in)
	case in.standard.Valid() != theirs.standard.Valid() || in.scaled != theirs.scaled || in.scale.Low != theirs.scale.Low || in.scale.High != theirs.scale.High:
		d.Message = fmt.Sprintf("the encoder of %s takes data of another scale", quoted(unquoted(s.From)))
		d.Expected, d.Found = scaleOf(theirs), scaleOf(in)
	default:
		return
	}
	c.add(d)
}

func kindOf(in input) string {
	if in.record == nil {
		return "values"
	}
	return quoted(in.record.String())
}

func scaleOf(in input) string {
	if in.standard.Valid() {
		return "`scale standard`"
	}
	if !in.scaled {
		return "no `scale`"
	}
	return fmt.Sprintf("`scale range(%s, %s)`", shown(in.scale.Low), shown(in.scale.High))
}

// taken are the steps of another spec. Frozen ones compute what its model's Encode does: without dropout.
func taken(steps []step, frozen bool) []step {
	var all []step
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			s.frozen = frozen
			all = append(all, s)
		case conv:
			s.frozen = frozen
			all = append(all, s)
		case residual:
			s.body = taken(s.body, frozen)
			all = append(all, s)
		case topk:
			s.frozen = frozen
			all = append(all, s)
		case dropout:
			if !frozen {
				all = append(all, s)
			}
		default:
			all = append(all, s)
		}
	}
	return all
}
