package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A number is the value of an expression, where it has one.
type number struct {
	value float64
	ok    bool // false after a mistake that has been reported
}

// A scope holds what the parameters of a block stand for. Outside of blocks it is nil.
type scope map[string]number

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

// declare takes a name for one thing. Names of the language's own may not be taken.
func (c *checker) declare(name grammar.Ident, reserved []string) bool {
	if slices.Contains(reserved, name.Name) {
		c.add(source.Diagnostic{
			Code: source.ReservedName, Span: name.At,
			Message: fmt.Sprintf("%s is a word of the language", quoted(name.Name)), Hint: "choose another name",
		})
		return false
	}
	if first, taken := c.names[name.Name]; taken {
		c.add(source.Diagnostic{
			Code: source.DuplicateName, Span: name.At,
			Message: fmt.Sprintf("the name %s is taken", quoted(name.Name)), Hint: "choose another name",
			Related: []source.Related{{Span: first, Message: "it is declared here"}},
		})
		return false
	}
	c.names[name.Name] = name.At
	return true
}

// constants are the names that no `let` and no parameter may have, for expressions know them already.
var constants = []string{"true", "false"}

func (c *checker) declareLet(s *grammar.Let) {
	if c.declare(s.Name, constants) {
		c.lets = append(c.lets, &let{name: s.Name, value: s.Value})
	}
}

// letOf finds a let by name, or returns nil.
func (c *checker) letOf(name string) *let {
	for _, l := range c.lets {
		if l.name.Name == name {
			return l
		}
	}
	return nil
}

func (c *checker) letNames() []string {
	names := make([]string, len(c.lets))
	for i, l := range c.lets {
		names[i] = l.name.Name
	}
	return names
}

// override gives lets the values of the command line.
func (c *checker) override(set map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(set)) {
		l := c.letOf(name)
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
		v := c.number(l.value, nil)
		if l.state == running { // else the let was found to need itself
			l.number = v
		}
		l.state = done
	case running:
		l.state = done
		c.add(source.Diagnostic{
			Code: source.Recursion, Span: l.name.At,
			Message: fmt.Sprintf("the value of %s needs the value of %s", quoted(l.name.Name), quoted(l.name.Name)),
			Hint:    "a `let` stands for a number that is known without it",
		})
	case done:
	default:
		panic("internal error: unknown progress of a let")
	}
	return l.number
}

// nameValue returns what a name stands for in an expression.
func (c *checker) nameValue(name grammar.Ident, in scope) number {
	if v, ok := in[name.Name]; ok {
		return v
	}
	if l := c.letOf(name.Name); l != nil {
		l.used = true
		return c.evaluate(l)
	}
	if c.lost(name.Name) || c.notBuiltWord(name, argumentValue) {
		return number{}
	}
	known := append(slices.SortedFunc(maps.Keys(in), cmp.Compare[string]), c.letNames()...)
	hint := "write a number, or declare it: `let " + name.Name + " = 32`"
	if near := source.Nearest(name.Name, known); near != "" {
		hint = "did you mean " + quoted(near) + "?"
	}
	c.add(source.Diagnostic{
		Code: source.UnknownName, Span: name.At,
		Message: fmt.Sprintf("unknown name %s", quoted(name.Name)), Expected: "a number or the name of a `let`", Hint: hint,
	})
	return number{}
}
