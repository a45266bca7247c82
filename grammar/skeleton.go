package grammar

import "github.com/aegen/aegen/grammar/source"

// A branch is one line of the skeleton: a head, and perhaps a body of more branches between braces.
// Comments are kept for the formatter: on a line of their own they are a branch with nothing but a note.
type branch struct {
	head     []token // line breaks and comments inside parentheses included
	word     string  // the first word, corrected where it is misspelt
	body     []*branch
	kind     bodyKind // of the body's lines
	in       bodyKind // of the body around the line
	open     *token   // nil without a body
	shut     *token   // nil where the body is never closed
	openNote *token   // comment behind the opening brace
	note     *token   // comment at the end of the line
	blank    bool     // whether an empty line stands before
	broken   bool     // whether a mistake has been reported, so that the head is not parsed
	comma    *token   // that ends a field of a record
}

// A reader cuts tokens into branches.
type reader struct {
	*mistakes
	tokens   []token
	next     int
	unclosed int       // braces that nothing closes and no diagnostic has named yet
	around   []*branch // whose bodies are around the line
}

// skeleton reads a whole file.
func skeleton(m *mistakes, list []token) []*branch {
	r := &reader{mistakes: m, tokens: list, unclosed: unmatched(list)}
	var top []*branch
	for {
		top = append(top, r.lines()...)
		if r.peek().EOF() {
			return top
		}
		r.stray()
	}
}

// unmatched counts the opening braces that have no closing one.
func unmatched(list []token) int {
	depth := 0
	for _, t := range list {
		switch {
		case isMark(t, "{"):
			depth++
		case isMark(t, "}") && depth > 0:
			depth--
		}
	}
	return depth
}

func (r *reader) peek() token { return r.tokens[r.next] }

func (r *reader) take() *token {
	t := &r.tokens[r.next]
	if !t.EOF() {
		r.next++
	}
	return t
}

// kind is what the lines here are; noBody at the top level.
func (r *reader) kind() bodyKind {
	if len(r.around) == 0 {
		return noBody
	}
	return r.around[len(r.around)-1].kind
}

// lines reads lines up to a closing brace, the end of the file, or a place where a brace must have been forgotten.
func (r *reader) lines() []*branch {
	var list []*branch
	for {
		blank := r.emptyLines()
		t := r.peek()
		if t.EOF() || isMark(t, "}") || r.leaves() {
			return list
		}
		if isMark(t, "{") && r.adopt(list) {
			continue
		}
		b := r.line()
		b.blank = blank
		list = append(list, b)
	}
}

// emptyLines skips line ends and reports whether there was an empty line among them.
func (r *reader) emptyLines() bool {
	ends := 0
	for r.peek().Type == newlineType {
		r.take()
		ends++
	}
	return ends > 1
}

// line reads one branch.
func (r *reader) line() *branch {
	b := &branch{in: r.kind()}
	if r.peek().Type == commentType {
		b.note = r.take()
		return b
	}
	if !r.inPlace() {
		b.broken = true
	}
	r.head(b)
	r.firstWord(b)
	if isMark(r.peek(), "{") {
		r.body(b)
	}
	r.lineEnd(b)
	return b
}

// body reads what stands between braces.
func (r *reader) body(b *branch) {
	b.open = r.take()
	b.kind = bodyOf(b.word, words(b.head), r.kind())
	if r.peek().Type == commentType {
		b.openNote = r.take()
	}
	if b.kind == noBody {
		b.kind = unreadBody
		if !b.broken {
			r.noBodyHere(b)
		}
	}
	r.around = append(r.around, b)
	b.body = r.lines()
	r.around = r.around[:len(r.around)-1]
	if isMark(r.peek(), "}") {
		b.shut = r.take()
		return
	}
	r.neverClosed(b)
}

// lineEnd takes the comment behind a line and sees that nothing else is there.
func (r *reader) lineEnd(b *branch) {
	t := r.peek()
	switch {
	case isMark(t, ",") && r.kind() == fieldBody:
		b.comma = r.take()
	case t.Type == commentType:
		b.note = r.take()
	case b.shut != nil && t.Type != newlineType && !isMark(t, "}") && !t.EOF():
		r.add(source.Diagnostic{
			Code: source.SecondStatement, Span: r.at(t),
			Message:  "a second statement on one line",
			Expected: "the end of the line after `}`", Found: found(t),
			Hint: "put it on a line of its own",
		})
	}
}

// words returns the tokens of a head without comments and line breaks.
func words(head []token) []token {
	for i, t := range head {
		if t.Type == newlineType || t.Type == commentType {
			list := append([]token(nil), head[:i]...)
			for _, t := range head[i:] {
				if t.Type != newlineType && t.Type != commentType {
					list = append(list, t)
				}
			}
			return list
		}
	}
	return head
}
