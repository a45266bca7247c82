package source

import "testing"

func TestPosition(t *testing.T) {
	for _, test := range []struct {
		text   string
		offset int
		want   Position
	}{
		{"", 0, Position{1, 1}},
		{"ab\ncd", 0, Position{1, 1}},
		{"ab\ncd", 2, Position{1, 3}},
		{"ab\ncd", 3, Position{2, 1}},
		{"ab\ncd", 5, Position{2, 3}},
		{"ab\ncd", 99, Position{2, 3}},
		{"ab\ncd", -1, Position{1, 1}},
		{"ab\r\ncd", 4, Position{2, 1}},
		{"größe x", 8, Position{1, 7}},
		{"\tx", 1, Position{1, 2}},
		{byteOrderMark + "x y", 5, Position{1, 3}},
		{"a\n", 2, Position{2, 1}},
	} {
		f := &File{Text: test.text}
		if got := f.Position(test.offset); got != test.want {
			t.Errorf("%q at %d: %v, want %v", test.text, test.offset, got, test.want)
		}
	}
}

func TestJoin(t *testing.T) {
	f := &File{Text: "abcdef"}
	a, b := Span{f, 4, 5}, Span{f, 1, 2}
	if got := a.Join(b); got != (Span{f, 1, 5}) {
		t.Errorf("joined: %v", got)
	}
	if a.Join(Span{}) != a || (Span{}).Join(a) != a {
		t.Error("an invalid span adds something")
	}
}
