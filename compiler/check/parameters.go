package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// maxParameters is the largest number of weights and biases of a model.
const maxParameters = 1 << 31

// checkParameters refuses models that no machine this compiler is for could hold.
func (c *checker) checkParameters(d *design) {
	total, widest := 0., weights{}
	sections := [][]step{d.encoder, d.code.steps}
	if !d.decoder.tied {
		sections = append(sections, d.decoder.steps)
	}
	for _, s := range sections {
		for _, l := range weightsOf(s) {
			total += (l.rows + 1) * l.columns * l.heads
			if l.rows*l.columns > widest.rows*widest.columns {
				widest = l
			}
		}
	}
	if total <= maxParameters {
		return
	}
	c.add(source.Diagnostic{
		Code: source.TooManyParameters, Span: widest.at,
		Message:  fmt.Sprintf("the model has %s parameters", shown(total)),
		Expected: fmt.Sprintf("at most %s", shown(maxParameters)),
		Found:    fmt.Sprintf("%s × %s in this layer alone", shown(widest.rows), shown(widest.columns)),
		Hint:     "choose smaller widths",
	})
}

// weights is the shape of a layer's weight, in float64: as a product it may be beyond what an int holds.
type weights struct {
	rows, columns, heads float64
	at                   source.Span
}

// weightsOf lists the weights of layers among steps, those in residuals included.
func weightsOf(steps []step) []weights {
	var list []weights
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			list = append(list, weights{float64(s.in), float64(s.out), float64(s.heads()), s.at})
		case conv:
			in, out := s.fan()
			list = append(list, weights{float64(in), float64(out), 1, s.at})
		case residual:
			list = append(list, weightsOf(s.body)...)
		}
	}
	return list
}
