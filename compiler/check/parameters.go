package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// maxParameters is the largest number of weights and biases of a model.
const maxParameters = 1 << 31

// checkParameters refuses models that no machine this compiler is for could hold.
func (c *checker) checkParameters(d *design) {
	total, widest := int64(0), dense{}
	sections := [][]step{d.encoder, d.code.steps}
	if !d.decoder.tied {
		sections = append(sections, d.decoder.steps)
	}
	for _, s := range sections {
		for _, l := range denseOf(s) {
			total += int64(l.in+1) * int64(l.out)
			if l.heads() == 2 {
				total += int64(l.in+1) * int64(l.out)
			}
			if l.in*l.out > widest.in*widest.out {
				widest = l
			}
		}
	}
	if total <= maxParameters {
		return
	}
	c.add(source.Diagnostic{
		Code: source.TooManyParameters, Span: widest.at,
		Message:  fmt.Sprintf("the model has %s parameters", shown(float64(total))),
		Expected: fmt.Sprintf("at most %s", shown(maxParameters)),
		Found:    fmt.Sprintf("%s × %s in this layer alone", shown(float64(widest.in)), shown(float64(widest.out))),
		Hint:     "choose smaller widths",
	})
}

// denseOf lists the dense layers among steps, those in residuals included.
func denseOf(steps []step) []dense {
	var list []dense
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			list = append(list, s)
		case residual:
			list = append(list, denseOf(s.body)...)
		case activate, dropout, topk, quantize, unknown:
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	return list
}
