package ir

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// What records add. Their arguments end in mean [s] and log deviation [s] of the s standardised fields, if there are any, and those of a
// loss in ρ [k] of the k fields with a trained deviation, if there are any: see nn.Record.
type (
	// Features is what the network sees of rows x [B, fields]: [B, n]. Args: x, ….
	Features struct{ Record nn.Record }
	// FieldsNLL is the negative log-likelihood of rows x under o [B, n]: [B]. Args: o, u, x, …; u are the features of x.
	FieldsNLL struct{ Record nn.Record }
	// Likeliest is the row that o [B, n] stands for: [B, fields]. Args: o, ….
	Likeliest struct{ Record nn.Record }
	// FieldsNLLGrad is the derivative of FieldsNLL by o, [B, n], times ds [B]. Args: ds, and those of FieldsNLL. With Mean it is that
	// of the batch's mean, and there is no ds.
	FieldsNLLGrad struct {
		Record nn.Record
		Mean   bool
	}
	// FieldsStdGrad is the derivative by ρ for each sample, [B, k], in the same way.
	FieldsStdGrad struct {
		Record nn.Record
		Mean   bool
	}
)

func (Features) op()      {}
func (FieldsNLL) op()     {}
func (FieldsNLLGrad) op() {}
func (FieldsStdGrad) op() {}
func (Likeliest) op()     {}

// fieldArgs are the types of the arguments of an operation on records behind its first ones.
func fieldArgs(r nn.Record, loss bool, first ...Type) []Type {
	if s := r.Standards(); s > 0 {
		first = append(first, Floats(s), Floats(s))
	}
	if k := r.Deviations(); loss && k > 0 {
		first = append(first, Floats(k))
	}
	return first
}

// inferFields is infer for operations on records.
func inferFields(op Op, args []Type) (Type, error) {
	lossArgs := func(r nn.Record, first ...Type) []Type {
		return fieldArgs(r, true, append(first, Samples(r.Width()), Samples(r.Width()), Samples(len(r)))...)
	}
	gradArgs := func(r nn.Record, mean bool) []Type {
		if mean {
			return lossArgs(r)
		}
		return lossArgs(r, Floats(Batch))
	}
	switch op := op.(type) {
	case Features:
		return Samples(op.Record.Width()), want(args, fieldArgs(op.Record, false, Samples(len(op.Record)))...)
	case Likeliest:
		return Samples(len(op.Record)), want(args, fieldArgs(op.Record, false, Samples(op.Record.Width()))...)
	case FieldsNLL:
		return Floats(Batch), want(args, lossArgs(op.Record)...)
	case FieldsNLLGrad:
		return Samples(op.Record.Width()), want(args, gradArgs(op.Record, op.Mean)...)
	case FieldsStdGrad:
		return Samples(op.Record.Deviations()), want(args, gradArgs(op.Record, op.Mean)...)
	}
	panic(fmt.Sprintf("internal error: no type rule for %T", op))
}

// fieldsWord is an operation on records as the text form names it.
func fieldsWord(op Op) string {
	mean := func(mean bool) string {
		if mean {
			return ", mean"
		}
		return ""
	}
	switch op := op.(type) {
	case Features:
		return fmt.Sprintf("features[%v]", op.Record)
	case Likeliest:
		return fmt.Sprintf("likeliest[%d fields]", len(op.Record))
	case FieldsNLL:
		return fmt.Sprintf("fields_nll[%d fields]", len(op.Record))
	case FieldsNLLGrad:
		return fmt.Sprintf("fields_nll_grad[%d fields%s]", len(op.Record), mean(op.Mean))
	case FieldsStdGrad:
		return fmt.Sprintf("fields_std_grad[%d fields%s]", len(op.Record), mean(op.Mean))
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

// Trained reports whether training changes the parameter.
func (p Param) Trained() bool { return !p.Fixed && !p.Frozen }

// Trained lists the parameters that training changes, in their order in the graph.
func (g *Graph) Trained() []*Value {
	var params []*Value
	for _, v := range g.Params() {
		if v.Op.(Param).Trained() {
			params = append(params, v)
		}
	}
	return params
}
