package source

import (
	"fmt"
	"strings"
)

// shown is how many diagnostics of a list people get to see.
const shown = 10

// Render writes diagnostics for people: sorted by place, each once, ten at most, and all of them counted in a last line.
// Warnings make room for errors. The result is empty for an empty list.
func Render(list []Diagnostic, color bool) string {
	sorted := Sorted(list)
	if len(sorted) == 0 {
		return ""
	}
	var out strings.Builder
	picked := pick(sorted)
	for _, d := range picked {
		out.WriteString(d.Render(color) + "\n")
	}
	if rest := len(sorted) - len(picked); rest > 0 {
		fmt.Fprintf(&out, "… and %d more\n", rest)
	}
	out.WriteString(Summary(sorted) + "\n")
	return out.String()
}

// Summary counts: "3 errors, 1 warning".
func Summary(list []Diagnostic) string {
	errors, warnings := Count(list)
	var parts []string
	if errors > 0 {
		parts = append(parts, plural(errors, "error"))
	}
	if warnings > 0 {
		parts = append(parts, plural(warnings, "warning"))
	}
	return strings.Join(parts, ", ")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// pick chooses what is shown: errors before warnings, earlier places before later ones, in the order of places.
func pick(sorted []Diagnostic) []Diagnostic {
	errors, _ := Count(sorted)
	warnings := max(0, shown-errors)
	errors = min(errors, shown)
	var picked []Diagnostic
	for _, d := range sorted {
		left := &errors
		if d.Severity == Warning {
			left = &warnings
		}
		if *left > 0 {
			*left--
			picked = append(picked, d)
		}
	}
	return picked
}

// Render writes one diagnostic for people, with its line of the source and its place marked.
func (d Diagnostic) Render(color bool) string {
	p := painter(color)
	paint := p.red
	if d.Severity == Warning {
		paint = p.yellow
	}
	s := snippets{painter: p, gutter: d.gutter()}
	s.printf("%s%s\n", paint(fmt.Sprintf("%s[%s]", d.Severity, d.Code)), p.bold(": "+d.Message))
	s.place("-->", d.Span, "^", "", paint)
	for _, note := range []struct{ name, text string }{{"expected", d.Expected}, {"found", d.Found}, {"help", d.Hint}} {
		if note.text != "" {
			s.printf("%s %s %s\n", s.pad(), p.blue("="), p.bold(note.name+":")+" "+note.text)
		}
	}
	for _, r := range d.Related {
		s.place(":::", r.Span, "-", r.Message, p.blue)
	}
	return s.String()
}

// gutter is the width of the widest line number that will be shown.
func (d Diagnostic) gutter() int {
	width := 1
	for _, s := range append([]Related{{Span: d.Span}}, d.Related...) {
		if s.Span.Valid() {
			width = max(width, len(fmt.Sprint(s.Span.File.Position(s.Span.Start).Line)))
		}
	}
	return width
}

// String names a severity as it is shown.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		panic(fmt.Sprintf("internal error: unknown severity %d", int(s)))
	}
}
