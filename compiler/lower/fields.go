package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

const (
	partColumns = 96      // of a part, if it has more than one field: with rows and derivatives they stay in the first cache
	mostText    = 1 << 17 // bytes of a function; records of so many parts that it would have more run in Go
)

// fieldShape cuts a record into runs of equal fields, and these into parts.
func fieldShape(record nn.Record) plan.FieldShape {
	s := plan.FieldShape{Width: record.Width(), Fields: len(record), Standards: record.Standards(), Deviations: record.Deviations()}
	var part plan.FieldPart
	for i, f := range record.Slots() {
		if len(part) > 0 && part.Columns()+f.Width() > partColumns {
			s.Parts, part = append(s.Parts, part), nil
		}
		if n := len(part); n > 0 && part[n-1].Kind == f.Kind && part[n-1].Width == f.Width() {
			part[n-1].Count++
			continue
		}
		part = append(part, plan.FieldRun{Kind: f.Kind, Width: f.Width(), Count: 1, Feature: f.At, Field: i, Standard: f.Standard, Deviation: f.Std})
	}
	s.Parts = append(s.Parts, part)
	return s
}

// fieldFunction is the assembly function of an operation on records, or nil.
func (l *lowerer) fieldFunction(name string, op plan.FunctionOp) *plan.Function {
	if f := (plan.Function{Op: op}); f.TextBytes() > mostText {
		return nil
	}
	return l.values(name, 1, op, fmt.Sprintf("%#v", op))
}
