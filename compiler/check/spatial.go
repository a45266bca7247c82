package check

import (
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// maxReach bounds kernels, strides, dilations and padding.
const maxReach = 1 << 12

// samePad is padding that is not written: what a kernel spans beyond one position, half of it before.
const samePad = -1

// convParams are the arguments of `conv` and `deconv`.
var convParams = []param{
	intArg("channels", 1, maxWidth).first().or(inferred), intArg("kernel", 1, maxReach), intArg("stride", 1, maxReach).or(1),
	intArg("pad", 0, maxReach).or(samePad), intArg("dilation", 1, maxReach).or(1), intArg("groups", 1, maxWidth).or(1),
}

// spatialWords are the layers of images and sequences.
var spatialWords = []word{
	{name: "conv", places: []place{layer, codeLayer}, params: convParams},
	{name: "deconv", places: []place{layer}, params: convParams},
	{name: "pool", places: []place{layer}, params: []param{
		intArg("kernel", 1, maxReach).first(), wordArg("kind", "max", "avg"), intArg("stride", 1, maxReach).or(0), intArg("pad", 0, maxReach).or(0),
	}},
	{name: "global_pool", places: []place{layer}, params: []param{wordArg("kind", "avg", "max")}},
	{name: "unpool", places: []place{layer}},
	{name: "upsample", places: []place{layer}, params: []param{intArg("factor", 1, maxReach).first(), wordArg("kind", "nearest", "bilinear")}},
	{name: "flatten", places: []place{layer}},
	{name: "unflatten", places: []place{layer}, params: []param{
		intArg("height", 1, maxWidth).first(), intArg("width", 1, maxWidth).first(), intArg("channels", 1, maxWidth).first().or(inferred),
	}},
	{name: "concat", places: []place{layer}},
	{name: "add", places: []place{layer}},
}

type (
	// conv is a convolution, or with deconv a transposed one. Window is known after shape.
	conv struct {
		deconv                                          bool
		channels, kernel, stride, pad, dilation, groups int // channels 0 where a mistake was reported
		window                                          nn.Window
		frozen                                          bool // whether training leaves it alone
		at                                              source.Span
	}
	// pool takes the largest or the mean value under each place of a window, which is known after shape.
	pool struct {
		kernel, stride, pad int // kernel 0 where a mistake was reported; stride 0 is that of kernel
		global, max         bool
		window              nn.Window
		number              int // of the max pools of the model, from 0 in the order of the data; known after shape
		at                  source.Span
	}
	// unpool puts values where a max pool found them.
	unpool struct {
		of     *grammar.Ident // the name of the pool's line, or nil: pools are taken from the last to the first
		pool   int            // its number, or with number unknown below 0
		window nn.Window      // of the pool; known after shape
		at     source.Span
	}
	// upsample makes an image a whole number of times as large. Grid is what enters it, known after shape.
	upsample struct {
		factor   int // 0 where a mistake was reported
		bilinear bool
		grid     nn.Grid
		fh, fw   int // known after shape
		at       source.Span
	}
	// reshape takes values for those of an image, or with flat an image for values.
	reshape struct {
		flat bool
		grid nn.Grid // C is inferred where it is not written; H 0 where a mistake was reported
		at   source.Span
	}
	// mark gives what flows a name.
	mark struct{ name grammar.Ident }
	// join puts what a name stands for beside what flows, channel by channel, or with add adds it. Positions and size are known after shape.
	join struct {
		add       bool
		of        grammar.Ident
		positions int
		size      int  // of the result
		across    bool // from the encoder to the decoder
		at        source.Span
	}
)

func (conv) step()     {}
func (pool) step()     {}
func (unpool) step()   {}
func (upsample) step() {}
func (reshape) step()  {}
func (mark) step()     {}
func (join) step()     {}

// spatial turns a word of spatialWords into a step.
func (c *checker) spatial(call *grammar.Call, w word, in scope) step {
	switch w.name {
	case "concat", "add":
		name, ok := c.nameOf(call)
		if !ok {
			return unknown{}
		}
		return join{add: w.name == "add", of: name, at: call.At}
	case "unpool":
		if len(call.Args) == 0 {
			return unpool{pool: -1, at: call.At}
		}
		name, ok := c.nameOf(call)
		if !ok {
			return unknown{}
		}
		return unpool{of: &name, pool: -1, at: call.At}
	}
	args, ok := c.bind(call.Name, call.Args, w.params, in)
	if !ok {
		return unknown{}
	}
	switch w.name {
	case "conv", "deconv":
		return conv{
			deconv: w.name == "deconv", channels: args.whole("channels"), kernel: args.whole("kernel"), stride: args.whole("stride"),
			pad: args.whole("pad"), dilation: args.whole("dilation"), groups: args.whole("groups"), at: call.At,
		}
	case "pool":
		return pool{kernel: args.whole("kernel"), stride: args.whole("stride"), pad: args.whole("pad"), max: args.word("kind", w) == "max", at: call.At}
	case "global_pool":
		return pool{global: true, max: args.word("kind", w) == "max", at: call.At}
	case "upsample":
		return upsample{factor: args.whole("factor"), bilinear: args.word("kind", w) == "bilinear", at: call.At}
	case "flatten":
		return reshape{flat: true, at: call.At}
	case "unflatten":
		return reshape{grid: nn.Grid{H: args.whole("height"), W: args.whole("width"), C: args.whole("channels")}, at: call.At}
	}
	panic("internal error: the layer " + w.name + " has no meaning")
}

// isSpatialWord reports whether a word is one of spatialWords.
func isSpatialWord(name string) bool {
	return slices.ContainsFunc(spatialWords, func(w word) bool { return w.name == name })
}

// word is the word of the layer.
func (s conv) word() string { return choose(s.deconv, "deconv", "conv") }

// isSpatial reports whether a step is one that images or skips need.
func isSpatial(s step) bool {
	switch s.(type) {
	case conv, pool, unpool, upsample, reshape, mark, join:
		return true
	}
	return false
}

// hasSpatial reports whether there are such steps, within residuals too.
func hasSpatial(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool {
		r, ok := s.(residual)
		return isSpatial(s) || ok && hasSpatial(r.body)
	})
}

// isImage reports whether a step is a layer that makes an image.
func isImage(s step) bool { _, ok := s.(conv); return ok }

// fan is how many values each value of the layer is made of, and each value that enters it goes to: the rows and, a group's, the columns of its weight.
func (s conv) fan() (rows, columns int) {
	in, out := s.window.In.C, s.window.Out.C
	if s.deconv {
		in, out = out, in
	}
	return s.window.Taps() * in / s.groups, out
}

// after is the image that the layer makes.
func (s conv) after() nn.Grid {
	if s.deconv {
		return s.window.In
	}
	return s.window.Out
}

// isLayer reports whether a step has weights.
func isLayer(s step) bool {
	switch s.(type) {
	case dense, conv:
		return true
	}
	return false
}

// passes reports whether a step leaves values as they are, outside of training.
func passes(s step) bool {
	switch s.(type) {
	case dropout, mark, reshape:
		return true
	}
	return false
}
