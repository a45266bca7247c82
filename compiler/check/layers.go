package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// maxWidth is the largest number of values that one layer has.
const maxWidth = 1 << 24

// inferred is the width of a `dense` that is written without one.
const inferred = -1

var layerWords = []word{
	{name: "dense", places: []place{layer, codeLayer}, params: []param{intArg("width", 1, maxWidth).first().or(inferred)}},
	{name: "dropout", places: []place{layer}, params: []param{realArg("p", noiseLimits[nn.DropoutNoise]).first().orNamed()}},
}

// activationWords are the functions that nn defines. The parameter of those that have one is written without its name.
var activationWords = func() []word {
	var words []word
	for _, a := range nn.Activations() {
		if !a.Func.IsWord() {
			continue
		}
		w := word{name: a.Func.Name(), places: []place{layer, codeLayer}}
		if a.Func.HasAlpha() {
			w.params = []param{realArg(a.Func.Parameter(), limits{low: 0, openLow: true, high: 1000}).first().or(a.Alpha)}
		}
		words = append(words, w)
	}
	return words
}()

// A step is one operation of a section once blocks and repeats are unfolded.
type step interface{ step() }

type (
	// dense is a matrix and a bias. In is known after shape.
	dense struct {
		in, out int    // 0 where a mistake was reported, out inferred where none is written
		name    string // of its parameters, where that does not follow from its place
		frozen  bool   // whether training leaves it alone
		sampled bool   // whether it makes a code that is sampled
		// relaxation is that of a code of discrete units, whose logits the layer makes. Else there are two layers of a code that is sampled, for
		// the mean and for the log-variance.
		relaxation nn.Relaxation
		at         source.Span
	}
	// activate is an activation function.
	activate struct {
		activation nn.Activation
		at         source.Span
	}
	// topk keeps the k largest values and sets the others to 0.
	topk struct {
		k      int  // 0 where a mistake was reported
		batch  bool // k a sample in the mean of a batch
		frozen bool // by the threshold in training too
		at     source.Span
	}
	// quantize replaces groups of dim values by the nearest of some vectors.
	quantize struct {
		codes, dim int // 0 where a mistake was reported
		at         source.Span
	}
	// dropout sets values to 0 in training.
	dropout struct {
		p  float64
		at source.Span
	}
	// residual adds what its body makes of its input to its input.
	residual struct {
		body []step
		at   source.Span
	}
	// unknown stands for a line with a mistake that has been reported: what leaves it may have any size.
	unknown struct{}
)

func (dense) step()    {}
func (activate) step() {}
func (topk) step()     {}
func (quantize) step() {}
func (dropout) step()  {}
func (residual) step() {}
func (unknown) step()  {}

// operation turns one word of a line into steps. It may be a layer, an activation or a block.
func (c *checker) operation(call *grammar.Call, at place, in scope) []step {
	var own []string
	if at == layer {
		if b := c.blocksByName[call.Name.Name]; b != nil {
			return c.unfoldBlock(b, call, in)
		}
		own = c.blockNames()
	}
	if at == layer && call.Name.Name == "mirror" {
		c.add(source.Diagnostic{
			Code: source.MisplacedWord, Span: call.At, Message: "`mirror` is the whole decoder, not a layer of it",
			Hint: "write `decoder mirror(encoder)`",
		})
		return []step{unknown{}}
	}
	w, ok := c.find(call.Name, at, own...)
	if !ok {
		return []step{unknown{}}
	}
	if w.family != nil || isSpatialWord(w.name) {
		return []step{c.spatial(call, w, in)}
	}
	args, ok := c.bind(call.Name, call.Args, w.params, in)
	switch w.name {
	case "dense":
		return []step{denseStep(call, args, ok)}
	case "gaussian":
		d := denseStep(call, args, ok)
		d.sampled = true
		return []step{d}
	case "bernoulli", "categorical":
		return []step{c.discreteStep(call, args, ok)}
	case "topk", "batch_topk":
		return []step{topkStep(call, args, ok)}
	case "quantize":
		return c.quantizeSteps(call, args, ok)
	case "dropout":
		return []step{dropout{p: args.real("p"), at: call.At}}
	}
	return []step{activateStep(call, args)}
}

func denseStep(call *grammar.Call, args arguments, ok bool) dense {
	d := dense{at: call.At}
	if ok {
		d.out = args.whole("width")
	}
	return d
}

func topkStep(call *grammar.Call, args arguments, ok bool) topk {
	s := topk{at: call.At, batch: call.Name.Name == "batch_topk"}
	if ok {
		s.k = args.whole("k")
	}
	return s
}

func activateStep(call *grammar.Call, args arguments) activate {
	for _, a := range nn.Activations() {
		if a.Func.Name() == call.Name.Name {
			if a.Func.HasAlpha() {
				a.Alpha = args.real(a.Func.Parameter())
			}
			return activate{activation: a, at: call.At}
		}
	}
	panic(fmt.Sprintf("internal error: the layer %s has no meaning", call.Name.Name))
}
