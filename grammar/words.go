package grammar

// A bodyKind says what the lines between braces are.
type bodyKind int

const (
	noBody bodyKind = iota
	layerBody
	settingBody
	fieldBody
	unreadBody // behind a head that takes none
)

// A form describes one statement: how it is written, and what its body is where it has one.
type form struct {
	word string
	like string // shown as a hint
	body bodyKind
}

// statements lists the words that begin a top-level statement, in the order in which data flows.
var statements = []form{
	{"model", "model Fashion", noBody},
	{"let", "let latent = 32", noBody},
	{"block", "block stage(width) { layers }", layerBody},
	{"input", "input x = vector(64)", noBody},
	{"target", "target y = class(10)", noBody},
	{"predict", "predict context from focus(window: 5)", noBody},
	{"augment", "augment flip(horizontal: true)", noBody},
	{"corrupt", "corrupt gaussian(std: 0.3)", noBody},
	{"encoder", "encoder { layers }", layerBody},
	{"bottleneck", "bottleneck z = dense(32)", settingBody},
	{"decoder", "decoder mirror(encoder)", layerBody},
	{"reconstruct", "reconstruct bernoulli", noBody},
	{"train", "train { settings }", settingBody},
	{"alarm", "alarm 1 per 10_000", noBody},
}

// layerForms lists the words that begin a line of layers with a body.
var layerForms = []form{
	{"repeat", "repeat 3 { layers }", layerBody},
	{"residual", "residual { layers }", layerBody},
}

// formOf finds a word among forms.
func formOf(forms []form, word string) (form, bool) {
	for _, f := range forms {
		if f.word == word {
			return f, true
		}
	}
	return form{}, false
}

func wordsOf(forms []form) []string {
	words := make([]string, len(forms))
	for i, f := range forms {
		words[i] = f.word
	}
	return words
}

// likeOf shows how the statement or line of a word is written.
func likeOf(word string) string {
	if word == "record" {
		return "input x = record { fields }"
	}
	f, ok := formOf(statements, word)
	if !ok {
		f, _ = formOf(layerForms, word)
	}
	return f.like
}

// bodyOf tells what the lines of a body are from the word that begins its head, the head, and the body around it.
func bodyOf(word string, head []token, around bodyKind) bodyKind {
	switch around {
	case settingBody, fieldBody, unreadBody:
		return noBody
	case layerBody:
		f, _ := formOf(layerForms, word)
		return f.body
	}
	f, _ := formOf(statements, word)
	switch {
	case word == "input" && isName(head[len(head)-1], "record"):
		return fieldBody
	case word == "encoder" && len(head) > 1 && isName(head[1], "from"):
		return settingBody
	case word == "decoder" && len(head) > 1:
		return noBody
	}
	return f.body
}
