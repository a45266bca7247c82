package grammar

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/aegen/aegen/grammar/source"
)

// The longest name, number and string that a spec may hold, in bytes.
const (
	maxName   = 64
	maxNumber = 64
	maxString = 1024
)

var (
	plainName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	plainNumber = regexp.MustCompile(`^[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]+)?$`)
)

// wellFormed reports what is wrong with one token on its own.
func (m *mistakes) wellFormed(t token) bool {
	switch t.Type {
	case nameType:
		return m.within(t, "name", maxName) && m.name(t)
	case numberType:
		return m.within(t, "number", maxNumber) && m.number(t)
	case stringType:
		return m.within(t, "string", maxString) && m.text(t)
	case unclosedType:
		m.add(source.Diagnostic{
			Code: source.BadString, Span: m.at(t), Message: "this string is never closed",
			Expected: "`\"` before the end of the line", Hint: "close it with a `\"`",
		})
		return false
	case unknownType:
		m.unknown(t)
		return false
	}
	return true
}

func (m *mistakes) within(t token, what string, most int) bool {
	if len(t.Value) <= most {
		return true
	}
	m.add(source.Diagnostic{
		Code: source.TooLong, Span: m.at(t), Message: "the " + what + " is too long",
		Expected: fmt.Sprintf("at most %d bytes", most), Found: fmt.Sprintf("%d", len(t.Value)),
	})
	return false
}

func (m *mistakes) name(t token) bool {
	if plainName.MatchString(t.Value) {
		return true
	}
	m.add(source.Diagnostic{
		Code: source.BadName, Span: m.at(t), Message: quote(t.Value) + " is not a name",
		Expected: "letters from a to z and A to Z, digits and `_`", Found: quote(t.Value),
		Hint: "names become names in Go code; spell this one with plain letters",
	})
	return false
}

func (m *mistakes) number(t token) bool {
	if plainNumber.MatchString(t.Value) {
		return true
	}
	m.add(source.Diagnostic{
		Code: source.BadNumber, Span: m.at(t), Message: quote(t.Value) + " is not a number",
		Expected: "a number such as `128`, `50_000`, `0.5` or `1e-3`", Found: quote(t.Value),
		Hint: numberHint(t.Value),
	})
	return false
}

func numberHint(text string) string {
	last := text[len(text)-1]
	switch {
	case text[0] == '.':
		return "write a digit before the point: `0" + text + "`"
	case last == '.':
		return "write a digit after the point: `" + text + "0`"
	case last == 'e' || last == 'E':
		return "write an exponent after the `" + text[len(text)-1:] + "`"
	case last == '_':
		return "`_` stands between two digits"
	}
	return ""
}

func (m *mistakes) text(t token) bool {
	if _, err := strconv.Unquote(t.Value); err == nil {
		return true
	}
	m.add(source.Diagnostic{
		Code: source.BadString, Span: m.at(t), Message: "the string has an escape that does not exist",
		Expected: "the escapes of Go: `\\\\`, `\\\"`, `\\n`, `\\t`, `\\u00e9`", Hint: "write a backslash as `\\\\`, or use `/` in paths",
	})
	return false
}

func (m *mistakes) unknown(t token) {
	m.add(source.Diagnostic{
		Code: source.UnknownCharacter, Span: m.at(t), Message: quote(t.Value) + " has no meaning here",
		Hint: characterHint(t.Value),
	})
}

func characterHint(text string) string {
	switch text[0] {
	case ';':
		return "a line ends without `;`"
	case '#':
		return "a comment begins with `//`"
	case '\'', '`':
		return "a string stands between `\"`"
	case '[':
		return "arguments stand in `( )`, bodies in `{ }`"
	case '^':
		return "there are no powers; write the number, or a product"
	}
	return ""
}
