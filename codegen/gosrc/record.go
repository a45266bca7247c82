package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// record is what the template of a record's file shows.
type record struct {
	header
	Form     string // the input as the spec says it
	Fields   []field
	MaxCount int
	Math     bool // whether the file imports math
}

// field is a field of a record's struct.
type field struct {
	plan.Field
	Index     int
	Doc       string
	Number    bool // float32
	AtLeast0  bool
	Count     bool
	Flag      bool
	Standard  int    // its place among mean and log deviation, or -1
	Transform string // what is standardised, of the sample x[i]
	Example   string // a value for tests, of a number h in [-1, 1)
}

// inputType is the Go type of a sample.
func (g *generator) inputType() string {
	if g.p.Record != nil {
		return g.p.Record.Type
	}
	return "Input"
}

func (g *generator) record() record {
	r := record{header: g.header(), Form: fmt.Sprintf("%s = record", g.p.Input.Name), MaxCount: nn.MaxCount}
	var fields nn.Record
	for _, f := range g.p.Record.Fields {
		fields = append(fields, f.Field)
	}
	for i, slot := range fields.Slots() {
		f := field{Field: g.p.Record.Fields[i], Index: i, Standard: -1}
		if slot.Standardised() {
			f.Standard = slot.Standard
		}
		value := fmt.Sprintf("float64(x[i].%s)", f.GoName)
		f.Transform = value
		if slot.Logarithmic() {
			f.Transform = "math.Log1p(" + value + ")"
		}
		switch slot.Kind {
		case nn.RealField:
			f.Number, f.Doc, f.Example = true, "a number: normal", "float32(2 * h)"
		case nn.LogField:
			f.Number, f.AtLeast0, f.Doc, f.Example = true, true, "a number of at least 0: log(1+x) is normal", "float32(4 * (h + 1))"
		case nn.CategoryField:
			f.Doc, f.Example = "one of its classes", fmt.Sprintf("%s((h + 1) / 2 * %d)", f.GoType, len(f.Classes))
		case nn.BinaryField:
			f.Flag, f.Doc, f.Example = true, "yes or no: Bernoulli", "h >= 0"
		case nn.CountField:
			f.Count, f.Doc, f.Example = true, fmt.Sprintf("a count of at most %d: Poisson", nn.MaxCount), "uint32(3 * (h + 1))"
		}
		r.Math = r.Math || !f.Flag
		r.Fields = append(r.Fields, f)
	}
	return r
}

// learned is entry i of a block that is learned of the data, as a Go expression on the parameters w.
func (g *generator) learned(w, name string) string {
	for _, p := range g.p.Params {
		switch {
		case p.Bias != name:
		case p.Reduced != nil:
			return fmt.Sprintf("%s.%s[i/%d][i%%%d]", w, p.Reduced.Bias, plan.Panel, plan.Panel)
		default:
			return fmt.Sprintf("%s.%s[i/%d][0][i%%%d]", w, p.Field, plan.Panel, plan.Panel)
		}
	}
	panic("internal error: no block " + name)
}

// learnsValues is what the trainer of an array learns of the data before its first step.
func (g *generator) learnsValues(t *trainer) {
	for _, k := range g.p.Kernels {
		if op, ok := k.Op.(*plan.Standardise); ok {
			t.Means, t.LogDeviations = op.Mean.Field, op.LogDeviation.Field
		}
	}
}

// standardised is what a trainer learns of the data before its first step.
func (g *generator) standardised(t *trainer) {
	for _, f := range g.record().Fields {
		if f.Standard >= 0 {
			t.Standardised = append(t.Standardised, f)
			t.LogStandard = t.LogStandard || f.Logarithmic()
		}
	}
	t.Standards = len(t.Standardised)
	for _, k := range g.p.Kernels {
		if op, ok := k.Op.(*plan.Features); ok && op.Mean != nil {
			t.Means, t.LogDeviations = op.Mean.Field, op.LogDeviation.Field
		}
	}
}
