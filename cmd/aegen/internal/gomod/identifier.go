package gomod

import (
	"go/token"
	"strings"
)

// Identifier makes the name of a package of a file's name: its small letters and digits.
// Names that Go takes for itself get the ending ae.
func Identifier(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0 {
			b.WriteRune(r)
		}
	}
	switch made := b.String(); {
	case made == "":
		return "model"
	case made == "main" || token.IsKeyword(made):
		return made + "ae"
	default:
		return made
	}
}
