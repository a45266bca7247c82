// Package terminal shows progress: one line that is rewritten on a terminal, plain lines elsewhere.
package terminal

import (
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// every is the time between plain lines.
const every = 5 * time.Second

// A Line is where progress is shown.
type Line struct {
	w     io.Writer
	width int // of the terminal, 0 for plain lines
	shown bool
	last  time.Time
}

// New returns a line on w.
func New(w io.Writer) *Line {
	l := &Line{w: w, last: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			l.width = width
		}
	}
	return l
}

// Rewrites reports whether a status replaces the one before it, as on a terminal.
func (l *Line) Rewrites() bool { return l.width > 0 }

// Rewritten reports whether Status rewrites one line, as on a terminal.
func (l *Line) Rewritten() bool { return l.width > 0 }

// Status replaces the line. Without a terminal it is printed at most every few seconds.
func (l *Line) Status(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if l.width > 0 {
		fmt.Fprintf(l.w, "\r\x1b[K%s", cut(text, l.width-1))
		l.shown = true
		return
	}
	if time.Since(l.last) >= every {
		l.last = time.Now()
		fmt.Fprintln(l.w, text)
	}
}

// Say prints a line that stays.
func (l *Line) Say(format string, args ...any) {
	l.Clear()
	l.last = time.Now()
	fmt.Fprintf(l.w, format+"\n", args...)
}

// Clear removes the status.
func (l *Line) Clear() {
	if l.shown {
		fmt.Fprint(l.w, "\r\x1b[K")
		l.shown = false
	}
}

// cut shortens text to so many characters.
func cut(text string, width int) string {
	if width < 1 || utf8.RuneCountInString(text) <= width {
		return text
	}
	runes := []rune(text)
	return string(runes[:width-1]) + "…"
}

// Duration is a time in words: "8s", "3m05s", "2h07m".
func Duration(seconds float64) string {
	s := int(seconds + 0.5)
	switch {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	}
	return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
}

// Count is a number of things a second: "950", "12.3k", "4.56M".
func Count(n float64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.2fM", n/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1fk", n/1e3)
	}
	return fmt.Sprintf("%.0f", n)
}
