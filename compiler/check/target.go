package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var targetWords = []word{
	{name: "class", places: []place{targetType}, params: []param{intArg("classes", 2, maxWidth).first()}},
	{name: "labels", places: []place{targetType}, params: labelParams},
}

// A target is what the decoder is compared with: that of the spec, or the input. Its size, that of the decoder's end, is 0 where a
// mistake was reported.
type target struct {
	ir.Target
	own  bool // whether it is not the input
	size int
	grid nn.Grid     // of an image or a sequence, else zero
	at   source.Span // of `class(10)`
}

// target checks the section; s is nil where the input is the target.
func (c *checker) target(s *grammar.Target, in input) target {
	if s == nil {
		return target{Target: ir.Target{Tensor: in.tensor}, size: in.size, grid: in.grid, at: in.at}
	}
	t := target{Target: ir.Target{Tensor: ir.Tensor{Name: s.Name.Name, At: s.At}}, own: true, at: s.Type.At}
	if s.Type.Name.Name == "labels" {
		c.labels(&t, s.Type)
		return t
	}
	dims := c.dims(s.Type, targetType)
	if dims == nil {
		return t
	}
	if t.size = product(dims); s.Type.Name.Name == "class" {
		t.Classes = t.size
	} else {
		t.Dims = dims
		t.grid, _ = gridOf(s.Type.Name.Name, dims)
	}
	return t
}

// model is the target as the IR has it: nil where it is the input.
func (t target) model() *ir.Target {
	if !t.own {
		return nil
	}
	return &t.Target
}

// has says how large the target is: "784 values", "10 classes", "64 places of 3 classes".
func (t target) has() string {
	if t.Classes > 0 {
		return fmt.Sprintf("%s classes", shown(float64(t.Classes)))
	}
	if t.Labels != nil {
		return fmt.Sprintf("%s places of %d classes", shown(float64(t.size/t.Labels.Classes)), t.Labels.Classes)
	}
	return values(t.size)
}

// count is has, without the word for values.
func (t target) count() string {
	if t.Classes > 0 {
		return t.has()
	}
	if t.Labels != nil {
		return fmt.Sprintf("%s: %d values", t.has(), t.size)
	}
	return fmt.Sprint(t.size)
}

// checkCompared refuses a likelihood that does not fit what it compares with.
func (c *checker) checkCompared(d *design) {
	t, l := d.target, d.loss
	if !l.ok || t.size == 0 {
		return
	}
	if l.Likelihood == nn.Categorical {
		d.loss.Labels = t.Labels
	}
	related := []source.Related{{Span: t.at, Message: fmt.Sprintf("%s has %s", quoted(t.Name), t.has())}}
	if alarm := c.sections.alarm; alarm != nil && t.own {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: alarm.At, Message: "an alarm is raised by the score of an input, and here a score needs a target as well",
			Hint: fmt.Sprintf("leave out the `alarm`, or the target %s", quoted(t.Name)), Related: related,
		})
	}
	switch {
	case (t.Classes > 0 || t.Labels != nil) && l.Likelihood != nn.Categorical:
		c.add(source.Diagnostic{
			Code: source.LikelihoodOf, Span: l.at, Message: fmt.Sprintf("%s does not compare with %s", textOf(l.at), choose(t.Classes > 0, "a class", "classes")),
			Expected: "`categorical`, the likelihood of classes", Found: textOf(l.at), Hint: "write `reconstruct categorical`", Related: related,
		})
	case l.Likelihood == nn.Categorical && t.size == 1:
		c.add(source.Diagnostic{
			Code: source.LikelihoodOf, Span: l.at, Message: "`categorical` of one value says nothing: its probability is always 1",
			Expected: "two values or more", Found: t.has(), Hint: "write `reconstruct bernoulli` for a value between 0 and 1", Related: related,
		})
	}
}
