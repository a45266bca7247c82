package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A place is where a word stands in a spec. What a word means depends on it, and so do the hints for misspelt ones.
type place int

const (
	inputType place = iota
	targetType
	fieldType // in a record
	scaling
	noise     // behind `corrupt`
	motion    // behind `augment`
	layer     // in the bodies of encoder, decoder and blocks
	codeLayer // behind `bottleneck z =`
	decoderForm
	likelihood
	trainSetting
	optimizer
	schedule
	clipping
	decay
	stopping
	pretraining
	fromSetting   // in the body of `encoder from`
	codeSetting   // in a bottleneck's body
	priorForm     // behind `prior`
	sparsity      // behind `sparsity`
	argumentValue // a word in the place of a number
)

// places names each place by what stands there.
var places = [...]string{
	inputType:     "type of input",
	targetType:    "type of target",
	fieldType:     "type of field",
	scaling:       "way to scale",
	noise:         "kind of noise",
	motion:        "way to augment",
	layer:         "layer",
	codeLayer:     "layer of a bottleneck",
	decoderForm:   "form of decoder",
	likelihood:    "likelihood",
	trainSetting:  "setting of `train`",
	optimizer:     "optimizer",
	schedule:      "schedule",
	clipping:      "way to clip",
	decay:         "kind of decay",
	stopping:      "way to stop",
	pretraining:   "way to pretrain",
	fromSetting:   "setting of `encoder from`",
	codeSetting:   "setting of a bottleneck",
	priorForm:     "kind of prior",
	sparsity:      "kind of sparsity",
	argumentValue: "value",
}

func (p place) String() string { return places[p] }

// A word is one word of the language.
type word struct {
	name   string
	places []place
	params []param
	family *family // of a model that is not built yet, else nil
}

func (w word) fits(p place) bool { return slices.Contains(w.places, p) }

// vocabulary is every word that stands behind the first of a statement: the tables of the files that give them their meaning.
var vocabulary = slices.Concat(inputWords, fromWords, targetWords, fieldWords, scaleWords, noiseWords, augmentWords, layerWords, spatialWords, codeWords, activationWords, keepWords, quantizeWords, decoderWords, likelihoodWords,
	settingWords, optimizerWords, scheduleWords, clipWords, decayWords, stopWords, pretrainWords, codeSettingWords, sparsityWords, unbuiltWords())

// fitting lists the words of a place: those that can be compiled, then those that cannot yet.
func fitting(p place) (built, unbuilt []string) {
	for _, w := range vocabulary {
		switch {
		case !w.fits(p):
		case w.family == nil:
			built = append(built, w.name)
		default:
			unbuilt = append(unbuilt, w.name)
		}
	}
	return built, unbuilt
}

// find returns the word that a name is at a place, and reports where it is none or cannot be compiled yet.
// Own are names of the spec that fit as well.
func (c *checker) find(name grammar.Ident, at place, own ...string) (word, bool) {
	if c.notBuiltWord(name, at) {
		return word{}, false
	}
	elsewhere := -1
	for i, w := range vocabulary {
		switch {
		case w.name != name.Name:
		case w.fits(at):
			return w, true
		case elsewhere < 0:
			elsewhere = i
		}
	}
	if elsewhere >= 0 {
		c.misplaced(name, at, article(vocabulary[elsewhere].places[0].String()), own)
	} else if c.letsByName[name.Name] != nil {
		c.misplaced(name, at, "a `let`", own)
	} else if !c.full() && !c.lost(name.Name) {
		c.unknownWord(name, at, own)
	}
	return word{}, false
}

// unknownWord reports a word that the language does not have.
func (c *checker) unknownWord(name grammar.Ident, at place, own []string) {
	built, unbuilt := fitting(at)
	built = append(own, built...)
	hint := ""
	if near := source.Nearest(name.Name, append(slices.Clone(built), unbuilt...)); near != "" {
		hint = "did you mean " + quoted(near) + "?"
	} else if at == trainSetting && argumentOf(name.Name) != "" {
		hint = "it is an argument: write " + quoted(argumentOf(name.Name))
	} else if len(built) > 0 {
		hint = "write " + listed(built)
	}
	what := at.String()
	if strings.HasSuffix(what, "`") {
		what += ":"
	}
	c.add(source.Diagnostic{
		Code: source.UnknownWord, Span: name.At, Message: fmt.Sprintf("unknown %s %s", what, quoted(name.Name)), Hint: hint,
	})
}

// misplaced reports a word that means something elsewhere.
func (c *checker) misplaced(name grammar.Ident, at place, what string, own []string) {
	built, _ := fitting(at)
	c.add(source.Diagnostic{
		Code: source.MisplacedWord, Span: name.At,
		Message:  fmt.Sprintf("%s is no %s", quoted(name.Name), at),
		Expected: article(at.String()), Found: fmt.Sprintf("%s, %s", quoted(name.Name), what),
		Hint: meant(name.Name, append(own, built...)),
	})
}
