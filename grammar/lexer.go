package grammar

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/aegen/aegen/grammar/source"
)

// A token is one piece of the text. Its Pos.Offset is a byte offset into the file, byte order mark included.
type token = lexer.Token

// lexicon cuts any valid UTF-8 into tokens: the last rule takes what no other rule does.
// Number and Name take more than is right, so that `1e`, `0x10` or `größe` is one token with one mistake.
var lexicon = lexer.MustSimple([]lexer.SimpleRule{
	{Name: "Comment", Pattern: `//[^\r\n]*`},
	{Name: "Newline", Pattern: `\r?\n`},
	{Name: "Space", Pattern: `[ \t]+|\r`},
	{Name: "Name", Pattern: `[\pL_][\pL\pM\pN_]*`},
	{Name: "Number", Pattern: `\.?[0-9](?:[eE][+-]?[0-9]|[\pL\pN_]|\.[\pL\pN_])*\.?`},
	{Name: "String", Pattern: `"(?:[^"\\\r\n]|\\[^\r\n])*"`},
	{Name: "Unclosed", Pattern: `"[^\r\n]*`},
	{Name: "Mark", Pattern: `[(){},:=+\-*/]`},
	{Name: "Unknown", Pattern: `[^\s\pL_0-9"(){},:=+\-*/]+|.`},
})

var (
	commentType  = lexicon.Symbols()["Comment"]
	newlineType  = lexicon.Symbols()["Newline"]
	spaceType    = lexicon.Symbols()["Space"]
	nameType     = lexicon.Symbols()["Name"]
	numberType   = lexicon.Symbols()["Number"]
	stringType   = lexicon.Symbols()["String"]
	unclosedType = lexicon.Symbols()["Unclosed"]
	markType     = lexicon.Symbols()["Mark"]
	unknownType  = lexicon.Symbols()["Unknown"]
)

const byteOrderMark = "\uFEFF"

// tokens returns the tokens of a file without blanks, an EOF token last. The text must be valid UTF-8.
func tokens(file *source.File) []token {
	text := strings.TrimPrefix(file.Text, byteOrderMark)
	skipped := len(file.Text) - len(text)
	lex, err := lexicon.LexString("", text)
	if err != nil {
		panic("internal error: lexer: " + err.Error())
	}
	var list []token
	for {
		t, err := lex.Next()
		if err != nil {
			panic("internal error: lexer: " + err.Error())
		}
		t.Pos.Offset += skipped
		if t.Type != spaceType {
			list = append(list, t)
		}
		if t.EOF() {
			return list
		}
	}
}

func endOf(t token) int { return t.Pos.Offset + len(t.Value) }

func isMark(t token, mark string) bool { return t.Type == markType && t.Value == mark }

func isName(t token, name string) bool { return t.Type == nameType && t.Value == name }
