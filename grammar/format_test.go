package grammar

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aegen/aegen/grammar/source"
)

func TestSpecsAreCanonical(t *testing.T) {
	paths, _ := filepath.Glob("../specs/*.ae")
	if len(paths) < 5 {
		t.Fatalf("only %d specs", len(paths))
	}
	for _, path := range paths {
		text := readFile(t, path)
		got, diags := Format(&source.File{Name: path, Text: text})
		if len(diags) > 0 || got != text {
			t.Errorf("%s: %s\n%s", path, source.Render(diags, false), got)
		}
	}
}

func TestFormat(t *testing.T) {
	text := readFile(t, "testdata/crooked.txt")
	want := readFile(t, "testdata/straight.txt")
	for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), byteOrderMark + text, want} {
		got, diags := Format(&source.File{Name: "crooked.txt", Text: text})
		if len(diags) > 0 || got != want {
			t.Errorf("%s got:\n%s", source.Render(diags, false), got)
		}
	}
}

func TestFormatRefusesErrors(t *testing.T) {
	got, diags := Format(&source.File{Text: "model M\nlet a =\n"})
	if got != "" || len(diags) != 1 || diags[0].Code != source.MissingValue {
		t.Errorf("got %q, %v", got, diags)
	}
}

// TestFormatFits: a body on one line gets lines of its own where the line would have more than 100 characters.
func TestFormatFits(t *testing.T) {
	hundred := "encoder     { dense(" + strings.Repeat("1", 60) + ") leaky_relu(0.01) }\n"
	for text, want := range map[string]string{
		hundred:                                hundred,
		strings.Replace(hundred, "1", "11", 1): "encoder {\n    dense(" + strings.Repeat("1", 61) + ") leaky_relu(0.01)\n}\n",
	} {
		got, diags := Format(&source.File{Text: "model M\n" + text})
		if got != "model M\n"+want || len(diags) > 0 {
			t.Errorf("%s%s", got, source.Render(diags, false))
		}
	}
}

// checkFormat holds what formatting promises: it changes neither the tree nor a comment, and nothing at the second time.
func checkFormat(t interface{ Errorf(string, ...any) }, text string) {
	before := &source.File{Text: text}
	formatted, diags := Format(before)
	if len(diags) > 0 {
		return
	}
	after := &source.File{Text: formatted}
	again, diags := Format(after)
	if again != formatted || len(diags) > 0 {
		t.Errorf("not idempotent: %q\nfirst  %q\nsecond %q\n%s", text, formatted, again, source.Render(diags, false))
	}
	if a, b := treeOf(before), treeOf(after); a != b {
		t.Errorf("the tree of %q changes:\n%s\n%s", text, a, b)
	}
	if a, b := commentsOf(before), commentsOf(after); !slices.Equal(a, b) {
		t.Errorf("the comments of %q change:\n%q\n%q", text, a, b)
	}
}

// treeOf is the text of a tree without places.
func treeOf(file *source.File) string {
	f, _ := Parse(file)
	lines := strings.Split(f.String(), "\n")
	for i, line := range lines {
		_, lines[i], _ = strings.Cut(line, " ")
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

func commentsOf(file *source.File) []string {
	var list []string
	for _, t := range tokens(file) {
		if t.Type == commentType {
			list = append(list, commentText(t))
		}
	}
	return list
}

// TestFormatKeepsSpecs checks specs put together at random, most of them crooked and all of them well-formed.
func TestFormatKeepsSpecs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "model M" + draw(t, lineEnds)
		for range rapid.IntRange(0, 6).Draw(t, "statements") {
			text += drawStatement(t) + draw(t, lineEnds)
		}
		if _, diags := Format(&source.File{Text: text}); len(diags) > 0 {
			t.Fatalf("%q\n%s", text, source.Render(diags, false))
		}
		checkFormat(t, text)
	})
}

var (
	lineEnds = []string{"\n", "\n", "\r\n", "\n\n\n", "  // note  \n", "\n// own line\n", "\n\n\t// own line\n\n"}
	values   = []string{"1", "-2", "a + b*2", "( a )", "-(1-x)", "f( x:1e-3 , 2)", "f(\n1,\n// why\n2 // this\n\n)", "50_000/2"}
	calls    = []string{"dense(8)", "relu", "conv( 3,stride:2 )", "dense(latent*2)", "dense(\n  64\n)", "f()"}
	blanks   = []string{" ", "  ", "\t"}
)

func draw(t *rapid.T, from []string) string { return rapid.SampledFrom(from).Draw(t, "part") }

func drawStatement(t *rapid.T) string {
	b := draw(t, blanks)
	switch rapid.IntRange(0, 7).Draw(t, "statement") {
	case 0:
		return "let" + b + "a=" + draw(t, values)
	case 1:
		return "alarm" + b + draw(t, values) + b + "per" + b + draw(t, values)
	case 2:
		return "input" + b + "x =" + draw(t, calls) + b + "scale" + b + draw(t, calls)
	case 3:
		return "input e = record{" + drawBody(t, func() string { return "f :" + draw(t, calls) }) + "}"
	case 4:
		return "train" + b + "{" + drawBody(t, func() string { return "clip" + b + draw(t, values) }) + "}"
	case 5:
		return "bottleneck z = dense(8)" + b + "{ prior" + b + draw(t, values) + "}"
	case 6:
		return "block stage( a,b ) {" + drawBody(t, func() string { return drawLine(t, 2) }) + "}"
	default:
		return "encoder" + b + "{" + drawBody(t, func() string { return drawLine(t, 2) }) + "}"
	}
}

func drawLine(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 4).Draw(t, "line")
	switch {
	case kind == 0 && depth > 0:
		return "repeat " + draw(t, values) + "{" + drawBody(t, func() string { return drawLine(t, depth-1) }) + "}"
	case kind == 1 && depth > 0:
		return "residual{" + drawBody(t, func() string { return drawLine(t, depth-1) }) + "}"
	case kind == 2:
		return draw(t, calls) + draw(t, blanks) + draw(t, calls) + " as s"
	case kind == 3:
		return draw(t, calls) + draw(t, blanks) + draw(t, calls)
	}
	return draw(t, calls)
}

// drawBody returns nothing, one line on the line of the brace, or several lines.
func drawBody(t *rapid.T, line func() string) string {
	n := rapid.IntRange(0, 3).Draw(t, "lines")
	if n == 1 {
		return " " + line() + " "
	}
	text := ""
	for range n {
		text += draw(t, lineEnds) + line()
	}
	return text + draw(t, lineEnds)
}
