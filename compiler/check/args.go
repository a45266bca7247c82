package check

import (
	"fmt"
	"math"
	"slices"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A kind is what an argument is.
type kind int

const (
	real    kind = iota
	integer      // a real without a fraction
	flag         // true or false
	choice       // one of some words
)

// A param is one argument that a word takes.
type param struct {
	name     string
	kind     kind
	bare     bool // written without its name
	named    bool // bare, and may have its name all the same
	optional bool
	value    float64  // where it is left out
	words    []string // of a choice; its value is a number of them
	limits
}

// limits is an interval of numbers.
type limits struct {
	low, high         float64
	openLow, openHigh bool // whether the ends are excluded
}

// Numbers beyond these have no use in a model of float32.
const (
	tiny = 1e-30
	huge = 1e30
)

var (
	anyReal  = limits{low: -huge, high: huge}
	positive = limits{low: 0, openLow: true, high: huge}
	atLeast0 = limits{low: 0, high: huge}
	below1   = limits{low: 0, high: 1, openHigh: true} // [0, 1)
	upTo1    = limits{low: 0, high: 1}
)

// arguments are the values of a word's parameters by name, defaults filled in. True is 1 and false is 0.
type arguments map[string]number

// bind gives the arguments of a call to the parameters of its word. It reports all that do not fit.
func (c *checker) bind(name grammar.Ident, list []*grammar.Arg, params []param, in scope) (arguments, bool) {
	values, given := arguments{}, map[string]source.Span{}
	ok := true
	for i, a := range list {
		p := c.paramOf(name, a, i, params, given)
		if p == nil {
			ok = false
			continue
		}
		given[p.name] = a.At
		values[p.name] = c.argument(p, a.Value, in)
		ok = ok && values[p.name].ok
	}
	for _, p := range params {
		if _, there := given[p.name]; there {
			continue
		}
		values[p.name] = number{p.value, p.optional}
		if !p.optional {
			ok = false
			if len(list) == len(given) { // else the one that is missing was probably misspelt
				c.missingArgument(name, p, params)
			}
		}
	}
	return values, ok
}

// paramOf finds the parameter that the argument at index i is for, or reports that there is none.
func (c *checker) paramOf(name grammar.Ident, a *grammar.Arg, i int, params []param, given map[string]source.Span) *param {
	if a.Name == nil {
		return c.bareParam(name, a, i, params)
	}
	at := slices.IndexFunc(params, func(p param) bool { return p.name == a.Name.Name })
	switch {
	case len(params) == 0:
		c.noArguments(name, a)
	case at < 0:
		c.add(source.Diagnostic{
			Code: source.UnknownArgument, Span: a.Name.At,
			Message: fmt.Sprintf("%s has no argument %s", quoted(name.Name), quoted(a.Name.Name)),
			Hint:    argumentHint(name.Name, a.Name.Name, params),
		})
	case given[a.Name.Name].Valid():
		c.add(source.Diagnostic{
			Code: source.RepeatedArgument, Span: a.At, Message: fmt.Sprintf("the argument %s is there twice", quoted(a.Name.Name)),
			Hint: "remove one of the two", Related: []source.Related{{Span: given[a.Name.Name], Message: "the first is here"}},
		})
	case params[at].bare && !params[at].named:
		c.add(source.Diagnostic{
			Code: source.ArgumentForm, Span: a.Name.At,
			Message: fmt.Sprintf("%s is written without its name", quoted(a.Name.Name)),
			Hint:    fmt.Sprintf("write `%s(%s)`", name.Name, c.text(a.Value.Span())),
		})
	default:
		return &params[at]
	}
	return nil
}

// bareParam finds the parameter for an argument without a name.
func (c *checker) bareParam(name grammar.Ident, a *grammar.Arg, i int, params []param) *param {
	if i < len(params) && params[i].bare {
		return &params[i]
	}
	named := slices.IndexFunc(params, func(p param) bool { return !p.bare })
	switch {
	case len(params) == 0:
		c.noArguments(name, a)
	case named >= 0:
		c.add(source.Diagnostic{
			Code: source.ArgumentForm, Span: a.At, Message: fmt.Sprintf("which argument of %s is %s?", quoted(name.Name), textOf(a.At)),
			Expected: "a name before it, as in " + quoted(params[named].name+": "+c.text(a.At)),
			Hint:     argumentHint(name.Name, "", params),
		})
	default:
		c.add(source.Diagnostic{
			Code: source.ExtraArgument, Span: a.At, Message: fmt.Sprintf("%s takes %s", quoted(name.Name), counted(len(params), "argument")),
			Found: fmt.Sprintf("one more: %s", textOf(a.At)), Hint: "write " + quoted(example(name.Name, params)),
		})
	}
	return nil
}

func (c *checker) noArguments(name grammar.Ident, a *grammar.Arg) {
	c.add(source.Diagnostic{
		Code: source.ExtraArgument, Span: a.At, Message: fmt.Sprintf("%s takes no arguments", quoted(name.Name)),
		Found: textOf(a.At), Hint: fmt.Sprintf("write %s alone", quoted(name.Name)),
	})
}

func (c *checker) missingArgument(name grammar.Ident, p param, params []param) {
	c.add(source.Diagnostic{
		Code: source.MissingArgument, Span: name.At, Message: fmt.Sprintf("%s needs its argument %s", quoted(name.Name), quoted(p.name)),
		Expected: p.want(), Hint: "write " + quoted(example(name.Name, params)),
	})
}

// argument evaluates one argument and holds it against its parameter.
func (c *checker) argument(p *param, e grammar.Expr, in scope) number {
	switch p.kind {
	case flag:
		return c.truth(e)
	case choice:
		return c.chosenWord(p, e)
	}
	v := c.number(e, in)
	if v.ok {
		v.ok = c.within(p, e.Span(), v.value)
	}
	return v
}

// within reports whether a number lies where its parameter allows.
func (c *checker) within(p *param, at source.Span, v float64) bool {
	d := source.Diagnostic{Code: source.OutOfRange, Span: at, Expected: p.want(), Found: shown(v)}
	switch {
	case math.IsNaN(v) || v < p.low || v == p.low && p.openLow:
		d.Message = fmt.Sprintf("%s must be %s %s", p.name, choose(p.openLow, "greater than", "at least"), shown(p.low))
	case v > p.high || v == p.high && p.openHigh:
		d.Message = fmt.Sprintf("%s must be %s %s", p.name, choose(p.openHigh, "less than", "at most"), shown(p.high))
	case p.kind == integer && v != math.Trunc(v):
		d.Code, d.Message = source.NotInteger, fmt.Sprintf("%s must be a whole number", p.name)
		d.Hint = fmt.Sprintf("the nearest is %s", shown(max(p.low, min(p.high, math.Round(v)))))
	default:
		return true
	}
	if n := len(c.unfolds.active); n > 0 {
		call := c.unfolds.active[n-1]
		d.Related = append(d.Related, source.Related{Span: call.At, Message: "in this use of " + quoted(call.Name.Name)})
	}
	c.add(d)
	return false
}
