// Package chunks reads test files in which the expected diagnostics stand beside the lines that cause them.
//
// A file is cut into specs at lines of `---`. A line that must be diagnosed ends in ### and one quoted regular
// expression for each of its diagnostics:
//
//	dnse(64) relu ### "unknown layer .*did you mean `dense`"
//
// The expression is matched against the text that Text returns. Diagnostics that nothing expects fail, and so do
// expectations that nothing meets.
package chunks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

// A Chunk is one spec of a file of chunks. Line n of its text is line Before+n of the file.
type Chunk struct {
	File   *source.File // without the expectations
	Before int
	wants  []want
}

type want struct {
	line int // of the chunk, from 1
	text string
	expr *regexp.Regexp
}

// Run holds what diagnose says about each chunk of a file against the chunk's expectations.
func Run(t *testing.T, path string, diagnose func(*source.File) []source.Diagnostic) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Read(filepath.Base(path), string(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		t.Run(fmt.Sprintf("line %d", c.Before+1), func(t *testing.T) {
			for _, complaint := range c.Compare(diagnose(c.File)) {
				t.Error(complaint)
			}
		})
	}
}

// Read cuts a text into chunks.
func Read(name, text string) ([]Chunk, error) {
	var list []Chunk
	var lines []string
	c := Chunk{}
	add := func() {
		c.File = &source.File{Name: name, Text: strings.Join(lines, "\n")}
		list = append(list, c)
	}
	for i, line := range strings.Split(text, "\n") {
		if line == "---" {
			lines = append(lines, "")
			add()
			c, lines = Chunk{Before: i + 1}, nil
			continue
		}
		code, comment, found := strings.Cut(line, "###")
		lines = append(lines, code)
		if !found {
			continue
		}
		lines[len(lines)-1] = strings.TrimRight(code, " ")
		wants, err := expectations(comment, len(lines))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
		c.wants = append(c.wants, wants...)
	}
	add()
	return list, nil
}

func expectations(comment string, line int) ([]want, error) {
	var wants []want
	for comment = strings.TrimSpace(comment); comment != ""; comment = strings.TrimSpace(comment) {
		quoted, err := strconv.QuotedPrefix(comment)
		if err != nil {
			return nil, fmt.Errorf("a quoted expression is wanted after ###, not %s", comment)
		}
		comment = comment[len(quoted):]
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		expr, err := regexp.Compile(text)
		if err != nil {
			return nil, err
		}
		wants = append(wants, want{line, text, expr})
	}
	return wants, nil
}

// Text is what expectations are matched against: all that a diagnostic says, in one line.
//
//	error AE0010: unexpected `:`; expected `=`; found `:`; help: it is written `input x = vector(64)`
func Text(d source.Diagnostic) string {
	text := fmt.Sprintf("%s %s: %s", d.Severity, d.Code, d.Message)
	for _, part := range []struct{ name, text string }{{"expected ", d.Expected}, {"found ", d.Found}, {"help: ", d.Hint}} {
		if part.text != "" {
			text += "; " + part.name + part.text
		}
	}
	for _, r := range d.Related {
		text += "; line " + strconv.Itoa(r.Span.File.Position(r.Span.Start).Line) + ": " + r.Message
	}
	return text
}

// Compare returns what is wrong with the diagnostics of a chunk: each one that nothing expects, each expectation that
// none meets.
func (c Chunk) Compare(diags []source.Diagnostic) []string {
	var complaints []string
	met := make([]bool, len(c.wants))
	for _, d := range diags {
		line := c.File.Position(d.Span.Start).Line
		if i := c.meets(met, line, Text(d)); i >= 0 {
			met[i] = true
			continue
		}
		complaints = append(complaints, fmt.Sprintf("%s:%d: unexpected: %s", c.File.Name, c.Before+line, Text(d)))
	}
	for i, w := range c.wants {
		if !met[i] {
			complaints = append(complaints, fmt.Sprintf("%s:%d: missing: %q", c.File.Name, c.Before+w.line, w.text))
		}
	}
	return complaints
}

// meets returns the first expectation of a line that is not met yet and that a text meets, or -1.
func (c Chunk) meets(met []bool, line int, text string) int {
	for i, w := range c.wants {
		if !met[i] && w.line == line && w.expr.MatchString(text) {
			return i
		}
	}
	return -1
}
