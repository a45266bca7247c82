package grammar

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

var fence = regexp.MustCompile("(?s)```(ae|ae-future)\n(.*?)```")

// TestExplanations holds the examples of the codes of this package: the wrong one has the code and no other,
// the right one has no diagnostic and is in its canonical form.
func TestExplanations(t *testing.T) {
	without := map[source.Code]bool{source.TooLarge: true, source.NotText: true, source.TooMany: true, source.Internal: true}
	for _, code := range source.Codes() {
		if !strings.HasPrefix(string(code), "AE00") {
			continue
		}
		text, _ := source.Explain(code)
		examples := fence.FindAllStringSubmatch(text, -1)
		if without[code] && len(examples) == 0 {
			continue
		}
		if len(examples) != 2 {
			t.Errorf("%s has %d examples", code, len(examples))
			continue
		}
		if _, wrong := Parse(&source.File{Text: examples[0][2]}); len(wrong) != 1 || wrong[0].Code != code {
			t.Errorf("%s: the wrong example gives\n%s", code, source.Render(wrong, false))
		}
		formatted, right := Format(&source.File{Text: examples[1][2]})
		if len(right) > 0 || formatted != examples[1][2] {
			t.Errorf("%s: the right example gives\n%s%s", code, source.Render(right, false), formatted)
		}
	}
}
