package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// sections is what stands at the top level of a spec, each section once, but any number of `corrupt` and `augment` lines. A missing one is nil.
type sections struct {
	input       *grammar.Input
	target      *grammar.Target
	corrupt     []*grammar.Corrupt
	augment     []*grammar.Augment
	encoder     *grammar.Encoder
	bottleneck  *grammar.Bottleneck
	decoder     *grammar.Decoder
	reconstruct *grammar.Reconstruct
	train       *grammar.Train
	alarm       *grammar.Alarm
}

// needed lists the sections that no spec can do without, and how each may be written.
var needed = []struct{ word, like string }{
	{"input", "write `input x = vector(64)` with the number of values of a sample, or `input x = image(28, 28)`"},
	{"encoder", "write `encoder { dense(256) relu }`, or `encoder { }` where the bottleneck is the only layer"},
	{"bottleneck", "write `bottleneck z = dense(32)` with the width of the code"},
	{"decoder", "write `decoder mirror(encoder)`, or `decoder { dense }` for a single layer"},
	{"reconstruct", "write `reconstruct mse`, `reconstruct bernoulli`, `reconstruct gaussian(std: 1)` or `reconstruct categorical`"},
}

// collect sorts the statements of a spec by what they are. Their order in the text carries no meaning.
func (c *checker) collect() {
	found := map[string]source.Span{}
	for _, s := range c.file.Stmts {
		c.collectOne(s, found)
	}
	for _, n := range needed {
		optional := c.otherTask() && (n.word == "bottleneck" || n.word == "decoder") || n.word == "bottleneck" && c.borrows()
		if _, ok := found[n.word]; !ok && !optional && !c.broken(n.word) {
			c.add(source.Diagnostic{
				Code: source.MissingSection, Span: c.start(),
				Message: fmt.Sprintf("the spec has no %s", quoted(n.word)), Hint: n.like,
			})
		}
	}
}

// otherTask reports whether the spec asks for something else than to reconstruct its input. Models of that kind are not
// built yet, which is reported by name; that they need no bottleneck, no decoder or another last size is no mistake.
func (c *checker) otherTask() bool {
	return slices.ContainsFunc(c.file.Stmts, func(s grammar.Stmt) bool {
		switch s := s.(type) {
		case *grammar.Predict:
			return true
		case *grammar.Target:
			return s.Type.Name.Name == "tokens"
		}
		return false
	})
}

// collectOne takes one statement. Found holds the sections seen before, by word.
func (c *checker) collectOne(s grammar.Stmt, found map[string]source.Span) {
	switch s := s.(type) {
	case *grammar.Let:
		c.declareLet(s)
	case *grammar.Block:
		c.declareBlock(s)
	case *grammar.Input:
		if keep(c, "input", s, found, &c.sections.input) {
			c.declare(s.Name, nil)
		}
	case *grammar.Target:
		if keep(c, "target", s, found, &c.sections.target) {
			c.declare(s.Name, nil)
		}
	case *grammar.Encoder:
		if keep(c, "encoder", s, found, &c.sections.encoder) {
			c.declareSkips(s.Body)
		}
	case *grammar.Bottleneck:
		if keep(c, "bottleneck", s, found, &c.sections.bottleneck) {
			c.declare(s.Name, nil)
		}
	case *grammar.Decoder:
		if keep(c, "decoder", s, found, &c.sections.decoder) {
			c.declareSkips(s.Body)
		}
	case *grammar.Reconstruct:
		keep(c, "reconstruct", s, found, &c.sections.reconstruct)
	case *grammar.Train:
		keep(c, "train", s, found, &c.sections.train)
	case *grammar.Corrupt:
		c.sections.corrupt = append(c.sections.corrupt, s)
	case *grammar.Alarm:
		keep(c, "alarm", s, found, &c.sections.alarm)
	case *grammar.Augment:
		c.sections.augment = append(c.sections.augment, s)
	case *grammar.Predict:
		c.notBuiltStatement(s)
	default:
		panic(fmt.Sprintf("internal error: unknown statement %T", s))
	}
}

// keep stores the first section of a kind and reports the others. It tells whether it has stored s.
func keep[S grammar.Stmt](c *checker, word string, s S, found map[string]source.Span, into *S) bool {
	if first, twice := found[word]; twice {
		c.add(source.Diagnostic{
			Code: source.SecondSection, Span: s.Span(), Message: "a second " + quoted(word),
			Hint:    "a spec has one; remove one of the two",
			Related: []source.Related{{Span: first, Message: "the first is here"}},
		})
		return false
	}
	found[word] = s.Span()
	*into = s
	return true
}

// start is where a missing section is reported: at the model's name.
func (c *checker) start() source.Span {
	if c.file.Model != nil {
		return c.file.Model.At
	}
	return source.Span{File: c.file.Source}
}

// broken reports whether the parser lost a line of some statement: what that statement lacks is then no mistake of its own.
func (c *checker) broken(statement string) bool {
	for _, lost := range c.file.Broken {
		if lost.Name == statement {
			return true
		}
	}
	return false
}

// lost reports whether a name may have been declared in a line that the parser could not read.
func (c *checker) lost(name string) bool {
	for _, l := range c.file.Broken {
		if strings.Contains(l.At.File.Text[l.At.Start:l.At.End], name) {
			return true
		}
	}
	return false
}

// text is what stands at a place.
func (c *checker) text(at source.Span) string { return c.file.Source.Text[at.Start:at.End] }

// sure returns the steps of a section, which are all unknown where a line of it was lost.
func (c *checker) sure(section string, steps []step) []step {
	if c.broken(section) || c.broken("block") {
		return []step{unknown{}}
	}
	return steps
}
