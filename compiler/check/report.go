package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aegen/aegen/grammar/source"
)

// maxMistakes bounds what is kept of one spec, and maxHinted the names that are searched for the nearest.
const (
	maxMistakes = 1000
	maxHinted   = 200
)

// A report collects the diagnostics of one spec. What an unfolded block or repeat says twice is kept once.
type report struct {
	list []source.Diagnostic
	seen map[string]bool
}

// add reports one mistake or warning. Beyond the limit nothing is kept.
func (r *report) add(d source.Diagnostic) {
	key := fmt.Sprint(d.Code, d.Span.Start, d.Span.End, d.Message)
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	if !r.seen[key] && !r.full() {
		r.seen[key] = true
		r.list = append(r.list, d)
	}
}

func (r *report) full() bool { return len(r.list) >= maxMistakes }

// warning reports what is legal yet unwise.
func (r *report) warning(d source.Diagnostic) {
	d.Severity = source.Warning
	r.add(d)
}

// quoted shows a word or a piece of the text in a message.
func quoted(text string) string { return "`" + text + "`" }

// textOf shows what stands at a place, on one line and shortened.
func textOf(s source.Span) string {
	const most = 40
	text := []rune(strings.Join(strings.Fields(s.File.Text[s.Start:s.End]), " "))
	if len(text) > most {
		return quoted(string(text[:most]) + "…")
	}
	return quoted(string(text))
}

// shown writes a number as a spec would: 16_777_216, 0.001, 1e18.
func shown(v float64) string {
	if v > -1e16 && v < 1e16 && v == float64(int64(v)) {
		return grouped(int64(v))
	}
	return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "e+", "e", 1)
}

// grouped writes an integer with `_` between its thousands where it has five digits or more.
func grouped(n int64) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	if len(digits) >= 5 {
		for i := len(digits) - 3; i > 0; i -= 3 {
			digits = digits[:i] + "_" + digits[i:]
		}
	}
	return sign + digits
}

// values counts: "1 value", "784 values".
func values(n int) string { return counted(n, "value") }

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(int64(n)) + " " + noun + "s"
}

// article puts "a" or "an" before a noun.
func article(noun string) string {
	return choose(strings.ContainsRune("aeiou", rune(noun[0])), "an ", "a ") + noun
}

// listed joins words for a hint: "`a`", "`a` or `b`", "`a`, `b` or `c`".
func listed(words []string) string {
	quotes := make([]string, len(words))
	for i, w := range words {
		quotes[i] = quoted(w)
	}
	if len(quotes) < 2 {
		return strings.Join(quotes, "")
	}
	last := len(quotes) - 1
	return strings.Join(quotes[:last], ", ") + " or " + quotes[last]
}

// meant is the hint for a misspelt word: the nearest of the words that fit, else all of them.
func meant(word string, fit []string) string {
	if near := source.Nearest(word, fit); near != "" {
		return "did you mean " + quoted(near) + "?"
	}
	if len(fit) == 0 {
		return ""
	}
	return "write " + listed(fit)
}
