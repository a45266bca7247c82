package check

import (
	"strconv"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

// noisy reports whether training spoils the input or what layers make of it.
func (d *design) noisy() bool {
	return len(d.noise.noises) > 0 || len(dropoutsOf(d.encoder)) > 0 || len(dropoutsOf(d.code.steps)) > 0 || len(dropoutsOf(d.decoder.steps)) > 0
}

// dropoutsOf lists the dropouts among steps, those in residuals included.
func dropoutsOf(steps []step) []dropout {
	var list []dropout
	for _, s := range steps {
		switch s := s.(type) {
		case dropout:
			list = append(list, s)
		case residual:
			list = append(list, dropoutsOf(s.body)...)
		}
	}
	return list
}

// dropout writes what sets values to 0 in training, and lists it. Elsewhere it is nothing.
func (b *builder) dropout(s dropout, x *ir.Value) *ir.Value {
	n := x.Type.Dims[1]
	b.row(ir.Layer{Kind: "dropout(" + strconv.FormatFloat(s.p, 'g', 4, 64) + ")", In: n, Out: n, At: s.at})
	if !b.training {
		return x
	}
	b.dropouts++
	return b.Add(ir.Dropout{P: s.p, Number: b.dropouts - 1}, s.at, x)
}

// warnDropout warns of a decoder that ends in dropout.
func (c *checker) warnDropout(d *design) {
	steps := d.decoder.steps
	if len(steps) == 0 {
		return
	}
	last, ok := steps[len(steps)-1].(dropout)
	if !ok {
		return
	}
	c.warning(source.Diagnostic{
		Code: source.DropoutEnd, Span: last.at, Message: "dropout at the decoder's end sets values of the reconstruction to 0",
		Hint:    "write it before the last `dense`: there the layer learns to do without single values",
		Related: []source.Related{{Span: d.loss.at, Message: "the reconstruction is compared here"}},
	})
}
