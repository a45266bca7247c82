// Package ir is the typed graph that lies between the syntax tree and the plan.
// Every value has a type, an operation, arguments that come before it, and the place in the spec that it came from.
package ir

import (
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// Batch is the dimension that is known only at run time: the number of samples. It is printed as B and comes first.
const Batch = -1

// An Elem is the type of a value's elements.
type Elem int

const (
	F32    Elem = iota
	Effect      // no elements: the value stands for a change of parameters
	I32         // whole numbers: those of classes
)

// A Type is an element type and dimensions: f32[B,784], f32[784,256], f32[].
type Type struct {
	Elem Elem
	Dims []int
}

// A Value is the result of one operation.
type Value struct {
	ID   int // position in the graph's order
	Op   Op
	Args []*Value
	Type Type
	At   source.Span
}

// A Graph is a list of values in an order in which every argument comes before its uses, and the named results.
type Graph struct {
	Name    string
	Values  []*Value
	Outputs []Output
}

// An Output is a named result of a graph.
type Output struct {
	Name  string
	Value *Value
}

// The names of the outputs of a model's forward graph.
const (
	Code           = "code"           // [B, code]; of a code that is sampled, its mean
	CodeLoss       = "code_loss"      // [B], the loss of what the code is decoded to, of a code that is sampled
	Logits         = "logits"         // [B, code], of a code of discrete units; else there is none
	LogVariance    = "log_variance"   // [B, code], of a code that is sampled from a normal distribution; else there is none
	Reconstruction = "reconstruction" // [B, input] in the units of the data, or [B, values or classes of the target]
	Score          = "score"          // [B], the loss of each sample
	Loss           = "loss"           // [], the mean of the scores
)

// A Model is a checked spec: its forward graph and what else later stages need to know of it.
type Model struct {
	Name     string
	Source   *source.File
	Input    Tensor
	Standard bool      // whether the input is scaled by means and deviations that are learned of the data
	Record   nn.Record // of an input that is a record, else nil; Input then has one value a field
	Code     Tensor
	From     *From   // whose encoder it has, or nil where that is its own
	Target   *Target // what the decoder is compared with, or nil where that is the input
	// Skips is where the decoder reads more of the encoder than the code: skips, or the places of pools. A code alone then decodes to nothing.
	Skips     source.Span
	Scale     Scale
	Loss      nn.Loss
	Sparse    bool    // whether few values of the code are meant to differ from 0
	Layers    []Layer // as a reader would list them
	Forward   *Graph  // inputs: Input.Name, Target.Name; outputs: Code, Reconstruction, Score, Loss
	Objective *Graph  // what training differentiates: Forward, or a graph of its own with noise and further terms of the loss
	Training  nn.Training
	Stages    []*Model    // of greedy layer-wise pretraining, one a layer, in their order; nil without. Parameters have the model's names
	Alarm     nn.Alarm    // the rate of alarms that a spec asks for, or none
	AlarmAt   source.Span // where it does
}

// A Tensor is a named array of one sample: x = image(28, 28) has Dims 28, 28.
type Tensor struct {
	Name string
	Dims []int
	At   source.Span
}

// From is another spec whose encoder and bottleneck a model has.
type From struct {
	Model  *Model
	Frozen bool // whether training leaves their weights alone
	At     source.Span
}

// A Target is what the decoder is compared with where that is not the input: values, or the number of one of Classes, from 0, or with Labels that of
// each place of an image.
type Target struct {
	Tensor             // Dims is nil for a class
	Classes int        // 0 for values and labels
	Labels  *nn.Labels // of the places; else nil
}

// Decodes reports whether a code is all that the decoder needs. A decoder that reads values of the encoder needs the sample itself.
func (m *Model) Decodes() bool {
	cut := map[*Value]string{m.Forward.Output(Code): m.Code.Name}
	for _, v := range Slice(m.Forward, "decode", cut, Reconstruction).Values {
		if in, ok := v.Op.(Input); ok && in.Name != m.Code.Name {
			return false
		}
	}
	return true
}

// Output is what the decoder makes of a sample: an input, the values of the target, or the probability of each class, perhaps at each place.
func (m *Model) Output() Tensor {
	switch {
	case m.Target == nil:
		return m.Input
	case m.Target.Labels != nil:
		return Tensor{Name: m.Target.Name, Dims: append(slices.Clone(m.Target.Dims), m.Target.Labels.Classes), At: m.Target.At}
	case m.Target.Classes > 0:
		return Tensor{Name: m.Target.Name, Dims: []int{m.Target.Classes}, At: m.Target.At}
	}
	return m.Target.Tensor
}

// Scale is how data units become what the network sees: (x - Low) / (High - Low). The zero Scale changes nothing.
type Scale struct {
	Low, High float64
	At        source.Span
}

// A Section is a part of the model.
type Section int

const (
	Encoder Section = iota
	Bottleneck
	Decoder
)

// A Layer is one row of the model's table.
type Layer struct {
	Section      Section
	Name         string // "encoder.0", "bottleneck", "decoder.2": the prefix of its parameters' names
	Kind         string // "dense", "conv 3×3 stride 2"
	In, Out      int
	From, To     nn.Grid // of a layer of images, else zero
	Activation   nn.Activation
	Tied         string // name of the layer whose weights it shares, or ""
	Params       int    // own parameters
	Weights      int    // without biases; of a tied layer those that it shares
	MultiplyAdds int    // a sample
	At           source.Span
}
