package gosrc

import (
	"fmt"
	"go/format"
	"strings"
)

// A writer collects the lines of one file.
type writer struct {
	b strings.Builder
}

// line writes one line; gofmt indents it later.
func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format+"\n", args...)
}

// gofmt returns the file in gofmt's format. Source that does not parse is a defect of the emitter.
func gofmt(name, text string) []byte {
	out, err := format.Source([]byte(text))
	if err != nil {
		panic(fmt.Sprintf("internal error: %s is not Go: %v\n%s", name, err, text))
	}
	return out
}

// each joins text for 0 ≤ i < n with # replaced by i: each(3, ", ", "a#") is "a0, a1, a2".
func each(n int, separator, text string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = strings.ReplaceAll(text, "#", fmt.Sprint(i))
	}
	return strings.Join(parts, separator)
}
