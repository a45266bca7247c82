package grad

import "github.com/aegen/aegen/compiler/ir"

// backFields sends the gradient of a record's loss to what the decoder ends in, and to the deviations ρ: the last argument, if there
// are any.
func (r *reverse) backFields(op ir.FieldsNLL, y, dy *ir.Value) {
	args := append([]*ir.Value{dy}, y.Args...)
	r.send(y.Args[0], func() *ir.Value { return r.g.Add(ir.FieldsNLLGrad{Record: op.Record}, y.At, args...) })
	if op.Record.Deviations() > 0 {
		r.send(y.Args[len(y.Args)-1], func() *ir.Value {
			return r.g.Add(ir.SumBatch{}, y.At, r.g.Add(ir.FieldsStdGrad{Record: op.Record}, y.At, args...))
		})
	}
}
