package source

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// A Position is a place as people count: lines and columns from 1, columns in characters (runes).
type Position struct {
	Line, Column int
}

// Position converts a byte offset. Offsets outside the text count as its nearest end.
// A byte order mark takes no column.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.Text)))
	start := strings.LastIndexByte(f.Text[:offset], '\n') + 1
	before := f.Text[start:offset]
	if start == 0 {
		before = strings.TrimPrefix(before, byteOrderMark)
	}
	return Position{Line: 1 + strings.Count(f.Text[:start], "\n"), Column: 1 + utf8.RuneCountInString(before)}
}

const byteOrderMark = "\uFEFF"

// line returns the line that holds an offset, without its end and without a byte order mark, and its first byte's offset.
func (f *File) line(offset int) (text string, start int) {
	offset = max(0, min(offset, len(f.Text)))
	start = strings.LastIndexByte(f.Text[:offset], '\n') + 1
	text = f.Text[start:]
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		text = text[:end]
	}
	if start == 0 && strings.HasPrefix(text, byteOrderMark) {
		text, start = text[len(byteOrderMark):], len(byteOrderMark)
	}
	return strings.TrimSuffix(text, "\r"), start
}

// String is the place where s starts, without the folder of the file: "fashion.ae:8:5".
func (s Span) String() string {
	if !s.Valid() {
		return "-"
	}
	p := s.File.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", s.File.Base(), p.Line, p.Column)
}

// Base is the name of the file without its folder.
func (f *File) Base() string { return path.Base(strings.ReplaceAll(f.Name, "\\", "/")) }
