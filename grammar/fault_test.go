package grammar

import (
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2"

	"github.com/aegen/aegen/grammar/source"
)

// faultyNode cannot hold what it parses, so that participle fails in a way that no spec is to blame for.
type faultyNode struct {
	Name int `parser:"@Name"`
}

func TestFaultsAreReported(t *testing.T) {
	m := &mistakes{file: &source.File{Name: "a.ae", Text: "word"}}
	list := tokens(m.file)
	faulty := participle.MustBuild[faultyNode](participle.Lexer(lexicon))
	if _, ok := parseHead(m, faulty, &branch{head: list[:1], word: "word"}); ok {
		t.Error("parsed")
	}
	if len(m.list) != 1 || m.list[0].Code != source.Internal || !strings.HasPrefix(m.list[0].Message, "internal error: parser: ") {
		t.Errorf("%+v", m.list)
	}
	if m.list[0].Span != (source.Span{File: m.file, Start: 0, End: 4}) {
		t.Errorf("at %d to %d", m.list[0].Span.Start, m.list[0].Span.End)
	}
}
