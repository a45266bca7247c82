package source

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var constant = regexp.MustCompile(`(?m)^\t\w+ +Code = "(AE\d{4})"`)

// TestEveryCodeIsExplained holds the constants of this package against the folder of explanations.
func TestEveryCodeIsExplained(t *testing.T) {
	var want []Code
	for _, path := range []string{"codes.go", "codes_check.go"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range constant.FindAllStringSubmatch(string(data), -1) {
			want = append(want, Code(m[1]))
		}
	}
	slices.Sort(want)
	if got := Codes(); !slices.Equal(got, want) || len(slices.Compact(want)) != len(got) {
		t.Errorf("explained: %v\nconstants: %v", got, want)
	}
	for _, code := range want {
		text, ok := Explain(code)
		title := Title(code)
		if !ok || !strings.HasPrefix(text, "# "+string(code)+": "+title+"\n\n") || title == "" || len(text) < 100 {
			t.Errorf("%s begins %.60q", code, text)
		}
	}
	if text, ok := Explain("AE9999"); ok || text != "" {
		t.Errorf("AE9999 is explained: %q", text)
	}
}
