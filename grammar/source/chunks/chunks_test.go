package chunks

import (
	"slices"
	"testing"

	"github.com/aegen/aegen/grammar/source"
)

func TestCompare(t *testing.T) {
	list, err := Read("a.ae", "first\n---\nbad one ### \"AE0010: no\" \"AE0011\"\ngood\n")
	if err != nil || len(list) != 2 {
		t.Fatalf("%d chunks, %v", len(list), err)
	}
	c := list[1]
	if c.File.Text != "bad one\ngood\n" || c.Before != 2 {
		t.Errorf("text %q after %d lines", c.File.Text, c.Before)
	}
	got := c.Compare([]source.Diagnostic{
		{Code: "AE0010", Message: "no", Span: source.Span{File: c.File, Start: 0, End: 3}},
		{Code: "AE0012", Message: "stray", Span: source.Span{File: c.File, Start: 8, End: 9}},
	})
	want := []string{"a.ae:4: unexpected: error AE0012: stray", `a.ae:3: missing: "AE0011"`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestReadRefusesUnquoted(t *testing.T) {
	if _, err := Read("a.ae", "x ### oops"); err == nil || err.Error() != "a.ae:1: a quoted expression is wanted after ###, not oops" {
		t.Errorf("error %v", err)
	}
}
