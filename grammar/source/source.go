// Package source holds what every stage says about the text of a spec: files, positions, spans and diagnostics.
package source

// A File is the text of one spec. Name is shown in diagnostics; it is never opened.
type File struct {
	Name string
	Text string
}

// A Span is a half-open range of bytes of a file. The zero Span means "no place".
type Span struct {
	File       *File
	Start, End int
}

// Valid reports whether s is a place in a file.
func (s Span) Valid() bool { return s.File != nil }

// Join returns the smallest span that covers s and t. An invalid span adds nothing.
func (s Span) Join(t Span) Span {
	switch {
	case !s.Valid():
		return t
	case !t.Valid():
		return s
	}
	return Span{File: s.File, Start: min(s.Start, t.Start), End: max(s.End, t.End)}
}
