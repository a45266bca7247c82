package interp

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// fields computes an operation on records, sample by sample.
func (r *run) fields(v *ir.Value) []float64 {
	var out []float64
	var record nn.Record
	weighted := 0 // whether the first argument is ds
	mean := false
	switch op := v.Op.(type) {
	case ir.Features:
		record = op.Record
	case ir.Likeliest:
		record = op.Record
	case ir.FieldsNLL:
		record = op.Record
	case ir.FieldsNLLGrad:
		record, mean = op.Record, op.Mean
	case ir.FieldsStdGrad:
		record, mean = op.Record, op.Mean
	}
	switch v.Op.(type) {
	case ir.FieldsNLLGrad, ir.FieldsStdGrad:
		if !mean {
			weighted = 1
		}
	}
	row := func(arg, i int) []float64 {
		_, n := r.dims(v.Args[arg])
		return r.arg(v, arg)[i*n : (i+1)*n]
	}
	for i := range r.env.Batch {
		switch v.Op.(type) {
		case ir.Features:
			out = append(out, record.Features(row(0, i), r.standard(v, record, 1))...)
			continue
		case ir.Likeliest:
			out = append(out, record.Likeliest(row(0, i), r.standard(v, record, 1))...)
			continue
		}
		o, u, x, by := row(weighted, i), row(weighted+1, i), row(weighted+2, i), r.standard(v, record, weighted+3)
		var rho []float64
		if record.Deviations() > 0 {
			rho = r.arg(v, len(v.Args)-1)
		}
		share := 1 / float64(r.env.Batch)
		if weighted == 1 {
			share = r.arg(v, 0)[i]
		}
		do, dRho := record.NLLGrad(o, u, x, by, rho)
		switch v.Op.(type) {
		case ir.FieldsNLL:
			out = append(out, record.NLL(o, u, x, by, rho))
		case ir.FieldsNLLGrad:
			out = append(out, mapped(do, func(d float64) float64 { return share * d })...)
		case ir.FieldsStdGrad:
			out = append(out, mapped(dRho, func(d float64) float64 { return share * d })...)
		default:
			panic(fmt.Sprintf("internal error: no meaning of %T", v.Op))
		}
	}
	return out
}

// standard is what argument first and the next hold, if the record has standardised fields.
func (r *run) standard(v *ir.Value, record nn.Record, first int) nn.Standard {
	if record.Standards() == 0 {
		return nn.Standard{}
	}
	return nn.Standard{Mean: r.arg(v, first), LogDeviation: r.arg(v, first+1)}
}

// standardise takes each value relative to the mean and the deviation of its place, or back.
func (r *run) standardise(v *ir.Value, back bool) []float64 {
	x, mean, log := r.arg(v, 0), r.arg(v, 1), r.arg(v, 2)
	out := make([]float64, len(x))
	for i := range x {
		j := i % len(mean)
		if out[i] = (x[i] - mean[j]) * math.Exp(-log[j]); back {
			out[i] = mean[j] + math.Exp(log[j])*x[i]
		}
	}
	return out
}
