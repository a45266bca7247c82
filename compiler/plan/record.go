package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// A Record is an input of named fields: the Go struct of a sample. Kernels see samples as rows of one float32 a field.
type Record struct {
	Type   string // Go name of the struct: "Event"
	Fields []Field
}

// A Field is a field of a record with its Go names.
type Field struct {
	nn.Field
	GoName    string   // of the struct's field: "Proto"
	GoType    string   // "float32", "bool", "uint32", or the type of its classes: "Proto"
	Constants []string // of its classes: "ProtoTCP"
	Parse     string   // Go name of the function that finds a class by its text
}

// Standardised are the blocks that records' kernels read: mean and log deviation of the standardised fields; nil without any.
type Standardised struct{ Mean, LogDeviation *Param }

type (
	// Features is what the network sees of rows: see nn.Record. Args: u, x.
	Features struct {
		Record nn.Record
		Standardised
		Fast *Function // a FeatureRows, or nil
	}
	// Likeliest is the rows that o stands for. Args: x, o.
	Likeliest struct {
		Record nn.Record
		Standardised
	}
	// FieldLoss is the negative log-likelihood of each sample. Args: score, o, u, x.
	// With Gradient, it is followed by the derivatives of the batch's mean. Args: score, do, dρ (if there is LogStd), o, u, x.
	FieldLoss struct {
		Record nn.Record
		Standardised
		LogStd   *Param // ρ, or nil
		Gradient bool
		Fast     *Function // a FieldLossRows, or nil
	}
)

// Standardise is y = (x - mean)·e^-l, or with Back mean + e^l·x, for each value: see ir.Standardise. Args: y, x.
type Standardise struct {
	Width int
	Back  bool
	Standardised
	Fast *Function // a StandardiseRows, or nil
}

// StandardiseRows is Standardise of n samples. It takes y, x, mean, logDeviation, n; the two fill whole panels.
type StandardiseRows struct {
	Width int
	Back  bool
}

func (*StandardiseRows) functionOp() {}

func (*Standardise) op() {}
func (*Features) op()    {}
func (*Likeliest) op()   {}
func (*FieldLoss) op()   {}

// fieldWidths are the widths of an operation's arguments on records.
func fieldWidths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *Standardise:
		return 1, []int{op.Width, op.Width}
	case *Features:
		return 1, []int{op.Record.Width(), len(op.Record)}
	case *Likeliest:
		return 1, []int{len(op.Record), op.Record.Width()}
	case *FieldLoss:
		n := op.Record.Width()
		in := []int{n, n, len(op.Record)}
		switch {
		case !op.Gradient:
			return 1, append([]int{1}, in...)
		case op.LogStd == nil:
			return 2, append([]int{1, n}, in...)
		}
		return 3, append([]int{1, n, op.Record.Deviations()}, in...)
	}
	panic(fmt.Sprintf("internal error: plan does not know %T", op))
}

// describeFields is an operation on records on one line.
func describeFields(op Op) string {
	switch op := op.(type) {
	case *Standardise:
		if op.Back {
			return fmt.Sprintf("y = mean + deviation·x, width %d", op.Width)
		}
		return fmt.Sprintf("y = (x - mean) / deviation, width %d", op.Width)
	case *Features:
		return fmt.Sprintf("u = %d features of %d fields", op.Record.Width(), len(op.Record))
	case *Likeliest:
		return fmt.Sprintf("x = the %d fields that %d numbers stand for", len(op.Record), op.Record.Width())
	case *FieldLoss:
		if op.Gradient {
			return fmt.Sprintf("negative log-likelihood of %d fields and its derivative, width %d", len(op.Record), op.Record.Width())
		}
		return fmt.Sprintf("negative log-likelihood of %d fields, width %d", len(op.Record), op.Record.Width())
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

// Fixed reports whether the program has blocks that are not trained.
func (p *Program) Fixed() bool {
	for _, b := range p.Params {
		if b.Fixed {
			return true
		}
	}
	return false
}
