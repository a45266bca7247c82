package grammar

import (
	"unicode/utf8"

	"github.com/aegen/aegen/grammar/source"
)

// maxMistakes bounds what is reported of one file.
const maxMistakes = 1000

// mistakes collects the diagnostics of one file.
type mistakes struct {
	file *source.File
	list []source.Diagnostic
}

// add reports one mistake. Beyond the limit nothing is kept.
func (m *mistakes) add(d source.Diagnostic) {
	if !m.full() {
		m.list = append(m.list, d)
	}
}

func (m *mistakes) full() bool { return len(m.list) >= maxMistakes }

// at is the place of one token.
func (m *mistakes) at(t token) source.Span {
	return source.Span{File: m.file, Start: t.Pos.Offset, End: endOf(t)}
}

// over is the place from the first of some tokens to the last.
func (m *mistakes) over(list []token) source.Span {
	if len(list) == 0 {
		return source.Span{}
	}
	return m.at(list[0]).Join(m.at(list[len(list)-1]))
}

// after is the empty place behind a token.
func (m *mistakes) after(t token) source.Span {
	return source.Span{File: m.file, Start: endOf(t), End: endOf(t)}
}

// quote shows a piece of text in a message, shortened.
func quote(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return "`" + text + "`"
}

// found names a token in a message.
func found(t token) string {
	switch t.Type {
	case newlineType, commentType:
		return "the end of the line"
	}
	if t.EOF() {
		return "the end of the file"
	}
	return quote(t.Value)
}
