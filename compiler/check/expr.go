package check

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var literalForm = regexp.MustCompile(`^-?[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?$`)

// literal converts a number as it is written in a spec. It refuses what float64 cannot hold.
func literal(text string) (float64, bool) {
	if !literalForm.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return v, err == nil
}

// number evaluates an expression.
func (c *checker) number(e grammar.Expr, in scope) number {
	switch e := e.(type) {
	case *grammar.Number:
		v, ok := literal(e.Text)
		if !ok {
			c.overflow(e)
		}
		return number{v, ok}
	case *grammar.Unary:
		x := c.number(e.X, in)
		return number{-x.value, x.ok}
	case *grammar.Paren:
		return c.number(e.X, in)
	case *grammar.Binary:
		return c.binary(e, in)
	case *grammar.Call:
		if e.Parens || e.Name.Name == "true" || e.Name.Name == "false" {
			c.wrongKind(e, "a number")
			return number{}
		}
		return c.nameValue(e.Name, in)
	case *grammar.String:
		c.wrongKind(e, "a number")
		return number{}
	default:
		panic(fmt.Sprintf("internal error: unknown expression %T", e))
	}
}

func (c *checker) binary(e *grammar.Binary, in scope) number {
	x, y := c.number(e.X, in), c.number(e.Y, in)
	if !x.ok || !y.ok {
		return number{}
	}
	var v float64
	switch e.Op {
	case '+':
		v = x.value + y.value
	case '-':
		v = x.value - y.value
	case '*':
		v = x.value * y.value
	case '/':
		if y.value == 0 {
			c.divisionByZero(e)
			return number{}
		}
		v = x.value / y.value
	default:
		panic(fmt.Sprintf("internal error: unknown operator %c", e.Op))
	}
	if math.IsInf(v, 0) {
		c.overflow(e)
		return number{}
	}
	return number{v, true}
}

func (c *checker) divisionByZero(e *grammar.Binary) {
	d := source.Diagnostic{Code: source.DivisionByZero, Span: e.At, Message: "division by zero", Found: textOf(e.At)}
	if _, literal := e.Y.(*grammar.Number); !literal {
		d.Hint = textOf(e.Y.Span()) + " is 0 here"
	}
	c.add(d)
}

func (c *checker) overflow(e grammar.Expr) {
	c.add(source.Diagnostic{
		Code: source.Overflow, Span: e.Span(), Message: "the number is too large to compute with",
		Expected: "at most 1.8e308", Found: textOf(e.Span()),
	})
}

func (c *checker) wrongKind(e grammar.Expr, want string) {
	c.add(source.Diagnostic{
		Code: source.WrongKind, Span: e.Span(), Message: fmt.Sprintf("%s is not %s", textOf(e.Span()), want),
		Expected: want, Found: textOf(e.Span()),
	})
}

// chosenWord evaluates one of the words of a parameter, to its number.
func (c *checker) chosenWord(p *param, e grammar.Expr) number {
	if w, ok := e.(*grammar.Call); ok && !w.Parens {
		if i := slices.Index(p.words, w.Name.Name); i >= 0 {
			return number{float64(i), true}
		}
	}
	c.wrongKind(e, p.want())
	return number{}
}

// truth evaluates `true` or `false`.
func (c *checker) truth(e grammar.Expr) number {
	if w, ok := e.(*grammar.Call); ok && !w.Parens {
		switch w.Name.Name {
		case "true":
			return number{1, true}
		case "false":
			return number{0, true}
		}
	}
	c.wrongKind(e, "`true` or `false`")
	return number{}
}
