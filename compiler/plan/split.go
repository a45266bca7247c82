package plan

import "fmt"

// A Split is how the samples of a batch, or the panels of all blocks, are shared between workers. Results do not depend on it.
type Split struct {
	Task int // samples, or panels, that a worker takes at a time
	Fork int // fewer than this stay with the caller: another worker would take longer to wake than the work does
	Most int // tasks grow to this while every worker has one, where each reads weights from memory; else 0
}

// text is the split of a range of n, or of any range if n is 0, as the plan shows it.
func (s Split) text(unit string, n int) string {
	if n > 0 && (n <= s.Task || n < s.Fork) {
		return fmt.Sprintf("%s stay with the caller: too little work to share", count(n, unit))
	}
	text := "tasks of " + count(s.Task, unit)
	if s.Most > 0 {
		text += fmt.Sprintf(", up to %d while every worker has one", s.Most)
	}
	if s.Fork > s.Task {
		text += fmt.Sprintf(", fewer than %d stay with the caller", s.Fork)
	}
	return text
}

// count is a number of things: "1 panel", "32 samples".
func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
