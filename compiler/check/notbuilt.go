package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A family is a kind of model that the language describes and this version does not build.
type family struct {
	code  source.Code
	name  string
	hint  string
	words []unbuilt
}

// unbuilt is words of a family by their place.
type unbuilt struct {
	place place
	words []string
}

// families lists what the language has and the compiler has not.
var families = []*family{
	&convolutional,
	&skipConnections,
	{source.NotBuiltSequence, "sequence models", "a sequence of numbers is `sequence(steps, values)`", []unbuilt{
		{inputType, []string{"tokens"}},
		{targetType, []string{"tokens"}},
		{layer, []string{"embed", "gru", "lstm", "attend"}},
	}},
	{source.NotBuiltContext, "models that predict from context", "without `predict`, the decoder is compared with the input", nil},
}

var convolutional = family{source.NotBuiltConvolution, "convolutional models", "`dense` layers take images too: they see `image(28, 28)` as 784 values", []unbuilt{
	{layer, []string{"batchnorm", "layernorm", "groupnorm"}},
}}

var skipConnections = family{source.NotBuiltSkip, "models with skip connections", "`residual { … }` adds the input of some layers to their output", nil}

var negativeSampling = family{source.NotBuiltCategorical, "models of many classes with negative sampling", "`categorical` alone takes all classes into account", nil}

// unbuiltWords lists the words of all families.
func unbuiltWords() []word {
	var words []word
	for _, f := range families {
		for _, u := range f.words {
			for _, name := range u.words {
				words = append(words, word{name: name, places: []place{u.place}, family: f})
			}
		}
	}
	return words
}

// notBuiltWord reports a word that has a meaning at a place and cannot be compiled yet, and whether it is one.
func (c *checker) notBuiltWord(name grammar.Ident, at place) bool {
	for _, w := range vocabulary {
		if w.name == name.Name && w.family != nil && w.fits(at) && !(c.images && isSpatialWord(w.name)) {
			c.notBuilt(w.family, w.name, name.At)
			return true
		}
	}
	return false
}

// notBuilt reports the first use of a word.
func (c *checker) notBuilt(f *family, name string, at source.Span) {
	if c.unbuilt[name] {
		return
	}
	c.unbuilt[name] = true
	c.add(source.Diagnostic{
		Code: f.code, Span: at,
		Message: fmt.Sprintf("%s belongs to %s, which this version does not build yet", quoted(name), f.name),
		Hint:    f.hint,
	})
}

// notBuiltStatement reports a statement of a family.
func (c *checker) notBuiltStatement(s grammar.Stmt) {
	code, name := source.Code(""), ""
	switch s.(type) {
	case *grammar.Predict:
		code, name = source.NotBuiltContext, "predict"
	default:
		panic(fmt.Sprintf("internal error: the statement %T is built", s))
	}
	for _, f := range families {
		if f.code == code {
			c.notBuilt(f, name, s.Span())
		}
	}
}
