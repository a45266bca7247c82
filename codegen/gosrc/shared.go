package gosrc

import (
	"regexp"
	"strings"
)

// shared prints a kernel into the kernels file, by a function of its name or of that and Go, and the functions of its tiles. Where another kernel has
// printed the same bodies, the function calls that one: layers of equal shape keep their names, and their code is there once.
func (g *generator) shared(name string, print func()) {
	before := g.kernels.b.Len()
	print()
	all := g.kernels.b.String()
	text := all[before:]
	begin := strings.Index(text, "func ")
	if begin < 0 || !isComment(text[:begin]) {
		return
	}
	if found, _, _ := strings.Cut(text[begin+len("func "):], "("); found == name+"Go" {
		name = found
	} else if found != name {
		return
	}
	body := regexp.MustCompile(`\b`+name+`(x\d+)?\b`).ReplaceAllString(text[begin:], "·$1")
	first, printed := g.bodies[body]
	if !printed {
		g.bodies[body] = name
		return
	}
	signature, _, _ := strings.Cut(text[begin:], " {\n")
	_, parameters, _ := strings.Cut(strings.TrimSuffix(signature, ")"), "(")
	g.kernels.b.Reset()
	g.kernels.b.WriteString(all[:before] + text[:begin])
	g.kernels.line("%s {\n%s(%s)\n}\n", signature, first, strings.Join(argumentsOf(parameters), ", "))
}

// argumentsOf are the names of a list of parameters.
func argumentsOf(parameters string) []string {
	names := strings.Split(parameters, ", ")
	for i, n := range names {
		names[i], _, _ = strings.Cut(n, " ")
	}
	return names
}

// isComment reports whether all lines of a text are comments.
func isComment(text string) bool {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "//") {
			return false
		}
	}
	return true
}
