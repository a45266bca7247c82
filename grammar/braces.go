package grammar

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// adopt takes a body that begins on a line of its own as that of the line before.
func (r *reader) adopt(list []*branch) bool {
	if len(list) == 0 {
		return false
	}
	b := list[len(list)-1]
	if len(b.head) == 0 || b.open != nil || bodyOf(b.word, words(b.head), r.kind()) == noBody {
		return false
	}
	r.add(source.Diagnostic{
		Code: source.LoneBrace, Span: r.at(r.peek()),
		Message: "`{` stands on a line of its own",
		Hint:    fmt.Sprintf("put it at the end of the line of `%s`", b.head[0].Value),
		Related: []source.Related{{Span: r.over(b.head), Message: "the body belongs to this line"}},
	})
	r.body(b)
	r.lineEnd(b)
	return true
}

// stray reports a brace that closes nothing, once a line.
func (r *reader) stray() {
	r.add(source.Diagnostic{
		Code: source.StrayBrace, Span: r.at(r.peek()),
		Message: "this `}` closes nothing",
		Hint:    "remove it, or add the `{` it belongs to",
	})
	for isMark(r.peek(), "}") {
		r.take()
	}
}

// neverClosed reports the opening brace of a body that no brace ends.
func (r *reader) neverClosed(b *branch) {
	r.unclosed = max(0, r.unclosed-1)
	d := source.Diagnostic{
		Code: source.UnclosedBrace, Span: r.at(*b.open),
		Message:  "this `{` is never closed",
		Expected: "`}`", Found: found(r.peek()),
		Hint: "close the body with a `}`",
	}
	if t := r.peek(); !t.EOF() {
		d.Related = []source.Related{{Span: r.at(t), Message: "the next statement begins here"}}
	}
	r.add(d)
}

// noBodyHere reports a body behind a head that takes none, or behind no head at all.
func (r *reader) noBodyHere(b *branch) {
	d := source.Diagnostic{Code: source.UnwantedBody, Span: r.at(*b.open)}
	if len(b.head) == 0 {
		d.Message = "a body without a statement"
		d.Hint = "a body stands behind a word such as `encoder`, on the same line"
	} else {
		d.Message = fmt.Sprintf("`%s` takes no body here", b.head[0].Value)
		d.Hint = "remove the braces and what is between them"
	}
	b.broken = true
	r.add(d)
}

func (r *reader) strayParen(t token) {
	r.add(source.Diagnostic{
		Code: source.StrayParen, Span: r.at(t),
		Message: "this `)` closes nothing",
		Hint:    "remove it, or add the `(` it belongs to",
	})
}

func (r *reader) unclosedParen(t token) {
	r.add(source.Diagnostic{
		Code: source.UnclosedParen, Span: r.at(t),
		Message:  "this `(` is never closed",
		Expected: "`)`", Found: found(r.peek()),
		Hint: "close it with a `)`; inside parentheses a line may only break behind `(`, `,` or an operator, or before `)`",
	})
}

func (r *reader) longLine(head []token) {
	r.add(source.Diagnostic{
		Code: source.TooLong, Span: r.at(head[0]),
		Message:  "the line is too long",
		Expected: fmt.Sprintf("at most %d words and marks", maxWords), Found: fmt.Sprint(len(head)),
	})
}
