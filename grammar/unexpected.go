package grammar

import (
	"strings"

	"github.com/alecthomas/participle/v2"

	"github.com/aegen/aegen/grammar/source"
)

// expectations says in words what the grammars of heads.go can expect. The keys are participle's names for it.
var expectations = map[string]string{
	"<name>":      "a name",
	"NameNode":    "a name",
	"<string>":    "a string, as in `\"fashion.ae\"`",
	"SumNode":     "a value",
	"ProductNode": "a value",
	"UnaryNode":   "a value",
	"CallNode":    "a word such as `dense(32)`",
	`"="`:         "`=`",
	`":"`:         "`:`",
	`")"`:         "`,` or `)`",
	`"from"`:      "`from`",
	`"per"`:       "`per`",
}

// expectation returns the first thing that a participle error expects, as participle writes it, or "".
// What follows in the grammar stands behind it, as in `"=" SumNode`.
func expectation(err *participle.UnexpectedTokenError) string {
	text := err.Message()
	i := strings.LastIndex(text, " (expected ")
	if i < 0 {
		return ""
	}
	text = strings.TrimLeft(strings.TrimSuffix(text[i+len(" (expected "):], ")"), "(")
	word, _, _ := strings.Cut(text, " ")
	return strings.TrimRight(word, "?*+)!") + strings.Repeat(")", strings.Count(word, `")`))
}

// unexpected reports that something else stands where the grammar of a line wants a certain thing.
func (m *mistakes) unexpected(b *branch, err *participle.UnexpectedTokenError) {
	head := words(b.head)
	i := 0
	for i < len(head) && head[i].Pos.Offset < err.Unexpected.Pos.Offset {
		i++
	}
	expect := expectations[expectation(err)]
	d := source.Diagnostic{Code: source.Syntax, Expected: expect, Hint: m.hint(b, head, i)}
	if expect == "" {
		d.Expected = "the end of the line"
	}
	if i == len(head) {
		d.Code, d.Span, d.Message = source.Incomplete, m.after(head[i-1]), "the line ends too early"
		d.Found = "the end of the line"
	} else {
		d.Span, d.Message, d.Found = m.at(head[i]), "unexpected "+quote(head[i].Value), quote(head[i].Value)
	}
	m.add(d)
}

func (m *mistakes) hint(b *branch, head []token, i int) string {
	if like := likeOf(b.word); like != "" {
		return "it is written `" + like + "`"
	}
	return ""
}

// emptyField reports a comma of a record without a field before it.
func (p *parser) emptyField(*branch) {}
