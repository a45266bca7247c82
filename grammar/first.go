package grammar

import "github.com/aegen/aegen/grammar/source"

// foreign maps words of other tools to the statements that say the same.
var foreign = map[string]string{
	"code": "bottleneck", "const": "let", "data": "input", "decode": "decoder", "encode": "encoder", "latent": "bottleneck",
	"likelihood": "reconstruct", "loss": "reconstruct", "noise": "corrupt", "training": "train",
}

// firstWord sees that a line begins with a word that can begin it, and corrects a misspelt one.
func (r *reader) firstWord(b *branch) {
	if len(b.head) == 0 {
		return
	}
	b.word = b.head[0].Value
	switch r.kind() {
	case noBody:
		if _, ok := formOf(statements, b.word); !ok && !b.broken {
			r.unknownStatement(b)
		}
	case layerBody:
		// Only a line with a body must begin with one of few words; any other word may be a layer.
		_, ok := formOf(layerForms, b.word)
		near := source.Nearest(b.word, wordsOf(layerForms))
		if !ok && !b.broken && near != "" && isMark(r.peek(), "{") {
			r.add(source.Diagnostic{
				Code: source.UnknownStatement, Span: r.at(b.head[0]), Message: "unknown word " + quote(b.word),
				Hint: "did you mean `" + near + "`?",
			})
			b.word = near
		}
	}
}

func (r *reader) unknownStatement(b *branch) {
	d := source.Diagnostic{
		Code: source.UnknownStatement, Span: r.at(b.head[0]), Message: "unknown statement " + quote(b.word),
		Expected: "`model`, `let`, `block`, `input`, `target`, `encoder`, `bottleneck`, `decoder`, `reconstruct`, `train` …",
	}
	near := source.Nearest(b.word, wordsOf(statements))
	if near == "" {
		near = foreign[b.word]
	}
	switch {
	case b.head[0].Type != nameType:
		d.Message = "a line cannot begin with " + quote(b.word)
	case near != "":
		d.Expected, d.Hint = "", "did you mean `"+near+"`?"
	}
	r.add(d)
	if near == "" {
		b.broken = true
		return
	}
	b.word = near
}
