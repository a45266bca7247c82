package plan

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// A FieldRun is some fields of a record, one after the other, of one kind and width. Its numbers are the places of its first field:
// its features, its number in the row, its mean and deviation, its σ; those of the next ones follow.
type FieldRun struct {
	Kind                                nn.FieldKind
	Width, Count                        int
	Feature, Field, Standard, Deviation int
}

func (r FieldRun) String() string {
	if r.Kind == nn.CategoryField {
		return fmt.Sprintf("%d category(%d classes)", r.Count, r.Width)
	}
	return fmt.Sprintf("%d %s", r.Count, strings.TrimPrefix(nn.Field{Kind: r.Kind}.String(), ": "))
}

// A FieldPart is the runs whose columns lie in a function's frame together. First is the first of them.
type FieldPart []FieldRun

func (p FieldPart) First() FieldRun { return p[0] }

// Fields, Columns and Deviations are the numbers of a part's fields, of their features and of their σ.
func (p FieldPart) Fields() int {
	return p.count(func(r FieldRun) int { return r.Count })
}
func (p FieldPart) Columns() int { return p.count(func(r FieldRun) int { return r.Count * r.Width }) }
func (p FieldPart) Deviations() int {
	return p.count(func(r FieldRun) int { return r.Count * one(nn.Field{Kind: r.Kind}.Normal()) })
}

// Has reports whether the part has fields of a kind.
func (p FieldPart) Has(kind nn.FieldKind) bool {
	return p.count(func(r FieldRun) int { return one(r.Kind == kind) }) > 0
}

func (p FieldPart) count(of func(FieldRun) int) int {
	n := 0
	for _, r := range p {
		n += of(r)
	}
	return n
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// FieldShape is a record as an assembly function knows it: a lane is a sample, and the fields of a part are taken in order.
type FieldShape struct {
	Parts                                []FieldPart
	Width, Fields, Standards, Deviations int // features, numbers of a row, means and deviations, σ
}

// shownRuns is how many runs the text form of a shape names.
const shownRuns = 8

// String is the runs of a shape: "6 fields (3 real(log), 1 real, 2 count)".
func (s FieldShape) String() string {
	var runs []string
	for _, p := range s.Parts {
		for _, r := range p {
			runs = append(runs, r.String())
		}
	}
	if more := len(runs) - shownRuns; more > 0 {
		runs = append(runs[:shownRuns], fmt.Sprintf("%d more runs", more))
	}
	text := fmt.Sprintf("%d fields (%s)", s.Fields, strings.Join(runs, ", "))
	if n := len(s.Parts); n > 1 {
		text += fmt.Sprintf(" in %d parts", n)
	}
	return text
}

type (
	// FeatureRows is Features of n samples. It takes u, x, mean and logDeviation if there are any, n. Blocks fill whole panels.
	FeatureRows struct{ FieldShape }
	// FieldLossRows is FieldLoss of n samples. It takes s, with Gradient d and, if there is a σ, e, then o, u, x, of mean, logDeviation and
	// logStd those that there are, n, and with Gradient share. Blocks fill whole panels.
	FieldLossRows struct {
		FieldShape
		Gradient bool
	}
)

func (*FeatureRows) functionOp()   {}
func (*FieldLossRows) functionOp() {}

// Lane is the bytes between columns in a frame: those of a wide register.
const Lane = 4 * Panel

// A FieldFrame is where a function on records keeps what, in bytes from the beginning of its frame: the sums of a tile's samples; a part's columns of
// o, of u, of the rows and of the derivatives by ρ; and blocks with a number a field, which depend on parameters only: those of
// standardised fields, then those of fields with a σ.
type FieldFrame struct {
	Sums, O, U, X, E                                int
	Mean, Deviation, LogDeviation                   int
	InverseVariance, HalfLogVariance, VarianceSlope int
	Size                                            int
}

// Frame lays out a function's frame.
func (s *FieldShape) Frame() FieldFrame {
	columns, fields, deviations := 0, 0, 0
	for _, p := range s.Parts {
		columns, fields, deviations = max(columns, p.Columns()), max(fields, p.Fields()), max(deviations, p.Deviations())
	}
	var f FieldFrame
	take := func(bytes int) int {
		at := f.Size
		f.Size += bytes
		return at
	}
	f.Sums = take(2 * Lane)
	f.O, f.U, f.X, f.E = take(Lane*columns), take(Lane*columns), take(Lane*fields), take(Lane*deviations)
	blocks := func(n int) int { return take(Lane * ((n + Panel - 1) / Panel)) }
	f.Mean, f.Deviation, f.LogDeviation = blocks(s.Standards), blocks(s.Standards), blocks(s.Standards)
	f.InverseVariance, f.HalfLogVariance, f.VarianceSlope = blocks(s.Deviations), blocks(s.Deviations), blocks(s.Deviations)
	return f
}

// functions is how many activations all fields of a sample are worth: of a count three, of a class one.
func (s *FieldShape) functions() int {
	n := 0
	for _, p := range s.Parts {
		for _, r := range p {
			switch r.Kind {
			case nn.CountField:
				n += 3 * r.Count
			default:
				n += r.Width * r.Count
			}
		}
	}
	return n
}

// fieldWork is work of a function on records.
func fieldWork(op FunctionOp, n, value int) (flops, bytes int) {
	switch op := op.(type) {
	case *FeatureRows:
		return value * op.functions() * n, 4 * (op.Width + op.Fields) * n
	case *FieldLossRows:
		return value * op.functions() * n, 4 * (3*op.Width + op.Fields + op.Deviations) * n
	}
	panic(fmt.Sprintf("internal error: plan does not know the work of %T", op))
}

// fieldInstructions estimates the instructions of a function on records: those of its runs, and for each part those that take an array
// from rows to columns or back, in both bodies.
func fieldInstructions(op FunctionOp) int {
	const array = 2 * 3 * 50
	arrays, of, shape := 2, map[nn.FieldKind]int{nn.RealField: 8, nn.LogField: 60, nn.CountField: 60, nn.CategoryField: 12, nn.BinaryField: 6}, (*FieldShape)(nil)
	switch op := op.(type) {
	case *FeatureRows:
		shape = &op.FieldShape
	case *FieldLossRows:
		of = map[nn.FieldKind]int{nn.RealField: 25, nn.LogField: 30, nn.CountField: 130, nn.CategoryField: 75, nn.BinaryField: 60}
		if arrays, shape = 3, &op.FieldShape; op.Gradient {
			arrays = 5
		}
	default:
		panic(fmt.Sprintf("internal error: plan does not know the code of %T", op))
	}
	n := 120
	for _, p := range shape.Parts {
		n += arrays * array
		for _, r := range p {
			n += 2 * of[r.Kind]
		}
	}
	return n
}

func fieldText(op FunctionOp) string {
	switch op := op.(type) {
	case *FeatureRows:
		return fmt.Sprintf("%d features of %v", op.Width, op.FieldShape)
	case *FieldLossRows:
		if op.Gradient {
			return fmt.Sprintf("negative log-likelihood and its derivatives of %v, width %d", op.FieldShape, op.Width)
		}
		return fmt.Sprintf("negative log-likelihood of %v, width %d", op.FieldShape, op.Width)
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}
