package source

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// window is how many characters of a long line are shown.
const window = 100

// snippets builds the picture of one diagnostic.
type snippets struct {
	painter
	strings.Builder
	gutter int
}

func (s *snippets) printf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

func (s *snippets) pad() string { return strings.Repeat(" ", s.gutter+1) }

// place shows where a span is: file, line and column, then the line with the span underlined by mark, then a note.
func (s *snippets) place(arrow string, at Span, mark, note string, paint func(string) string) {
	if !at.Valid() {
		if note != "" {
			s.printf("%s %s %s\n", s.pad(), s.blue("="), note)
		}
		return
	}
	p := at.File.Position(at.Start)
	s.printf("%s%s %s:%d:%d\n", s.pad(), s.blue(arrow), at.File.Name, p.Line, p.Column)
	line, under := underline(at, mark)
	s.printf("%s %s\n", s.pad(), s.blue("|"))
	s.printf("%s %s\n", s.blue(fmt.Sprintf(" %*d |", s.gutter, p.Line)), line)
	pad := under[:strings.Index(under, mark)]
	s.printf("%s %s %s%s\n", s.pad(), s.blue("|"), pad, paint(strings.TrimRight(under[len(pad):]+" "+note, " ")))
}

// underline returns the line in which a span begins, cut to a window around it, and the marks that stand below the span.
// A span of several lines is marked to the end of its first line; an empty one gets one mark.
func underline(at Span, mark string) (line, under string) {
	text, start := at.File.line(at.Start)
	from := max(0, min(at.Start-start, len(text)))
	to := max(from, min(at.End-start, len(text)))
	before, in, after := []rune(text[:from]), []rune(text[from:to]), []rune(text[to:])
	var pad strings.Builder
	left, right := "", ""
	if len(before)+len(in)+len(after) > window {
		in, after, right = cut(in, after, window-min(len(before), window/4))
		if room := max(window/4, window-len(in)-len(after)); len(before) > room {
			before, left = before[len(before)-room+1:], "…"
		}
	}
	pad.WriteString(strings.Repeat(" ", utf8.RuneCountInString(left)))
	for _, r := range before {
		if r == '\t' {
			pad.WriteRune('\t')
		} else {
			pad.WriteRune(' ')
		}
	}
	line = left + visible(before) + visible(in) + visible(after) + right
	return line, pad.String() + strings.Repeat(mark, max(1, len(in)))
}

// cut shortens what stands at and behind a place to some characters.
func cut(in, after []rune, room int) (shortIn, shortAfter []rune, dots string) {
	if len(in) >= room {
		return in[:room], nil, "…"
	}
	if len(in)+len(after) > room {
		return in, after[:room-len(in)], "…"
	}
	return in, after, ""
}

// visible replaces characters that a terminal would obey or drop. Tabs stay.
func visible(text []rune) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, string(text))
}

// A painter colours text for a terminal, or leaves it alone.
type painter bool

func (p painter) with(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p painter) red(text string) string    { return p.with("1;31", text) }
func (p painter) yellow(text string) string { return p.with("1;33", text) }
func (p painter) blue(text string) string   { return p.with("1;34", text) }
func (p painter) bold(text string) string   { return p.with("1", text) }
