package grammar

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/aegen/aegen/grammar/source"
)

// One parser for each kind of line. Without lookahead, a word that begins an alternative decides for it.
var (
	headParser    = participle.MustBuild[headNode](participle.Lexer(lexicon), participle.UseLookahead(0))
	lineParser    = participle.MustBuild[lineNode](participle.Lexer(lexicon), participle.UseLookahead(0))
	settingParser = participle.MustBuild[settingNode](participle.Lexer(lexicon), participle.UseLookahead(0))
	fieldParser   = participle.MustBuild[fieldNode](participle.Lexer(lexicon), participle.UseLookahead(0))
)

// parseLine parses a line that has no body, and notes where it is lost.
func parseLine[G any](p *parser, grammar *participle.Parser[G], b *branch) (*G, bool) {
	if b.broken {
		p.lost(b)
		return nil, false
	}
	n, ok := parseHead(p.mistakes, grammar, b)
	if !ok {
		p.lost(b)
	}
	return n, ok
}

// parseHead parses the head of a branch, and reports its first mistake.
func parseHead[G any](m *mistakes, grammar *participle.Parser[G], b *branch) (node *G, ok bool) {
	defer func() {
		if fault := recover(); fault != nil {
			m.fault(b, fault)
			node, ok = nil, false
		}
	}()
	stream, err := lexer.Upgrade(&replay{list: spoken(b)})
	if err != nil {
		panic(err)
	}
	node, err = grammar.ParseFromLexer(stream)
	var unexpected *participle.UnexpectedTokenError
	switch {
	case err == nil:
		return node, true
	case errors.As(err, &unexpected):
		m.unexpected(b, unexpected)
		return nil, false
	}
	panic(err)
}

// spoken is the head of a branch as participle shall see it: with the word that a misspelt one was meant to be,
// and without comments and line breaks. (A captured token would be the elided one before it.)
func spoken(b *branch) []token {
	list := words(b.head)
	if b.word == b.head[0].Value {
		return list
	}
	list = append([]token(nil), list...)
	list[0].Value = b.word
	return list
}

// A replay is a lexer over tokens that have been read already.
type replay struct {
	list []token
	next int
}

// Next returns the next token, and EOF behind the last one.
func (r *replay) Next() (lexer.Token, error) {
	if r.next == len(r.list) {
		last := r.list[len(r.list)-1]
		return lexer.EOFToken(lexer.Position{Offset: endOf(last)}), nil
	}
	r.next++
	return r.list[r.next-1], nil
}

// fault reports a panic of the parser as a fault of aegen, at the line that caused it.
func (m *mistakes) fault(b *branch, fault any) {
	text := strings.SplitN(fmt.Sprint(fault), "\n", 2)[0]
	m.add(source.Diagnostic{
		Code: source.Internal, Span: m.over(b.head), Message: "internal error: parser: " + text,
		Hint: "this is a fault of aegen, not of the spec; please report it with this line",
	})
}
