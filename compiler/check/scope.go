package check

import (
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

// constants are the names that no `let` and no parameter may have, for expressions know them already.
var constants = []string{"true", "false"}

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

// nameValue returns what a name stands for in an expression.
func (c *checker) nameValue(name grammar.Ident, in scope) number {
	if v, ok := in[name.Name]; ok {
		return v
	}
	if l := c.letsByName[name.Name]; l != nil {
		l.used = true
		return c.evaluate(l)
	}
	if c.full() || c.lost(name.Name) || c.notBuiltWord(name, argumentValue) {
		return number{}
	}
	if at, taken := c.names[name.Name]; taken {
		c.add(source.Diagnostic{
			Code: source.MisplacedWord, Span: name.At, Message: fmt.Sprintf("%s is not a number", quoted(name.Name)),
			Expected: "a number or the name of a `let`", Related: []source.Related{{Span: at, Message: "it is declared here"}},
		})
		return number{}
	}
	known := append(slices.Sorted(maps.Keys(in)), c.letNames()...)
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
