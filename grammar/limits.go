package grammar

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aegen/aegen/grammar/source"
)

// The largest file and the deepest nesting of brackets that is read.
const (
	maxFile  = 1 << 18
	maxDepth = 100
)

// readable refuses what is no spec at all, or would take too long to read, with one diagnostic.
func (m *mistakes) readable() bool {
	text := m.file.Text
	switch {
	case len(text) > maxFile:
		m.add(source.Diagnostic{
			Code: source.TooLarge, Span: source.Span{File: m.file}, Message: "the file is too large for a spec",
			Expected: fmt.Sprintf("at most %d bytes", maxFile), Found: fmt.Sprintf("%d bytes", len(text)),
			Hint: "this is perhaps a data file; a spec is a text of a few hundred lines at most",
		})
		return false
	case !m.isText(text):
		return false
	}
	return m.shallow(text)
}

// isText refuses text that is not UTF-8, or has bytes that no text has.
func (m *mistakes) isText(text string) bool {
	for i, r := range text {
		if r == utf8.RuneError && strings.HasPrefix(text[i:], "\xEF\xBF\xBD") {
			continue
		}
		if r == utf8.RuneError || r == 0 {
			m.add(source.Diagnostic{
				Code: source.NotText, Span: source.Span{File: m.file, Start: i, End: i + 1},
				Message:  "the file is not a text",
				Expected: "UTF-8", Found: fmt.Sprintf("the byte 0x%02x at offset %d", text[i], i),
				Hint: "this is perhaps a binary file, or a text in another encoding",
			})
			return false
		}
	}
	return true
}

// shallow refuses brackets that nest too deep. Brackets in strings and comments do not count.
func (m *mistakes) shallow(text string) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '/' && strings.HasPrefix(text[i:], "//"):
			i += lineLength(text[i:]) - 1
		case c == '"':
			i += stringLength(text[i:]) - 1
		case c == '(' || c == '{':
			if depth++; depth > maxDepth {
				m.add(source.Diagnostic{
					Code: source.TooDeep, Span: source.Span{File: m.file, Start: i, End: i + 1},
					Message:  "brackets nest too deep",
					Expected: fmt.Sprintf("at most %d brackets inside one another", maxDepth),
					Hint:     "give a part of it a name, with `block` or `let`",
				})
				return false
			}
		case (c == ')' || c == '}') && depth > 0:
			depth--
		}
	}
	return true
}

// lineLength is the number of bytes before the end of the line.
func lineLength(text string) int {
	if n := strings.IndexAny(text, "\r\n"); n >= 0 {
		return n
	}
	return len(text)
}

// stringLength is the number of bytes of the string, closed or not, that a text begins with.
func stringLength(text string) int {
	line := lineLength(text)
	for i := 1; i < line; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return line
}
