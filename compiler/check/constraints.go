package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A constraint is a setting of the code with a strength, and where it is written. The zero constraint is none.
type constraint struct {
	strength float64
	at       source.Span
}

// constraints are what a bottleneck's body says of weights and of the Jacobian.
type constraints struct {
	contractive constraint
	orthogonal  constraint
	unitNorm    source.Span // where it is written
}

func setContractive(c *checker, z *code, at source.Span, _ string, a arguments) {
	c.checkPressed(z, "contractive", at)
	z.contractive = constraint{a.real("strength"), at}
}

func setOrthogonal(c *checker, z *code, at source.Span, _ string, a arguments) {
	c.checkPressed(z, "orthogonal", at)
	z.orthogonal = constraint{a.real("strength"), at}
}

func setUnitNorm(c *checker, z *code, at source.Span, _ string, _ arguments) {
	c.checkPressed(z, "unit_norm", at)
	z.unitNorm = at
}

// constrained reports whether training differs by them.
func (s constraints) constrained() bool {
	return s.contractive.strength > 0 || s.orthogonal.strength > 0 || s.unitNorm.Valid()
}

// checkConstraints sees that the network is one that the constraints of the code have a meaning for.
func (c *checker) checkConstraints(d *design) {
	if at := d.code.contractive.at; at.Valid() {
		c.checkJacobian(d, at)
	}
	if at := d.code.orthogonal.at; at.Valid() && len(d.code.steps) > 0 {
		if w, ok := d.code.steps[0].(dense); ok && w.in > 0 && w.out > w.in {
			c.add(source.Diagnostic{
				Code: source.SettingConflict, Span: at,
				Message: fmt.Sprintf("%s of %s each cannot be orthogonal", counted(w.out, "column"), values(w.in)),
				Hint:    fmt.Sprintf("choose a code of at most %s, or leave `orthogonal` out", values(w.in)),
				Related: []source.Related{{Span: w.at, Message: fmt.Sprintf("the weight of %s has a column for each value of the code", quoted(d.code.name.Name))}},
			})
		}
	}
	if at := d.code.unitNorm; at.Valid() && d.decoder.at.Valid() {
		c.wantDecoderWeights(d, at)
	}
}

// wantDecoderWeights reports a decoder that does not begin with a dense layer.
func (c *checker) wantDecoderWeights(d *design, at source.Span) {
	for _, s := range d.decoder.steps {
		switch s.(type) {
		case dense, unknown:
			return
		case dropout:
			continue
		}
		break
	}
	c.add(source.Diagnostic{
		Code: source.NoLatentWeights, Span: at, Message: "`unit_norm` needs a decoder that begins with a `dense`",
		Hint:    "write an activation of the code behind the bottleneck",
		Related: []source.Related{{Span: d.decoder.at, Message: "the decoder is here"}},
	})
}

// constrain writes what the code's settings say of the bottleneck's weight, beside the weight.
func (b *builder) constrain(w *ir.Value) {
	if s := b.code.contractive; s.strength > 0 && b.shallow {
		b.norms = b.Add(ir.ColumnSquares{}, s.at, w)
	}
	if s := b.code.orthogonal; s.strength > 0 {
		b.costs = append(b.costs, b.Add(ir.Orthogonal{Strength: s.strength}, s.at, w))
	}
}

// contract writes the contraction of z = f(x·w + b).
func (b *builder) contract(z *ir.Value) {
	c := nn.Contraction{Strength: b.code.contractive.strength}
	at := z
	if f, ok := z.Op.(ir.Activate); ok {
		if c.Activation = f.Activation; !f.Activation.FromOutput() {
			at = z.Args[0]
		}
	}
	b.terms = append(b.terms, b.Add(ir.Contract{Contraction: c}, b.code.contractive.at, at, b.norms))
}

// unit says which vectors of the next layer's weight are scaled to norm 1: those by which a value of the code enters the decoder. In the
// weight of the bottleneck that the decoder shares they are the columns.
func (b *builder) unit() nn.Unit {
	switch {
	case !b.training || !b.code.unitNorm.Valid():
	case b.section == ir.Bottleneck && b.sharesCode:
		return nn.UnitColumns
	case b.section == ir.Decoder && !b.sharesCode && !slices.ContainsFunc(b.layers, func(l ir.Layer) bool { return l.Section == ir.Decoder && l.Kind == "dense" }):
		return nn.UnitRows
	}
	return nn.NoUnit
}
