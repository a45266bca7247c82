package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// maxLayers bounds the layers and activations of a model once blocks and repeats are unfolded, and the blocks unfolded.
const maxLayers = 10_000

// unfolding is what is known while blocks are replaced by their bodies.
type unfolding struct {
	active []*grammar.Call // calls of the blocks around, outermost first
	blocks int             // unfolded so far
	full   bool            // whether the limit was passed and reported
}

// unfold turns the lines of a body into steps.
func (c *checker) unfold(body []grammar.Line, in scope) []step {
	var steps []step
	n := 0
	for _, l := range body {
		if c.unfolds.full {
			return nil
		}
		more := c.unfoldLine(l, in)
		steps = append(steps, more...)
		if n += count(more); n > maxLayers {
			c.tooManyLayers(l.Span())
		}
	}
	return steps
}

func (c *checker) unfoldLine(l grammar.Line, in scope) []step {
	switch l := l.(type) {
	case *grammar.Layer:
		var steps []step
		for _, call := range l.Ops {
			steps = append(steps, c.operation(call, layer, in)...)
		}
		if l.As != nil {
			steps = append(steps, mark{*l.As})
		}
		return steps
	case *grammar.Repeat:
		return c.repeat(l, in)
	case *grammar.Residual:
		return []step{residual{body: c.unfold(l.Body, in), at: l.At}}
	default:
		panic(fmt.Sprintf("internal error: unknown line %T", l))
	}
}

var repeatCount = intArg("the count of `repeat`", 1, maxLayers)

// repeat unfolds the body once and copies it: what a body means does not depend on its round.
func (c *checker) repeat(l *grammar.Repeat, in scope) []step {
	n := c.argument(&repeatCount, l.Count, in)
	body := c.unfold(l.Body, in)
	if !n.ok {
		return append(body, unknown{})
	}
	if int(n.value)*count(body) > maxLayers {
		c.tooManyLayers(l.At)
		return nil
	}
	var steps []step
	for range int(n.value) {
		steps = append(steps, body...)
	}
	return steps
}

// count is the number of layers and activations among steps.
func count(steps []step) int {
	n := len(steps)
	for _, s := range steps {
		if r, ok := s.(residual); ok {
			n += count(r.body)
		}
	}
	return n
}

// fewEnough reports whether all sections together stay within the limit.
func (c *checker) fewEnough(sections ...[]step) bool {
	n := 0
	for _, s := range sections {
		n += count(s)
	}
	if n > maxLayers {
		c.tooManyLayers(c.start())
	}
	return n <= maxLayers
}

// tooManyLayers reports, once, that the limit is passed: at a place outside of all blocks.
func (c *checker) tooManyLayers(at source.Span) {
	if !c.unfolds.full {
		if len(c.unfolds.active) > 0 {
			at = c.unfolds.active[0].At
		}
		c.add(source.Diagnostic{
			Code: source.TooManyLayers, Span: at, Message: "the model unfolds to too many layers",
			Expected: fmt.Sprintf("at most %s layers and activations", shown(maxLayers)),
			Hint:     "lower the counts of `repeat`, or use fewer blocks",
		})
	}
	c.unfolds.full = true
}
