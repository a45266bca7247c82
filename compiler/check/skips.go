package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A skip is a name that a line has by `as`.
type skip struct {
	name grammar.Ident
	used bool
}

// A marked flow is what a name stands for, where it is known.
type markedFlow struct {
	flow
	section ir.Section
}

// declareSkips takes the names that lines of a body have.
func (c *checker) declareSkips(body []grammar.Line) {
	for _, l := range body {
		switch l := l.(type) {
		case *grammar.Layer:
			if l.As != nil && c.declare(*l.As, nil) {
				c.skips = append(c.skips, &skip{name: *l.As})
			}
		case *grammar.Repeat:
			c.declareSkips(l.Body)
		case *grammar.Residual:
			c.declareSkips(l.Body)
		default:
			panic(fmt.Sprintf("internal error: unknown line %T", l))
		}
	}
}

// nameOf reads the argument of `concat(s1)`: the name of a line.
func (c *checker) nameOf(call *grammar.Call) (grammar.Ident, bool) {
	like := fmt.Sprintf("write `%s(s1)`, and `as s1` behind the line that is meant", call.Name.Name)
	switch {
	case len(call.Args) == 0:
		c.add(source.Diagnostic{
			Code: source.MissingArgument, Span: call.At, Message: fmt.Sprintf("%s needs the name of a line", quoted(call.Name.Name)), Hint: like,
		})
		return grammar.Ident{}, false
	case len(call.Args) > 1:
		c.add(source.Diagnostic{
			Code: source.ExtraArgument, Span: call.Args[1].At, Message: fmt.Sprintf("%s takes one name", quoted(call.Name.Name)),
			Found: "one more: " + textOf(call.Args[1].At), Hint: "write one behind the other, as in `concat(s1) concat(s2)`",
		})
		return grammar.Ident{}, false
	}
	a := call.Args[0]
	w, ok := a.Value.(*grammar.Call)
	if a.Name != nil || !ok || w.Parens {
		c.add(source.Diagnostic{
			Code: source.WrongKind, Span: a.At, Message: fmt.Sprintf("%s is not the name of a line", textOf(a.At)),
			Expected: "a name that a line has by `as`", Found: textOf(a.At), Hint: like,
		})
		return grammar.Ident{}, false
	}
	var names []string
	for _, s := range c.skips {
		if s.name.Name == w.Name.Name {
			s.used = true
			return w.Name, true
		}
		if len(names) < maxHinted {
			names = append(names, s.name.Name)
		}
	}
	if c.full() || c.lost(w.Name.Name) {
		return grammar.Ident{}, false
	}
	d := source.Diagnostic{
		Code: source.UnknownName, Span: w.Name.At, Message: fmt.Sprintf("no line is called %s", quoted(w.Name.Name)), Expected: "a name that a line has by `as`", Hint: like,
	}
	if near := source.Nearest(w.Name.Name, names); near != "" {
		d.Hint = fmt.Sprintf("did you mean %s?", quoted(near))
	} else if at, taken := c.names[w.Name.Name]; taken {
		d.Related = []source.Related{{Span: at, Message: fmt.Sprintf("this %s is no line", quoted(w.Name.Name))}}
	}
	c.add(d)
	return grammar.Ident{}, false
}

// mark notes what flows under a name. Where a line is unfolded several times, the name is that of the last.
func (c *checker) mark(s mark, now flow) { c.marks[s.name.Name] = markedFlow{now, c.section} }

// marked is what a name stands for so far. Where it stands for nothing yet, that is reported.
func (c *checker) marked(name grammar.Ident) (markedFlow, bool) {
	m, known := c.marks[name.Name]
	if !known {
		d := source.Diagnostic{
			Code: source.SkipOrder, Span: name.At, Message: fmt.Sprintf("%s is used before it is made", quoted(name.Name)),
			Hint: "a name stands for what a line before it makes, in the order in which data flows",
		}
		if at, taken := c.names[name.Name]; taken {
			d.Related = []source.Related{{Span: at, Message: "it is made here"}}
		}
		c.add(d)
		return m, false
	}
	return m, m.size > 0
}

