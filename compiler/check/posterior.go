package check

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// posterior writes a code N(mean, exp(logvar)) from h, and what follows from it. The code of a sample is its mean, and so is what its
// reconstruction decodes. The loss of training is that of one draw, with the divergence as the prior weighs it. The
// score is the negative evidence bound: the divergence, and the mean loss of the fixed draws.
func (b *builder) posterior(d *design, h, target *ir.Value) {
	layer := d.code.steps[0].(dense)
	if layer.relaxation.Classes > 0 {
		b.discrete(d, layer, h, target)
		return
	}
	mean := b.denseOf("bottleneck.mean", layer, nn.Activation{}, h)
	built := b.built
	logvar := b.denseOf("bottleneck.logvar", layer, nn.Activation{}, h)
	b.built = built // a tied decoder begins with the weights of the mean
	b.SetOutput(ir.Code, mean)
	b.SetOutput(ir.LogVariance, logvar)
	at := layer.at
	if b.training {
		b.terms = append(b.terms, b.Add(ir.KL{Prior: d.code.prior.Prior}, at, mean, logvar))
		z := b.Add(ir.Sample{Draw: nn.Draw{Kind: nn.StepDraw, Stream: nn.DrawStream(0)}}, at, mean, logvar)
		r := b.link(d, b.decode(d, z))
		b.results(d, r, b.loss(d, r, target))
		return
	}
	r := b.link(d, b.decode(d, mean))
	b.SetOutput(ir.CodeLoss, b.loss(d, r, target))
	loss := b.fixedLoss(d, target, func(k int) *ir.Value {
		return b.Add(ir.Sample{Draw: nn.Draw{Kind: nn.FixedDraw, Index: k}}, at, mean, logvar)
	})
	b.results(d, r, b.Add(ir.Add{}, d.loss.at, loss, b.Add(ir.KL{Prior: nn.Bound}, at, mean, logvar)))
}

// fixedLoss writes the mean loss of the fixed draws of a code.
func (b *builder) fixedLoss(d *design, target *ir.Value, draw func(k int) *ir.Value) *ir.Value {
	var sum *ir.Value
	for k := range nn.Draws {
		z := draw(k)
		loss := b.loss(d, b.link(d, b.decode(d, z)), target)
		if sum == nil {
			sum = loss
		} else {
			sum = b.Add(ir.Add{}, d.loss.at, sum, loss)
		}
	}
	return b.Add(ir.Affine{Scale: 1. / nn.Draws}, d.loss.at, sum)
}
