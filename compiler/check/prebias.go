package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

func setPreBias(_ *checker, z *code, at source.Span, _ string, _ arguments) { z.preBias = at }

// checkPreBias sees that the decoder ends in a bias that is in the units of the input.
func (c *checker) checkPreBias(d *design) {
	at := d.code.preBias
	if !at.Valid() || !d.loss.ok || len(d.decoder.steps) == 0 {
		return
	}
	conflict := source.Diagnostic{
		Code: source.SettingConflict, Span: at, Message: "`pre_bias` needs a decoder that ends in `dense`",
		Hint: "what is subtracted from the input is the bias of the decoder's last layer",
	}
	last, isDense := d.decoder.steps[len(d.decoder.steps)-1].(dense)
	switch {
	case !isDense:
		conflict.Related = []source.Related{{Span: d.decoder.at, Message: "the decoder is here"}}
	case d.target.own || d.input.record != nil:
		conflict.Message = "`pre_bias` needs a decoder that ends in values of the input"
		conflict.Related = []source.Related{{Span: d.target.at, Message: "it ends in this"}}
	case d.loss.Link().Func != nn.Identity:
		conflict.Message = fmt.Sprintf("`pre_bias` needs a decoder that ends in values of the input, and %s makes them by a link", textOf(d.loss.at))
		conflict.Hint = "leave one of the two out, or write `reconstruct mse`"
		conflict.Related = []source.Related{{Span: d.loss.at, Message: "the likelihood is here"}}
	default:
		d.decoder.ends = last.at
		return
	}
	c.add(conflict)
}

// pretrainedBias refuses a pre-bias where layers are trained on their own: it joins the first and the last of them.
func (c *checker) pretrainedBias(d *design) {
	if at := d.code.preBias; at.Valid() {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: at, Message: "`pre_bias` joins layers that `pretrain` trains one after the other",
			Hint: "leave one of the two out", Related: []source.Related{{Span: c.pretrainAt, Message: "`pretrain` is here"}},
		})
	}
}

// centred is the input less the bias of the decoder's last layer, which is declared here. Without a pre-bias it is the input.
func (b *builder) centred(d *design, x *ir.Value) *ir.Value {
	at := d.code.preBias
	if !at.Valid() {
		return x
	}
	name := fmt.Sprintf("decoder.%d.bias", len(weightsOf(d.decoder.steps))-1)
	p := b.param(ir.Param{Name: name}, ir.Floats(d.input.size), d.decoder.ends)
	b.keepRow(at, "pre_bias", x)
	return b.Add(ir.SubBias{}, at, x, p)
}
