package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var augmentWords = []word{
	{name: "flip", places: []place{motion}, params: []param{flagArg("horizontal"), flagArg("vertical")}},
	{name: "shift", places: []place{motion}, params: []param{intArg("places", 1, maxWidth).first().orNamed()}},
	{name: "crop", places: []place{motion}, params: []param{intArg("height", 1, maxWidth).first(), intArg("width", 1, maxWidth).first()}},
}

// augment checks all `augment` lines.
func (c *checker) augment(lines []*grammar.Augment, d *design, t nn.Training) *nn.Augment {
	if len(lines) == 0 {
		return nil
	}
	a := &nn.Augment{}
	known := c.augmented(lines[0], d, t, a)
	for _, line := range lines {
		w, ok := c.find(line.By.Name, motion)
		if !ok {
			continue
		}
		args, ok := c.bind(line.By.Name, line.By.Args, w.params, nil)
		if !ok {
			continue
		}
		var m nn.Move
		switch w.name {
		case "flip":
			m.Horizontal, m.Vertical = args.flag("horizontal"), args.flag("vertical")
			if m == (nn.Move{}) {
				c.add(source.Diagnostic{
					Code: source.MissingArgument, Span: line.By.At, Message: "`flip` needs a direction",
					Expected: "`horizontal: true`, `vertical: true` or both", Hint: "write `flip(horizontal: true)`",
				})
			}
		case "shift":
			m.Shift = args.whole("places")
			if known && m.Shift >= max(a.Image.H, a.Image.W) {
				c.augmentOf(line, d, fmt.Sprintf("a shift by %d places leaves nothing of %d×%d", m.Shift, a.Image.H, a.Image.W), "write a smaller shift")
			}
		case "crop":
			m.Rows, m.Columns = args.whole("height"), args.whole("width")
			if known && (m.Rows > a.Image.H || m.Columns > a.Image.W) {
				c.augmentOf(line, d, fmt.Sprintf("a window of %d×%d is larger than the image", m.Rows, m.Columns), fmt.Sprintf("the image has %d×%d", a.Image.H, a.Image.W))
			}
		default:
			panic(fmt.Sprintf("internal error: the way to augment %s has no meaning", w.name))
		}
		a.Moves = append(a.Moves, m)
	}
	return a
}

// augmented finds out what is moved, and reports whether it can be.
func (c *checker) augmented(line *grammar.Augment, d *design, t nn.Training, a *nn.Augment) bool {
	if t.Pretrain.Epochs > 0 {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: line.At, Message: "`pretrain` trains layers on codes, which are no images",
			Hint: "leave out `pretrain` or `augment`", Related: []source.Related{{Span: c.pretrainAt, Message: "`pretrain` is here"}},
		})
		return false
	}
	in := c.sections.input
	if in == nil || d.input.size == 0 {
		return false
	}
	dims := d.input.tensor.Dims
	if in.Type.Name.Name != "image" {
		c.augmentOf(line, d, fmt.Sprintf("%s is no image", quoted(d.input.tensor.Name)), "write the input as `image(height, width)`, or leave out the `augment`")
		return false
	}
	a.Image = nn.Grid{H: dims[0], W: dims[1], C: 1}
	if len(dims) > 2 {
		a.Image.C = dims[2]
	}
	goal := d.target
	if !goal.own || goal.size == 0 || goal.Classes > 0 {
		return true
	}
	if a.Labels = goal.Labels != nil; !a.Labels && c.sections.target.Type.Name.Name != "image" {
		return true // values that stay
	}
	if a.Values = !a.Labels; a.Values {
		a.Channels = product(goal.Dims[2:])
	}
	if goal.Dims[0] != dims[0] || goal.Dims[1] != dims[1] {
		c.augmentOf(line, d, fmt.Sprintf("%s cannot move with %s: it has another size", quoted(goal.Name), quoted(d.input.tensor.Name)),
			fmt.Sprintf("%s has %d×%d places and %s %d×%d", quoted(d.input.tensor.Name), dims[0], dims[1], quoted(goal.Name), goal.Dims[0], goal.Dims[1]))
		return false
	}
	return true
}

func (c *checker) augmentOf(line *grammar.Augment, d *design, message, hint string) {
	c.add(source.Diagnostic{
		Code: source.AugmentOf, Span: line.By.At, Message: message, Hint: hint, Related: []source.Related{{Span: d.input.at, Message: "the input is here"}},
	})
}
