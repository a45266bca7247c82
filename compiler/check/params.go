package check

import (
	"math"
	"slices"
	"strings"

	"github.com/aegen/aegen/grammar/source"
)

// Ways to write a row of a table of parameters. Without more, a parameter is written by its name and cannot be left out.

func realArg(name string, l limits) param { return param{name: name, kind: real, limits: l} }

func intArg(name string, low, high float64) param {
	return param{name: name, kind: integer, limits: limits{low: low, high: high}}
}

// wordArg is one of some words, written with its name or without; the first where it is left out.
func wordArg(name string, words ...string) param {
	return param{name: name, kind: choice, bare: true, named: true, optional: true, words: words}
}

func flagArg(name string) param { return param{name: name, kind: flag, optional: true} }

// first marks a parameter that is written without its name.
func (p param) first() param {
	p.bare = true
	return p
}

// orNamed marks a parameter of first that may be written by its name as well.
func (p param) orNamed() param {
	p.named = true
	return p
}

// or marks a parameter that may be left out.
func (p param) or(value float64) param {
	p.optional, p.value = true, value
	return p
}

// want describes the values that a parameter takes.
func (p param) want() string {
	if p.kind == flag {
		return "`true` or `false`"
	}
	if p.kind == choice {
		return listed(p.words)
	}
	noun := choose(p.kind == integer, "a whole number", "a number")
	var parts []string
	if p.low > -huge {
		parts = append(parts, choose(p.openLow, "greater than ", "at least ")+shown(p.low))
	}
	if p.high < huge {
		parts = append(parts, choose(p.openHigh, "less than ", "at most ")+shown(p.high))
	}
	if len(parts) == 2 && !p.openLow && !p.openHigh {
		return noun + " from " + shown(p.low) + " to " + shown(p.high)
	}
	return strings.TrimSuffix(noun+" "+strings.Join(parts, " and "), " ")
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// example shows how a word is written with the arguments that it needs: `dense(width)`, `step(every: …)`.
func example(name string, params []param) string {
	var args []string
	for _, p := range params {
		switch {
		case p.bare && p.kind != choice:
			args = append(args, p.name)
		case !p.optional:
			args = append(args, p.name+": …")
		}
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

// argumentHint names the argument that was probably meant, else all that can be written by name.
func argumentHint(name, wrong string, params []param) string {
	var named []string
	for _, p := range params {
		if !p.bare || p.named {
			named = append(named, p.name)
		}
	}
	if len(named) == 0 {
		return "write " + quoted(example(name, params))
	}
	if near := source.Nearest(wrong, named); near != "" {
		return "did you mean " + quoted(near) + "?"
	}
	return quoted(name) + " takes " + strings.Replace(listed(named), " or ", " and ", 1)
}

// whole converts an argument that has been checked to be a whole number.
func (a arguments) whole(name string) int { return int(math.Round(a[name].value)) }

func (a arguments) real(name string) float64 { return a[name].value }

func (a arguments) flag(name string) bool { return a[name].value != 0 }

// word is the word of an argument of w that is a choice.
func (a arguments) word(name string, w word) string {
	for _, p := range w.params {
		if p.name == name {
			return p.words[a.whole(name)]
		}
	}
	panic("internal error: no argument " + name)
}

// has reports whether a parameter is among params.
func has(params []param, name string) bool {
	return slices.ContainsFunc(params, func(p param) bool { return p.name == name })
}

// argumentOf shows how a word of `train` that is an argument of an optimizer or a schedule is written, or returns "".
func argumentOf(name string) string {
	for _, s := range settings {
		if s.value != nil {
			continue
		}
		for _, w := range vocabulary {
			if w.family == nil && w.fits(s.place) && has(w.params, name) {
				return s.name + " " + w.name + "(" + name + ": …)"
			}
		}
	}
	return ""
}
