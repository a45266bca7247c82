package grammar

import (
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2"

	"github.com/aegen/aegen/grammar/source"
)

// expectations says in words what the grammars of heads.go can want. The keys are participle's names for it.
var expectations = map[string]string{
	"<name>":      "a name",
	"NameNode":    "a name",
	"<string>":    "a string, as in `\"fashion.ae\"`",
	"SumNode":     "a value",
	"ProductNode": "a value",
	"UnaryNode":   "a value",
	"ArgNode":     "an argument",
	"CallNode":    "a word, with or without arguments",
	`"="`:         "`=`",
	`":"`:         "`:`",
	`")"`:         "`,` or `)`",
	`"from"`:      "`from`",
	`"per"`:       "`per`",
}

// expectation returns in words what a participle error expects first, or "" where it expects nothing in particular:
// at the first word of a line, and behind a line that could end.
func expectation(err *participle.UnexpectedTokenError) string {
	text := err.Message()
	i := strings.LastIndex(text, " (expected ")
	if i < 0 {
		return ""
	}
	word, _, _ := strings.Cut(strings.TrimSuffix(text[i+len(" (expected "):], ")"), " ")
	words, ok := expectations[strings.TrimRight(word, "+")]
	if !ok {
		panic("no words for the expectation " + word)
	}
	return words
}

// An unread is a head that its grammar refused: the mistake is at the token with the number at.
type unread struct {
	*mistakes
	b    *branch
	head []token
	at   int
	want string // in words, or ""
}

// unexpected reports that something else stands where the grammar of a line wants a certain thing.
func (m *mistakes) unexpected(b *branch, err *participle.UnexpectedTokenError) {
	u := &unread{mistakes: m, b: b, head: words(b.head), want: expectation(err)}
	for u.at < len(u.head) && u.head[u.at].Pos.Offset < err.Unexpected.Pos.Offset {
		u.at++
	}
	m.add(u.diagnostic())
}

func (u *unread) diagnostic() source.Diagnostic {
	d := source.Diagnostic{Code: source.Syntax, Expected: u.expected(), Hint: u.hint()}
	if u.at == len(u.head) {
		d.Code, d.Message, d.Found = source.Incomplete, "the line ends too early", "the end of the line"
		d.Span = u.mistakes.after(u.head[u.at-1])
	} else {
		d.Message, d.Found = "unexpected "+quote(u.head[u.at].Value), quote(u.head[u.at].Value)
		d.Span = u.mistakes.at(u.head[u.at])
	}
	switch before := u.before(); {
	case before.Type == markType && before.Value != ")" && (u.want == "a value" || u.want == "an argument"):
		d.Code, d.Message = source.MissingValue, "a value is missing after "+quote(before.Value)
	case u.at == len(u.head):
	case u.want == "" && u.b.in == noBody && isStatement(u.head[u.at]):
		d.Code, d.Message, d.Hint = source.SecondStatement, "a second statement on one line", "put it on a line of its own"
	}
	return d
}

func (u *unread) expected() string {
	switch {
	case u.want != "":
		return u.want
	case u.at > 0:
		return "the end of the line"
	}
	switch u.b.in {
	case layerBody:
		return "a layer, `repeat` or `residual`"
	case settingBody:
		return "the name of a setting"
	case fieldBody:
		return "the name of a field"
	}
	panic("internal error: a statement without a word")
}

// before is the token before the mistake, or the zero token.
func (u *unread) before() token {
	if u.at == 0 {
		return token{}
	}
	return u.head[u.at-1]
}

// inParens reports whether the mistake stands between parentheses.
func (u *unread) inParens() bool {
	depth := 0
	for _, t := range u.head[:u.at] {
		switch {
		case isMark(t, "("):
			depth++
		case isMark(t, ")"):
			depth--
		}
	}
	return depth > 0
}

// hint says how to mend the slips that people make most, or shows how the line is written.
func (u *unread) hint() string {
	before := u.before()
	if u.at < len(u.head) {
		t := u.head[u.at]
		switch {
		case isMark(t, "=") && u.inParens():
			return "an argument is named with `:`, as in `stride: 2`"
		case isMark(t, ")") && isMark(before, ","):
			return "remove the comma, or write an argument after it"
		case u.inParens():
		case (isMark(t, ":") || isMark(t, "=")) && u.b.in == settingBody:
			return fmt.Sprintf("a setting is a name and a value with a blank between them: `%s …`", before.Value)
		case isMark(t, ",") && u.want == "":
			return "there are no commas between the parts of a line"
		case u.want == "" && u.b.in != settingBody && before.Type == nameType && (t.Type == numberType || t.Type == stringType):
			return fmt.Sprintf("arguments stand in parentheses: `%s(%s)`", before.Value, t.Value)
		}
	}
	if like := likeOf(u.b.word); like != "" {
		return "it is written `" + like + "`"
	}
	return ""
}

func isStatement(t token) bool {
	_, is := formOf(statements, t.Value)
	return is && t.Type == nameType
}
