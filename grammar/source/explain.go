package source

import (
	"embed"
	"strings"
)

//go:embed explain/*.md
var explanations embed.FS

// Explain returns the text that explains a code, as Markdown: a title, the reason, a wrong and a right example.
func Explain(code Code) (text string, ok bool) {
	data, err := explanations.ReadFile("explain/" + string(code) + ".md")
	return string(data), err == nil
}

// Codes lists all codes that have an explanation, in their order.
func Codes() []Code {
	entries, err := explanations.ReadDir("explain")
	if err != nil {
		panic("internal error: explanations: " + err.Error())
	}
	var codes []Code
	for _, e := range entries {
		codes = append(codes, Code(strings.TrimSuffix(e.Name(), ".md")))
	}
	return codes
}

// Title returns the first line of a code's explanation: what kind of mistake it is.
func Title(code Code) string {
	text, _ := Explain(code)
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimPrefix(line, "# "+string(code)+": ")
}
