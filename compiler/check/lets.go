package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A let is a named constant. It may stand after its uses.
type let struct {
	name  grammar.Ident
	value grammar.Expr
	state progress
	number
	used bool
}

// progress tells whether a let's expression has been evaluated.
type progress int

const (
	waiting progress = iota
	running
	done
)

func (c *checker) declareLet(s *grammar.Let) {
	if c.declare(s.Name, constants) {
		l := &let{name: s.Name, value: s.Value}
		c.lets = append(c.lets, l)
		c.letsByName[s.Name.Name] = l
	}
}

// letNames lists the lets, as far as a hint looks.
func (c *checker) letNames() []string {
	var names []string
	for _, l := range c.lets[:min(len(c.lets), maxHinted)] {
		names = append(names, l.name.Name)
	}
	return names
}

// override gives lets the values of the command line.
func (c *checker) override(set map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(set)) {
		l := c.letsByName[name]
		if l == nil {
			c.unknownOverride(name)
			continue
		}
		v, ok := literal(set[name])
		if !ok {
			c.add(source.Diagnostic{
				Code: source.BadOverride, Message: fmt.Sprintf("-set %s=%s is no number", name, set[name]),
				Expected: "a number such as `-set " + name + "=16`", Found: quoted(set[name]),
				Related: []source.Related{{Span: l.name.At, Message: "the `let` is here"}},
			})
		}
		l.state, l.number = done, number{v, ok}
	}
}

func (c *checker) unknownOverride(name string) {
	if c.lost(name) {
		return
	}
	hint := "the spec has no `let`; write `let " + name + " = 32` and use the name"
	if len(c.lets) > 0 {
		hint = meant(name, c.letNames())
	}
	c.add(source.Diagnostic{
		Code: source.UnknownOverride, Message: fmt.Sprintf("-set %s: the spec has no `let` of that name", name), Hint: hint,
	})
}

// evaluateLets finds the value of every let.
func (c *checker) evaluateLets() {
	for _, l := range c.lets {
		c.evaluate(l)
	}
}

// evaluate returns the value of a let.
func (c *checker) evaluate(l *let) number {
	switch l.state {
	case waiting:
		l.state = running
		c.evaluating = append(c.evaluating, l)
		v := c.number(l.value, nil)
		c.evaluating = c.evaluating[:len(c.evaluating)-1]
		if l.state == running { // else the let was found to need itself
			l.number = v
		}
		l.state = done
	case running:
		l.state = done
		c.letNeedsItself(l)
	case done:
	default:
		panic("internal error: unknown progress of a let")
	}
	return l.number
}

// letNeedsItself reports a circle of lets once, and names those on the way.
func (c *checker) letNeedsItself(l *let) {
	d := source.Diagnostic{
		Code: source.Recursion, Span: l.name.At, Message: fmt.Sprintf("the value of %s depends on itself", quoted(l.name.Name)),
		Hint: "give one of the names a number",
	}
	for _, other := range c.evaluating[slices.Index(c.evaluating, l)+1:] {
		d.Related = append(d.Related, source.Related{Span: other.name.At, Message: "by way of " + quoted(other.name.Name)})
	}
	c.add(d)
}
