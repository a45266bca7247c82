package grammar

import (
	"strings"
	"unicode/utf8"

	"github.com/aegen/aegen/grammar/source"
)

// The measures of the canonical form.
const (
	indent = "    "
	column = len("reconstruct ") // in which what follows the word of a statement begins
	fits   = 100                 // the longest line that keeps a body between its braces
)

// Format returns the canonical form of a spec. It keeps every comment and every word, and formatting its result changes
// nothing. A file with errors is refused with its diagnostics.
func Format(file *source.File) (string, []source.Diagnostic) {
	_, m, top := read(file)
	if source.HasErrors(m.list) {
		return "", m.sorted()
	}
	w := &writer{}
	w.body(top, "", noBody)
	return alignNotes(w.lines), nil
}

// A row is one line of the result before trailing comments are aligned.
type row struct {
	text string
	note string
}

// A writer collects the rows of the result.
type writer struct {
	lines []row
}

func (w *writer) add(text string, note *token) {
	r := row{text: text}
	if note != nil {
		r.note = commentText(*note)
	}
	w.lines = append(w.lines, r)
}

func commentText(t token) string { return strings.TrimRight(t.Value, " \t") }

// body writes the lines of a body, or of the file.
func (w *writer) body(list []*branch, margin string, kind bodyKind) {
	widths := columns(list, kind)
	for i, b := range list {
		if b.blank && i > 0 {
			w.add("", nil)
		}
		switch {
		case len(b.head) == 0:
			w.add(margin+commentText(*b.note), nil)
		case b.open == nil:
			w.head(margin, headRows(b, widths[i]), "", b.note)
		default:
			w.withBody(b, margin)
		}
	}
}

// withBody writes a head and its body: on one line where it was written so and fits, else on lines of their own.
func (w *writer) withBody(b *branch, margin string) {
	rows := headRows(b, 0)
	if inner, ok := oneLine(b); ok {
		ending := " " + inner
		if len(b.head) == 1 && b.in == noBody {
			ending = wordGap(b.word) + inner
		}
		if len(b.body) == 0 || utf8.RuneCountInString(margin+rows[len(rows)-1].text+ending) <= fits {
			w.head(margin, rows, ending, b.note)
			return
		}
	}
	w.head(margin, rows, " {", b.openNote)
	w.body(b.body, margin+indent, b.kind)
	w.add(margin+"}", b.note)
}

// head writes the rows of a head, with an ending and a comment behind the last of them.
func (w *writer) head(margin string, rows []row, ending string, note *token) {
	for _, r := range rows[:len(rows)-1] {
		w.lines = append(w.lines, row{text: strings.TrimRight(margin+r.text, " "), note: r.note})
	}
	w.add(margin+rows[len(rows)-1].text+ending, note)
}

// alignNotes joins rows, with the comments behind neighbouring lines in one column.
func alignNotes(rows []row) string {
	var out strings.Builder
	for i := 0; i < len(rows); {
		end, width := i, 0
		for end < len(rows) && rows[end].note != "" {
			width = max(width, utf8.RuneCountInString(rows[end].text))
			end++
		}
		for ; i < end; i++ {
			pad := width - utf8.RuneCountInString(rows[i].text)
			out.WriteString(rows[i].text + strings.Repeat(" ", pad+2) + rows[i].note + "\n")
		}
		if i < len(rows) {
			out.WriteString(rows[i].text + "\n")
			i++
		}
	}
	return out.String()
}

// oneLine returns a body between its braces, where it was written on the line of its head and can stay there:
// at most one line, or the fields of a record, and no comments.
func oneLine(b *branch) (text string, ok bool) {
	switch {
	case b.openNote != nil:
		return "", false
	case len(b.body) == 0:
		return "{ }", true
	case b.open.Pos.Line != b.shut.Pos.Line, len(b.body) > 1 && b.kind != fieldBody:
		return "", false
	}
	var parts []string
	for _, inner := range b.body {
		text := headRows(inner, 0)[0].text
		if inner.open != nil {
			body, ok := oneLine(inner)
			if !ok {
				return "", false
			}
			text += " " + body
		}
		parts = append(parts, text)
	}
	return "{ " + strings.Join(parts, ", ") + " }", true
}
