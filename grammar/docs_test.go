package grammar

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

var block = regexp.MustCompile("(?s)```([a-z-]+)\n(.*?)```")

// TestLanguageReference holds every example of docs/language.md: it parses and is in its canonical form.
// Fragments are parsed as if a `model` line stood before them.
func TestLanguageReference(t *testing.T) {
	counts := map[string]int{}
	for _, m := range block.FindAllStringSubmatch(readFile(t, "../docs/language.md"), -1) {
		kind, text := m[1], m[2]
		counts[kind]++
		switch kind {
		case "ae", "ae-future":
		case "ae-fragment":
			if !strings.HasPrefix(text, "model") {
				text = "model Fragment\n" + text
			}
		case "text":
			continue
		default:
			t.Errorf("a block of the kind %q", kind)
		}
		got, diags := Format(&source.File{Name: "language.md", Text: text})
		if len(diags) > 0 || got != text {
			t.Errorf("%s%s\nis formatted as\n%s", source.Render(diags, false), text, got)
		}
	}
	if counts["ae"] < 3 || counts["ae-future"] < 3 || counts["ae-fragment"] < 7 {
		t.Errorf("blocks: %v", counts)
	}
}

// TestLanguageReferenceListsAll: every word that begins a statement is in the grammar, and every code in the table.
func TestLanguageReferenceListsAll(t *testing.T) {
	text := readFile(t, "../docs/language.md")
	for _, word := range append(wordsOf(statements), wordsOf(layerForms)...) {
		if !strings.Contains(text, `"`+word+`"`) {
			t.Errorf("the grammar lacks %q", word)
		}
	}
	for _, code := range source.Codes() {
		if row := fmt.Sprintf("| %s | %s |\n", code, source.Title(code)); !strings.Contains(text, row) {
			t.Errorf("the table of codes lacks %s", row)
		}
	}
}
