package grammar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

// parse parses a spec that must have no mistakes.
func parse(t *testing.T, text string) *File {
	t.Helper()
	f, diags := Parse(&source.File{Name: "test.ae", Text: text})
	if len(diags) > 0 {
		t.Fatalf("%s", source.Render(diags, false))
	}
	return f
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestSpecsParse(t *testing.T) {
	paths, _ := filepath.Glob("../specs/*.ae")
	if len(paths) < 5 {
		t.Fatalf("only %d specs", len(paths))
	}
	for _, path := range paths {
		f := parse(t, readFile(t, path))
		if f.Model == nil || len(f.Stmts) < 6 || len(f.Broken) > 0 {
			t.Errorf("%s: model %v, %d statements, broken %v", path, f.Model, len(f.Stmts), f.Broken)
		}
	}
}

func TestFamiliesParse(t *testing.T) {
	text := readFile(t, "testdata/families.txt")
	want := readFile(t, "testdata/families.tree")
	if got := parse(t, text).String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, other := range []string{strings.ReplaceAll(text, "\n", "\r\n"), byteOrderMark + text} {
		if got := parse(t, other).String(); got != want {
			t.Errorf("with other line ends or a byte order mark:\n%s", got)
		}
	}
}

// TestSpans holds the text below each kind of node, byte for byte.
func TestSpans(t *testing.T) {
	f := parse(t, byteOrderMark+"model M // ü\r\nlet a = -(1 + 2)*f(x: 3)\r\nencoder {\r\n  dense( 8 )  relu as s\r\n}\r\n")
	at := func(s source.Span) string { return f.Source.Text[s.Start:s.End] }
	let := f.Stmts[0].(*Let)
	product := let.Value.(*Binary)
	minus, call := product.X.(*Unary), product.Y.(*Call)
	layer := f.Stmts[1].(*Encoder).Body[0].(*Layer)
	for _, test := range []struct {
		got  source.Span
		want string
	}{
		{f.Model.At, "M"},
		{let.At, "let a = -(1 + 2)*f(x: 3)"},
		{let.Name.At, "a"},
		{product.At, "-(1 + 2)*f(x: 3)"},
		{minus.At, "-(1 + 2)"},
		{minus.X.Span(), "(1 + 2)"},
		{call.At, "f(x: 3)"},
		{call.Args[0].At, "x: 3"},
		{call.Args[0].Name.At, "x"},
		{f.Stmts[1].Span(), "encoder"},
		{layer.At, "dense( 8 )  relu as s"},
		{layer.Ops[0].At, "dense( 8 )"},
		{layer.Ops[1].At, "relu"},
		{layer.As.At, "s"},
	} {
		if at(test.got) != test.want {
			t.Errorf("span of %q is %q", test.want, at(test.got))
		}
	}
}

// TestBroken: lines that cannot be read are listed under their statement, the rest is there.
func TestBroken(t *testing.T) {
	f, _ := Parse(&source.File{Text: "model M\nencoder {\n  dense 3\n  relu\n}\nbottleneck z\ninptu x = vector(3)\nreconstruct mse\n"})
	want := "1:7    model M\n2:1    encoder\n4:3      relu\n7:1    input x = vector(3)\n8:1    reconstruct mse\n3:3    broken encoder\n6:1    broken bottleneck\n"
	if got := f.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
