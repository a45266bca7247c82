package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var inputWords = []word{
	{name: "vector", places: []place{inputType, targetType}, params: []param{intArg("size", 1, maxWidth).first()}},
	{name: "image", places: []place{inputType, targetType}, params: []param{
		intArg("height", 1, maxWidth).first(), intArg("width", 1, maxWidth).first(), intArg("channels", 1, maxWidth).first().or(1),
	}},
	{name: "sequence", places: []place{inputType, targetType}, params: []param{
		intArg("steps", 1, maxWidth).first(), intArg("values", 1, maxWidth).first().or(1),
	}},
	{name: "record", places: []place{inputType}},
}

var scaleWords = []word{
	{name: "range", places: []place{scaling}, params: []param{realArg("low", anyReal).first(), realArg("high", anyReal).first()}},
	{name: "standard", places: []place{scaling}},
}

// An input is what one sample is and how it is scaled. Its size is 0 where a mistake was reported.
type input struct {
	tensor   ir.Tensor
	grid     nn.Grid   // of an image or a sequence, else zero
	line     bool      // of a sequence
	size     int       // of what the network sees
	record   nn.Record // of a record, else nil
	scale    ir.Scale
	scaled   bool        // by a range
	standard source.Span // of `scale standard`
	at       source.Span // of `image(28, 28)`
}

// input checks the section; s is nil where it is missing.
func (c *checker) input(s *grammar.Input) input {
	if s == nil {
		return input{tensor: ir.Tensor{Name: "the input"}}
	}
	in := input{tensor: ir.Tensor{Name: s.Name.Name, At: s.At}, at: s.Type.At}
	if s.Type.Name.Name == "record" {
		in.record = c.record(s)
		in.tensor.Dims, in.size = []int{len(in.record)}, in.record.Width()
		return in
	}
	if dims := c.dims(s.Type, inputType); dims != nil {
		in.tensor.Dims, in.size = dims, product(dims)
		in.grid, in.line = gridOf(s.Type.Name.Name, dims)
	}
	if s.Scale != nil {
		if s.Scale.Name.Name == "standard" {
			if _, ok := c.bind(s.Scale.Name, s.Scale.Args, nil, nil); ok {
				in.standard = s.Scale.At
			}
			return in
		}
		in.scale, in.scaled = c.scale(s.Scale)
	}
	return in
}

// dims returns the dimensions of a type, or nil. An image of one channel has two.
func (c *checker) dims(t *grammar.Call, at place) []int {
	w, ok := c.find(t.Name, at)
	if !ok {
		return nil
	}
	args, ok := c.bind(t.Name, t.Args, w.params, nil)
	if !ok {
		return nil
	}
	var dims []int
	for _, p := range w.params {
		if n := args.whole(p.name); !p.optional || n > 1 {
			dims = append(dims, n)
		}
	}
	if product(dims) > maxWidth {
		c.add(source.Diagnostic{
			Code: source.OutOfRange, Span: t.At, Message: choose(at == inputType, "the input has too many values", "the target has too many values"),
			Expected: "at most " + shown(maxWidth), Found: shown(float64(product(dims))),
		})
		return nil
	}
	return dims
}

// gridOf is the grid of an image or a sequence with dimensions, and whether it is a sequence.
func gridOf(word string, dims []int) (g nn.Grid, line bool) {
	last := func(i int) int {
		if i < len(dims) {
			return dims[i]
		}
		return 1
	}
	switch word {
	case "image":
		return nn.Grid{H: dims[0], W: dims[1], C: last(2)}, false
	case "sequence":
		return nn.Grid{H: dims[0], W: 1, C: last(1)}, true
	}
	return nn.Grid{}, false
}

// product multiplies dimensions of at most maxWidth; beyond maxWidth it stops.
func product(dims []int) int {
	n := 1
	for _, d := range dims {
		if n *= d; n > maxWidth {
			return n
		}
	}
	return n
}

func (c *checker) scale(call *grammar.Call) (ir.Scale, bool) {
	w, ok := c.find(call.Name, scaling)
	if !ok {
		return ir.Scale{}, false
	}
	args, ok := c.bind(call.Name, call.Args, w.params, nil)
	if !ok {
		return ir.Scale{}, false
	}
	s := ir.Scale{Low: args.real("low"), High: args.real("high"), At: call.At}
	if s.High <= s.Low {
		c.add(source.Diagnostic{
			Code: source.EmptyRange, Span: call.At, Message: "the range is empty",
			Expected: "the lower end, then the higher end", Found: fmt.Sprintf("from %s to %s", shown(s.Low), shown(s.High)),
			Hint: "write the least and the greatest value of the data, as in `range(0, 255)`",
		})
		return ir.Scale{}, false
	}
	return s, true
}

// flow is what enters the encoder.
func (in input) flow() flow {
	return flow{size: in.size, grid: in.grid, line: in.line, by: quoted(in.tensor.Name), at: in.at}
}
