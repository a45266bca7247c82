package dataset

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
)

var visit = nn.Record{
	{Name: "minutes", Kind: nn.LogField}, {Name: "page", Kind: nn.CategoryField, Classes: []string{"front", "a, b", "404"}},
	{Name: "member", Kind: nn.BinaryField}, {Name: "clicks", Kind: nn.CountField}, {Name: "heat", Kind: nn.RealField},
}

func TestRecords(t *testing.T) {
	const text = "\ufeffclicks, other,page,member, heat,minutes\n3,,front,yes,-1.5e3,2.5\n\n16777216,x,\"a, b\",FALSE,0,0\n0,x, 404 ,0,7,1e-3\n"
	table, err := From(strings.NewReader(text), Options{Record: visit}, true)
	if err != nil {
		t.Fatal(err)
	}
	want := []float32{2.5, 0, 1, 3, -1500, 0, 1, 0, 16777216, 0, 1e-3, 2, 0, 0, 7}
	if table.Width != 5 || !slices.Equal(table.Data, want) {
		t.Errorf("%d wide: %v, want %v", table.Width, table.Data, want)
	}
	if got := table.Place(1, 3); got != "line 4, column 1" {
		t.Errorf("the place of a value is %s", got)
	}
	var b bytes.Buffer
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	const written = "minutes,page,member,clicks,heat\n2.5,front,1,3,-1500\n0,\"a, b\",0,16777216,0\n0.001,404,0,0,7\n"
	if b.String() != written {
		t.Errorf("written as\n%swant\n%s", &b, written)
	}
	again, err := From(&b, Options{Record: visit}, true)
	if err != nil || !slices.Equal(again.Data, want) {
		t.Errorf("read again: %v, %v", again, err)
	}
}

func TestRecordsThatDoNotFit(t *testing.T) {
	row := func(line string) string { return "minutes,page,member,clicks,heat\n1,front,1,1,1\n" + line + "\n" }
	for text, want := range map[string]string{
		row("NaN,front,1,1,1"):                   "line 3, column 1 (minutes): a finite number expected, \"NaN\" found",
		row("1e99,front,1,1,1"):                  "a finite number expected",
		row("-0.1,front,1,1,1"):                  "a number of at least 0 expected",
		row("1,Front,1,1,1"):                     "line 3, column 2 (page): one of front, a, b, 404 expected, \"Front\" found",
		row("1,front,,1,1"):                      "line 3, column 3 (member): 0 or 1, true or false, yes or no expected, nothing found: a record has no missing values",
		row("1,front,2,1,1"):                     "\"2\" found",
		row("1,front,1,-1,1"):                    "line 3, column 4 (clicks): a whole number from 0 to 16777216 expected, \"-1\" found",
		row("1,front,1,16777217,1"):              "\"16777217\" found",
		row("1,front,1,1,one"):                   "line 3, column 5 (heat): a finite number expected, \"one\" found",
		row("1,front,1,1"):                       "line 3: 5 columns expected, 4 found",
		"minutes,page\n1,front\n":                "names no column member, clicks, heat; it has minutes, page",
		"minutes,page,member,clicks,heat,page\n": "two columns are called page",
		"minutes,page,member,clicks,heat\n":      "no rows below the header",
		"\x93NUMPY\x01\x00":                      "records are read from .csv with a header",
	} {
		if _, err := From(strings.NewReader(text), Options{Record: visit}, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