// shapeJoin sees that what flows and what a name stands for fit each other. It reports whether they do.
func (c *checker) shapeJoin(s join, now flow) (join, flow, bool) {
	other, known := c.marked(s.of)
	if now.size == 0 || !known {
		return s, now.lost(s.at), false
	}
	s.across = c.section == ir.Decoder && other.section != ir.Decoder
	s.positions = max(now.grid.Positions(), 1)
	fit := now.fits(other.flow)
	if !s.add {
		fit = now.grid.H == other.grid.H && now.grid.W == other.grid.W
	}
	if !fit {
		c.wrongJoin(s, now, other.flow)
		return s, now.lost(s.at), false
	}
	if s.size = now.size; s.add {
		next := now
		next.by, next.at, next.how, next.before, next.made, next.pool = textOf(s.at), s.at, "", &now, true, 0
		return s, next, true
	}
	if s.size += other.size; s.size > maxWidth {
		c.tooLarge(nn.Grid{H: s.positions, W: 1, C: s.size / s.positions}, s.at)
		return s, now.lost(s.at), false
	}
	if now.grid.H == 0 {
		return s, flow{size: s.size, line: now.line, by: textOf(s.at), at: s.at, made: true, before: &now}, true
	}
	joined := nn.Grid{H: now.grid.H, W: now.grid.W, C: now.grid.C + other.grid.C}
	return s, now.through(joined, fmt.Sprintf("%d + %d channels", now.grid.C, other.grid.C), s.at), true
}

// wrongJoin reports what does not fit, and how both became what they are.
func (c *checker) wrongJoin(s join, now, other flow) {
	d := source.Diagnostic{
		Code: source.SkipShape, Span: s.at, Message: fmt.Sprintf("%s is %s, and %s flow here", quoted(s.of.Name), other.shaped(), now.shaped()),
		Related: now.history(),
	}
	for _, r := range other.history() {
		if !slices.Contains(d.Related, r) {
			d.Related = append(d.Related, r)
		}
	}
	if now.grid.H > 0 {
		d.Message = fmt.Sprintf("%s is %s, and %s flows here", quoted(s.of.Name), other.shaped(), now.shaped())
	}
	switch {
	case s.add:
		d.Expected, d.Found = other.shaped(), now.shaped()
		if now.grid.Positions() == other.grid.Positions() && other.grid.C > 0 {
			d.Hint = fmt.Sprintf("`conv(%d, kernel: 1)` before it makes as many channels", other.grid.C)
		}
	case now.grid.H == 0 || other.grid.H == 0:
		d.Expected, d.Found = "both images, or both values without places", fmt.Sprintf("%s beside %s", now.shaped(), other.shaped())
		d.Hint = "`flatten` makes values of an image, `unflatten` an image of values"
	default:
		d.Expected, d.Found = fmt.Sprintf("%d×%d, of any channels", other.grid.H, other.grid.W), now.shaped()
	}
	c.add(d)
}

// readsEncoder is where the decoder uses more of the encoder than the code, or not valid.
func readsEncoder(steps []step, encoderPools int) source.Span {
	for _, s := range steps {
		switch s := s.(type) {
		case join:
			if s.across {
				return s.at
			}
		case unpool:
			if s.pool < encoderPools {
				return s.at
			}
		case residual:
			if at := readsEncoder(s.body, encoderPools); at.Valid() {
				return at
			}
		}
	}
	return source.Span{}
}

// checkSkips refuses a decoder that reads the encoder where the code must say all that it knows.
func (c *checker) checkSkips(d *design) {
	d.skips = readsEncoder(d.decoder.steps, c.coded)
	layer, ok := d.code.layer()
	if !d.skips.Valid() || !ok || !layer.sampled && !d.code.quantized() {
		return
	}
	c.add(source.Diagnostic{
		Code: source.SettingConflict, Span: d.skips, Message: fmt.Sprintf("the decoder reads the encoder beside a code that is %s", choose(layer.sampled, "sampled", "quantised")),
		Hint:    "leave out the skip, or make the code `dense` or `conv`: the score and what is sampled take the code for all that the decoder knows",
		Related: []source.Related{{Span: layer.at, Message: "the code is made here"}},
	})
}

// warnUnusedSkips warns of names of lines that nothing uses.
func (c *checker) warnUnusedSkips() {
	for _, s := range c.skips {
		if !s.used {
			c.warning(source.Diagnostic{
				Code: source.Unused, Span: s.name.At, Message: fmt.Sprintf("nothing uses %s", quoted(s.name.Name)),
				Hint: fmt.Sprintf("remove `as %s`, or write `concat(%s)` or `add(%s)` where it is meant", s.name.Name, s.name.Name, s.name.Name),
			})
		}
	}
}
