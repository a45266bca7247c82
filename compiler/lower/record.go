package lower

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// record chooses the Go names of a record's struct, its fields and their classes.
func (l *lowerer) record(m *ir.Model) *plan.Record {
	if m.Record == nil {
		return nil
	}
	fields := newNames()
	for _, method := range strings.Fields("Check Row SetRow") {
		fields.used[method] = true
	}
	for _, name := range strings.Fields(exportedNames) {
		l.names.used[name] = true
	}
	r := &plan.Record{Type: l.names.unique(exported(m.Input.Name))}
	for _, f := range m.Record {
		field := plan.Field{Field: f, GoName: fields.unique(ir.GoName(f.Name))}
		switch f.Kind {
		case nn.RealField, nn.LogField:
			field.GoType = "float32"
		case nn.BinaryField:
			field.GoType = "bool"
		case nn.CountField:
			field.GoType = "uint32"
		case nn.CategoryField:
			field.GoType = l.names.unique(field.GoName)
			field.Parse = l.names.unique("Parse" + field.GoType)
			for _, class := range f.Classes {
				field.Constants = append(field.Constants, l.names.unique(field.GoType+ir.GoName(class)))
			}
		default:
			panic(fmt.Sprintf("internal error: field kind %d", f.Kind))
		}
		r.Fields = append(r.Fields, field)
	}
	return r
}

// exportedNames are those that every package has.
const exportedNames = "Batch Code CodeSize Fingerprint InputSize Load Model New NewTeam NewTrainer ParamCount Row Team Trainer Training"

// exported is a name of the spec as an exported Go name.
func exported(name string) string {
	if g := ir.GoName(name); g != "" && g[0] >= 'A' {
		return g
	}
	return "Record"
}

// standardised are the blocks behind the first arguments of an operation on records.
func (l *lowerer) standardised(record nn.Record, args []*ir.Value) (s plan.Standardised) {
	if record.Standards() > 0 {
		s.Mean, s.LogDeviation = l.block(args[0]), l.block(args[1])
	}
	return s
}

func (l *lowerer) standardise(op ir.Standardise, v *ir.Value) *plan.Kernel {
	name, key := "standardise", "standardise"
	if op.Back {
		name, key = "restore", "restore"
	}
	standardise := &plan.Standardise{Width: width(v), Back: op.Back, Standardised: plan.Standardised{Mean: l.block(v.Args[1]), LogDeviation: l.block(v.Args[2])}}
	f := plan.StandardiseRows{Width: width(v), Back: op.Back}
	standardise.Fast = l.values(name+"Rows", 1, &f, f)
	return l.kernel(name, "", standardise, key, v)
}

func (l *lowerer) features(op ir.Features, v *ir.Value) *plan.Kernel {
	features := &plan.Features{Record: op.Record, Standardised: l.standardised(op.Record, v.Args[1:])}
	features.Fast = l.fieldFunction("featureRows", &plan.FeatureRows{FieldShape: fieldShape(op.Record)})
	return l.kernel("features", "", features, "features", v)
}

func (l *lowerer) likeliest(op ir.Likeliest, v *ir.Value) *plan.Kernel {
	return l.kernel("likeliest", "", &plan.Likeliest{Record: op.Record, Standardised: l.standardised(op.Record, v.Args[1:])}, "likeliest", v)
}

// fieldLoss is the kernel of a record's loss, by the arguments of an ir.FieldsNLL.
func (l *lowerer) fieldLoss(record nn.Record, v *ir.Value, gradient bool) *plan.Kernel {
	op := &plan.FieldLoss{Record: record, Standardised: l.standardised(record, v.Args[3:]), Gradient: gradient}
	if record.Deviations() > 0 {
		op.LogStd = l.block(v.Args[len(v.Args)-1])
	}
	name := "fieldLossRows"
	if gradient {
		name = "fieldGradientRows"
	}
	op.Fast = l.fieldFunction(name, &plan.FieldLossRows{FieldShape: fieldShape(record), Gradient: gradient})
	if gradient {
		return l.kernel("lossAndGradient", "", op, "fieldLossAndGradient", v)
	}
	return l.kernel("loss", "", op, "fieldLoss", v)
}

// fieldLossAndGradient schedules the loss of a record in training with both of its derivatives in g.
func (s *schedule) fieldLossAndGradient(g *ir.Graph, v *ir.Value) {
	k := s.fieldLoss(v.Op.(ir.FieldsNLL).Record, v, true)
	args := []*plan.Buffer{s.result(v, "nll")}
	for _, d := range g.Values[v.ID:] {
		switch d.Op.(type) {
		case ir.FieldsNLLGrad:
			s.layer[d] = s.layer[v.Args[0]]
			args = append(args, s.result(d, "d"+title(s.layer[d])))
		case ir.FieldsStdGrad:
			args = append(args, s.result(d, "dLogStd"))
		}
	}
	outs := len(args)
	s.step(k, v, outs, append(args, s.at[v.Args[0]], s.at[v.Args[1]], s.at[v.Args[2]])...)
}

// scalarCost is about as much work as so many FLOP: a function of one number in Go.
const scalarCost = 20

// fieldCost estimates an operation on records.
func fieldCost(op plan.Op) plan.Cost {
	switch op := op.(type) {
	case *plan.Standardise:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 16 * op.Width}
	case *plan.Features:
		return plan.Cost{FLOPs: scalarCost * op.Record.Width(), Bytes: 4 * (op.Record.Width() + len(op.Record))}
	case *plan.Likeliest:
		return plan.Cost{FLOPs: scalarCost * op.Record.Width(), Bytes: 4 * (op.Record.Width() + len(op.Record))}
	case *plan.FieldLoss:
		return plan.Cost{FLOPs: 2 * scalarCost * op.Record.Width(), Bytes: 12 * op.Record.Width()}
	}
	panic(fmt.Sprintf("internal error: no cost of %T", op))
}
