package grammar

import "github.com/aegen/aegen/grammar/source"

// The syntax tree of one spec: what was written, in the order in which it was written.
// Names are not resolved and numbers are not converted; package check does both.

// A File is one spec.
type File struct {
	Source *source.File
	Model  *Ident // nil where the model line is missing or broken
	Stmts  []Stmt

	// Broken lists the lines that could not be read and are missing from the tree, each as the word that begins
	// its top-level statement with the place of the line. A statement that Broken names must not be called missing.
	Broken []Ident
}

// A Stmt is one top-level statement.
type Stmt interface {
	Span() source.Span // of the statement's head, body excluded
	stmt()
}

// An Ident is one name and its place.
type Ident struct {
	Name string
	At   source.Span
}

type (
	// Let is `let latent = 32`.
	Let struct {
		At    source.Span
		Name  Ident
		Value Expr
	}
	// Block is `block name(a, b) { layers }`: layers under a name, with parameters.
	Block struct {
		At     source.Span
		Name   Ident
		Params []Ident
		Body   []Line
	}
	// Input is `input x = vector(30) scale range(0, 16)` or `input e = record { … }`.
	Input struct {
		At     source.Span
		Name   Ident
		Type   *Call
		Fields []*Field // of a record, else nil
		Scale  *Call    // nil without `scale`
	}
	// Target is `target y = class(10)`: what the decoder is compared with where it is not the input.
	Target struct {
		At   source.Span
		Name Ident
		Type *Call
	}
	// Predict is `predict context from focus(window: 5)`.
	Predict struct {
		At   source.Span
		What Ident
		From *Call
	}
	// Augment is `augment flip(horizontal: true)`.
	Augment struct {
		At source.Span
		By *Call
	}
	// Corrupt is `corrupt gaussian(std: 0.3)`.
	Corrupt struct {
		At source.Span
		By *Call
	}
	// Encoder is `encoder { layers }` or `encoder from "fashion.ae" { settings }`.
	Encoder struct {
		At       source.Span
		From     *String // nil for a body of layers
		Body     []Line
		Settings []*Setting // of `from`
	}
	// Bottleneck is `bottleneck z = dense(32) relu { settings }`.
	Bottleneck struct {
		At       source.Span
		Name     Ident
		Ops      []*Call
		Settings []*Setting
	}
	// Decoder is `decoder { layers }` or `decoder mirror(encoder)`.
	Decoder struct {
		At   source.Span
		Call *Call // mirror(…), nil for a body
		Body []Line
	}
	// Reconstruct is `reconstruct bernoulli`.
	Reconstruct struct {
		At source.Span
		By *Call
	}
	// Train is `train { settings }`.
	Train struct {
		At       source.Span
		Settings []*Setting
	}
	// Alarm is `alarm 1 per 10_000`.
	Alarm struct {
		At         source.Span
		Count, Per Expr
	}
)

func (s *Let) Span() source.Span         { return s.At }
func (s *Block) Span() source.Span       { return s.At }
func (s *Input) Span() source.Span       { return s.At }
func (s *Target) Span() source.Span      { return s.At }
func (s *Predict) Span() source.Span     { return s.At }
func (s *Augment) Span() source.Span     { return s.At }
func (s *Corrupt) Span() source.Span     { return s.At }
func (s *Encoder) Span() source.Span     { return s.At }
func (s *Bottleneck) Span() source.Span  { return s.At }
func (s *Decoder) Span() source.Span     { return s.At }
func (s *Reconstruct) Span() source.Span { return s.At }
func (s *Train) Span() source.Span       { return s.At }
func (s *Alarm) Span() source.Span       { return s.At }

func (*Let) stmt()         {}
func (*Block) stmt()       {}
func (*Input) stmt()       {}
func (*Target) stmt()      {}
func (*Predict) stmt()     {}
func (*Augment) stmt()     {}
func (*Corrupt) stmt()     {}
func (*Encoder) stmt()     {}
func (*Bottleneck) stmt()  {}
func (*Decoder) stmt()     {}
func (*Reconstruct) stmt() {}
func (*Train) stmt()       {}
func (*Alarm) stmt()       {}

// A Line is one line of a body of layers.
type Line interface {
	Span() source.Span
	line()
}

type (
	// Layer is `conv(16, kernel: 3) relu as s1`: operations applied from left to right.
	Layer struct {
		At  source.Span
		Ops []*Call
		As  *Ident // nil without `as`
	}
	// Repeat is `repeat 3 { layers }`.
	Repeat struct {
		At    source.Span
		Count Expr
		Body  []Line
	}
	// Residual is `residual { layers }`: x + layers(x).
	Residual struct {
		At   source.Span
		Body []Line
	}
)

func (l *Layer) Span() source.Span    { return l.At }
func (l *Repeat) Span() source.Span   { return l.At }
func (l *Residual) Span() source.Span { return l.At }

func (*Layer) line()    {}
func (*Repeat) line()   {}
func (*Residual) line() {}

// A Setting is one line of `train`, of a bottleneck's body or of `encoder from`:
// a name, then either arguments of its own (`sparsity` has none, `contractive(0.1)` has) or one value, or both missing.
//
//	optimizer adam(lr: 1e-3)      Name optimizer, Value a Call
//	batch 128                     Name batch, Value a Number
//	stop early(patience: 5)       Name stop, Value a Call
//	dead(after: 100, aux: 32)     Name dead, Args
type Setting struct {
	At    source.Span
	Name  Ident
	Args  []*Arg
	Value Expr // nil where Args say all
}

// A Field is one line of a record: `bytes: real(log)`.
type Field struct {
	At   source.Span
	Name Ident
	Type *Call
}

// An Expr is a value as written.
type Expr interface {
	Span() source.Span
	expr()
}

type (
	// Number is a literal as written, underscores and all: check converts it.
	Number struct {
		At   source.Span
		Text string
	}
	// String is a quoted literal as written, quotes included.
	String struct {
		At   source.Span
		Text string
	}
	// Call is a word with or without arguments: `relu`, `dense(256)`, `latent`, `true`.
	Call struct {
		At     source.Span // all of it
		Name   Ident
		Args   []*Arg
		Parens bool // whether it was written with parentheses
	}
	// Unary is `-x`.
	Unary struct {
		At source.Span
		X  Expr
	}
	// Binary is `x op y`, op one of + - * /.
	Binary struct {
		At   source.Span
		Op   byte
		X, Y Expr
	}
	// Paren is `(x)`.
	Paren struct {
		At source.Span
		X  Expr
	}
)

// An Arg is one argument: `256`, or `stride: 2`.
type Arg struct {
	At    source.Span
	Name  *Ident // nil for a positional argument
	Value Expr
}

func (e *Number) Span() source.Span { return e.At }
func (e *String) Span() source.Span { return e.At }
func (e *Call) Span() source.Span   { return e.At }
func (e *Unary) Span() source.Span  { return e.At }
func (e *Binary) Span() source.Span { return e.At }
func (e *Paren) Span() source.Span  { return e.At }

func (*Number) expr() {}
func (*String) expr() {}
func (*Call) expr()   {}
func (*Unary) expr()  {}
func (*Binary) expr() {}
func (*Paren) expr()  {}
