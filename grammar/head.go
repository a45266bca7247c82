package grammar

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// maxWords bounds the tokens of one head, and with them how deep an expression without brackets can nest.
const maxWords = 1000

// head reads the tokens of a line up to its body or its end, and reports what can be seen without its grammar.
func (r *reader) head(b *branch) {
	var parens []*token
	for !r.headEnds(b.head, len(parens)) {
		t := r.take()
		switch {
		case isMark(*t, "("):
			parens = append(parens, t)
		case isMark(*t, ")") && len(parens) > 0:
			parens = parens[:len(parens)-1]
		case isMark(*t, ")") && !b.broken:
			b.broken = true
			r.strayParen(*t)
		case !r.wellFormed(*t):
			b.broken = true
		}
		b.head = append(b.head, *t)
	}
	if len(b.head) > maxWords && !b.broken {
		b.broken = true
		r.longLine(b.head)
	}
	if len(parens) > 0 && !b.broken {
		b.broken = true
		r.unclosedParen(*parens[len(parens)-1])
	}
}

// headEnds reports whether the next token is no part of the head any more.
// A line break inside parentheses is, where the line before or the line after it cannot stand alone.
func (r *reader) headEnds(head []token, depth int) bool {
	t := r.peek()
	switch {
	case t.EOF(), isMark(t, "{"), isMark(t, "}"):
		return true
	case t.Type == newlineType, t.Type == commentType:
		return depth == 0 || !r.continues(head)
	}
	return isMark(t, ",") && depth == 0 && r.kind() == fieldBody
}

func (r *reader) continues(head []token) bool {
	for i := len(head) - 1; i >= 0; i-- {
		if t := head[i]; t.Type != newlineType && t.Type != commentType {
			if t.Type == markType && t.Value != ")" {
				return true
			}
			break
		}
	}
	i := r.next
	for r.tokens[i].Type == newlineType || r.tokens[i].Type == commentType {
		i++
	}
	t := r.tokens[i]
	return t.Type == markType && t.Value != "{" && t.Value != "}" && t.Value != "("
}

// inPlace sees that no top-level statement stands in a body.
func (r *reader) inPlace() bool {
	if !r.statementHere() {
		return true
	}
	t := r.peek()
	r.add(source.Diagnostic{
		Code: source.MisplacedStatement, Span: r.at(t),
		Message: fmt.Sprintf("`%s` cannot stand in a body", t.Value),
		Hint:    "put the statement after the `}` that ends the body",
		Related: []source.Related{{Span: r.at(*r.around[len(r.around)-1].open), Message: "the body begins here"}},
	})
	return false
}

// statementHere reports whether a top-level statement begins at this token of a body.
func (r *reader) statementHere() bool {
	t := r.peek()
	if len(r.around) == 0 {
		return false
	}
	return isStatement(t) && !isMark(r.tokens[r.next+1], ":")
}

// leaves reports whether the body must have been meant to be closed before this line: a statement begins here, and
// a brace is never closed or the line stands no deeper than the one with the brace.
func (r *reader) leaves() bool {
	if !r.statementHere() {
		return false
	}
	outer := r.around[len(r.around)-1]
	return r.unclosed > 0 || r.peek().Value != "let" && len(outer.head) > 0 &&
		r.peek().Pos.Line > outer.head[0].Pos.Line && r.peek().Pos.Column <= outer.head[0].Pos.Column
}
