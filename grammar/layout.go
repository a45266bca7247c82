package grammar

import (
	"strings"
	"unicode/utf8"
)

// headRows returns a head in canonical form: in one row, or in several where it breaks inside parentheses.
// Where the head has a second part, that begins in the given column.
func headRows(b *branch, second int) []row {
	if at := secondPart(b, b.in); at > 0 && second > 0 {
		first := headText(b, 0, at)
		pad := second - utf8.RuneCountInString(first)
		return []row{{text: first + strings.Repeat(" ", pad) + headText(b, at, len(b.head))}}
	}
	var rows []row
	start := 0
	for i := 0; i <= len(b.head); i++ {
		if i < len(b.head) && b.head[i].Type != newlineType {
			continue
		}
		if i > start {
			rows = append(rows, headRow(b, start, i))
		}
		start = i + 1
	}
	return rows
}

// headRow returns the part of a head that stands on one line. Lines after the first are indented, those that begin with
// `)` are not.
func headRow(b *branch, start, end int) row {
	r := row{}
	if start > 0 && !isMark(b.head[start], ")") {
		r.text = indent
	}
	if last := b.head[end-1]; last.Type == commentType {
		end--
		if start == end {
			r.text += commentText(last)
			return r
		}
		r.note = commentText(last)
	}
	r.text += headText(b, start, end)
	return r
}

// headText joins the tokens of a part of a head, none of which is a line break or a comment.
func headText(b *branch, start, end int) string {
	var out strings.Builder
	for i := start; i < end; i++ {
		if i > start {
			out.WriteString(gap(b, i))
		}
		out.WriteString(b.head[i].Value)
	}
	return out.String()
}

// gap is what stands before token i of a head, which is not the first of its line.
func gap(b *branch, i int) string {
	before, t := b.head[i-1], b.head[i]
	switch {
	case i == 1 && b.in == noBody:
		return wordGap(b.word)
	case isMark(before, "("), isMark(t, ")"), isMark(t, ","), isMark(t, ":"):
		return ""
	case isMark(before, "-") && isSign(b, i-1):
		return ""
	case isMark(t, "(") && before.Type == nameType && !beginsValue(b, i):
		return ""
	}
	return " "
}

// isSign reports whether the minus at token i of a head is a sign and not a subtraction.
func isSign(b *branch, i int) bool {
	for i--; i >= 0; i-- {
		if t := b.head[i]; t.Type != newlineType && t.Type != commentType {
			return t.Type == markType && t.Value != ")" || beginsValue(b, i+1)
		}
	}
	return true
}

// beginsValue reports whether the word before token i of a head is followed by a value, and is no part of one.
func beginsValue(b *branch, i int) bool {
	switch {
	case i == 1 && b.in == layerBody:
		return b.word == "repeat"
	case i == 1 && b.in == settingBody:
		return !isMark(b.head[1], "(")
	case b.in == noBody && b.word == "alarm":
		return i == 1 || isName(b.head[i-1], "per")
	}
	return false
}

// wordGap is what stands behind the word of a top-level statement: blanks that put what follows into one column in the
// whole file, but for statements that are no step of the data flow.
func wordGap(word string) string {
	switch word {
	case "model", "let", "block":
		return " "
	}
	return strings.Repeat(" ", column-len(word))
}
