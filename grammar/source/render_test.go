package source

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const sample = "model Fashion\n\nencoder {\n\tdnse(256)\trelü   // größe\n}\n"

func at(f *File, part string) Span {
	i := strings.Index(f.Text, part)
	return Span{f, i, i + len(part)}
}

func TestRenderOne(t *testing.T) {
	f := &File{Name: "fashion.ae", Text: sample}
	for _, test := range []struct {
		name string
		d    Diagnostic
		want string
	}{
		{"everything", Diagnostic{
			Code: "AE0102", Span: at(f, "dnse"), Message: "unknown layer `dnse`", Expected: "a layer", Found: "`dnse`",
			Hint: "did you mean `dense`?", Related: []Related{{at(f, "encoder"), "in this section"}},
		}, "" +
			"error[AE0102]: unknown layer `dnse`\n" +
			"  --> fashion.ae:4:2\n" +
			"   |\n" +
			" 4 | \tdnse(256)\trelü   // größe\n" +
			"   | \t^^^^\n" +
			"   = expected: a layer\n" +
			"   = found: `dnse`\n" +
			"   = help: did you mean `dense`?\n" +
			"  ::: fashion.ae:3:1\n" +
			"   |\n" +
			" 3 | encoder {\n" +
			"   | ------- in this section\n"},
		{"tabs before", Diagnostic{Severity: Warning, Code: "AE0501", Span: at(f, "relü"), Message: "m"}, "" +
			"warning[AE0501]: m\n  --> fashion.ae:4:12\n   |\n 4 | \tdnse(256)\trelü   // größe\n   | \t         \t^^^^\n"},
		{"several lines", Diagnostic{Code: "AE0001", Span: Span{f, 15, 40}, Message: "m"}, "" +
			"error[AE0001]: m\n  --> fashion.ae:3:1\n   |\n 3 | encoder {\n   | ^^^^^^^^^\n"},
		{"empty at the end of a line", Diagnostic{Code: "AE0001", Span: Span{f, 13, 13}, Message: "m"}, "" +
			"error[AE0001]: m\n  --> fashion.ae:1:14\n   |\n 1 | model Fashion\n   |              ^\n"},
		{"no place", Diagnostic{Code: "AE0001", Message: "m", Hint: "h"}, "error[AE0001]: m\n   = help: h\n"},
		{"beyond the end", Diagnostic{Code: "AE0001", Span: Span{f, 900, 999}, Message: "m"}, "" +
			"error[AE0001]: m\n  --> fashion.ae:6:1\n   |\n 6 | \n   | ^\n"},
	} {
		if got := test.d.Render(false); got != test.want {
			t.Errorf("%s:\n%s\nwant:\n%s", test.name, got, test.want)
		}
	}
}

func TestRenderWindow(t *testing.T) {
	for _, test := range []struct {
		name              string
		before, in, after int
	}{
		{"start", 0, 3, 500},
		{"middle", 300, 3, 300},
		{"end", 500, 3, 0},
		{"wide", 300, 300, 300},
		{"fits", 40, 20, 40},
	} {
		f := &File{Text: strings.Repeat("b", test.before) + strings.Repeat("i", test.in) + strings.Repeat("a", test.after)}
		line, under := underline(Span{f, test.before, test.before + test.in}, "^")
		if n := len([]rune(line)); n > window+2 || n < min(window, len(f.Text)) {
			t.Errorf("%s: %d characters shown: %s", test.name, n, line)
		}
		mark := strings.Index(under, "^")
		marked := strings.Trim(string([]rune(line)[mark:mark+strings.Count(under, "^")]), "i")
		if mark > window || marked != "" {
			t.Errorf("%s: column %d marks %q:\n%s\n%s", test.name, mark, marked, line, under)
		}
	}
}

func TestRenderHidesControlCharacters(t *testing.T) {
	f := &File{Text: "a\x1b[31mb\x00\u202ec"}
	line, under := underline(Span{f, 6, 7}, "^")
	if line != "a·[31mb··c" || under != "      ^" {
		t.Errorf("%q\n%q", line, under)
	}
}

func TestRenderColor(t *testing.T) {
	f := &File{Name: "a.ae", Text: "abc"}
	d := Diagnostic{Code: "AE0001", Span: Span{f, 1, 2}, Message: "m", Hint: "h", Related: []Related{{Span{f, 0, 1}, "r"}}}
	colored, plain := d.Render(true), d.Render(false)
	if !strings.Contains(colored, "\x1b[1;31merror[AE0001]\x1b[0m") || !strings.Contains(colored, "\x1b[1;31m^\x1b[0m") {
		t.Errorf("%q", colored)
	}
	for _, code := range []string{"1;31", "1;33", "1;34", "1", "0"} {
		colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
	}
	if colored != plain {
		t.Errorf("without its colours %q, want %q", colored, plain)
	}
}

// TestRenderList: sorted, each once, ten shown with errors before warnings, all counted.
func TestRenderList(t *testing.T) {
	f := &File{Name: "a.ae", Text: strings.Repeat("x\n", 40)}
	var list []Diagnostic
	for i := 11; i >= 0; i-- {
		d := Diagnostic{Code: "AE0010", Span: Span{f, 2 * i, 2*i + 1}, Message: fmt.Sprint("m", i)}
		if i < 4 {
			d.Severity = Warning
		}
		list = append(list, d, d)
	}
	got := Render(list, false)
	if !strings.HasSuffix(got, "\n… and 2 more\n8 errors, 4 warnings\n") {
		t.Errorf("the end of\n%s", got)
	}
	order := []int{0, 1, 4, 5, 6, 7, 8, 9, 10, 11}
	for _, i := range order {
		head := fmt.Sprintf("[AE0010]: m%d\n", i)
		_, rest, found := strings.Cut(got, head)
		if !found || strings.Contains(rest, head) {
			t.Fatalf("m%d is not there once, in its order, in\n%s", i, got)
		}
		got = rest
	}
	if Render(nil, false) != "" {
		t.Error("an empty list has a text")
	}
	if got := Summary(list[:1]); got != "1 error" {
		t.Errorf("one error is %q", got)
	}
}

func TestRecords(t *testing.T) {
	f := &File{Name: "a.ae", Text: "model M\nlet größe = 3\n"}
	data, err := json.Marshal(Records([]Diagnostic{
		{Code: "AE0099", Severity: Warning, Message: "nowhere"},
		{Code: "AE0008", Span: at(f, "größe"), Message: "m", Expected: "e", Found: "f", Hint: "h", Related: []Related{{at(f, "M"), "r"}}},
	}))
	want := `[{"severity":"warning","code":"AE0099","file":"","line":0,"column":0,"endLine":0,"endColumn":0,"message":"nowhere"},` +
		`{"severity":"error","code":"AE0008","file":"a.ae","line":2,"column":5,"endLine":2,"endColumn":10,"message":"m",` +
		`"expected":"e","found":"f","hint":"h","related":[{"file":"a.ae","line":1,"column":7,"endLine":1,"endColumn":8,"message":"r"}]}]`
	if err != nil || string(data) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, data, want)
	}
	if data, _ := json.Marshal(Records(nil)); string(data) != "[]" {
		t.Errorf("no diagnostics are %s", data)
	}
}
