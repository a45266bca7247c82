package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// Capacity warns of a model that is too large for a number of samples. A sample gives one equation for each of its values;
// with more parameters than equations the data does not determine the parameters, and when the decoder alone
// has so many, it can hold every sample by heart, however narrow the code is.
//
// A class is no such equation: models with a target of classes get no warning.
func Capacity(m *ir.Model, samples int) []source.Diagnostic {
	if m.Target != nil && m.Target.Classes > 0 {
		return nil
	}
	size := 1
	for _, d := range m.Output().Dims {
		size *= d
	}
	total, decoder := 0, 0
	var largest ir.Layer
	for _, l := range m.Layers {
		total += l.Params
		if l.Section == ir.Decoder {
			decoder += l.Params
			if l.Tied != "" {
				decoder += l.Weights
			}
		}
		if l.Params > largest.Params {
			largest = l
		}
	}
	known := samples * size
	if total <= known {
		return nil
	}
	d := source.Diagnostic{
		Severity: source.Warning, Code: source.Undetermined, Span: largest.At,
		Message: fmt.Sprintf("the data cannot determine the model: %s, and %s of %s are %s numbers",
			counted(total, "parameter"), counted(samples, "sample"), values(size), grouped(int64(known))),
		Hint: "choose smaller widths, add samples, or watch the error on held-out data: `-val-split 0.1`",
	}
	if decoder > known {
		d.Code = source.Memorising
		d.Message = fmt.Sprintf("the decoder is large enough to memorise the data: %s, and %s of %s are %s numbers",
			counted(decoder, "weight"), counted(samples, "sample"), values(size), grouped(int64(known)))
	}
	return []source.Diagnostic{d}
}
