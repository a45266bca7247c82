package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// temperature is the parameters of a code of discrete units that say how training relaxes it.
var temperature = []param{
	realArg("temperature", limits{low: 0.01, high: 100}).or(1), realArg("floor", limits{low: 0.01, high: 100}).or(0.5), realArg("anneal", limits{low: 0, high: 1e6}).or(0),
}

// heads is how many layers a layer stands for.
func (d dense) heads() int {
	if d.sampled && d.relaxation.Classes == 0 {
		return 2
	}
	return 1
}

// prior is the word of the prior of a code that is sampled.
func (d dense) prior() string { return choose(d.relaxation.Classes > 0, "uniform", "normal") }

// discreteStep is the layer that makes the logits of `bernoulli(64)` or `categorical(16, classes: 8)`.
func (c *checker) discreteStep(call *grammar.Call, a arguments, ok bool) dense {
	d := dense{sampled: true, relaxation: nn.Relaxation{Classes: 1}, at: call.At}
	if !ok {
		return d
	}
	if call.Name.Name == "categorical" {
		d.relaxation.Classes = a.whole("classes")
		d.out = a.whole("groups") * d.relaxation.Classes
	} else {
		d.out = a.whole("width")
	}
	r := &d.relaxation
	r.Temperature = a.real("temperature")
	if anneal := a.real("anneal"); anneal > 0 {
		r.Floor, r.Anneal = a.real("floor"), anneal
		if r.Floor > r.Temperature {
			c.add(source.Diagnostic{
				Code: source.SettingConflict, Span: call.At, Message: fmt.Sprintf("the temperature would rise, from %s to %s", shown(r.Temperature), shown(r.Floor)),
				Hint: "choose a `floor` below `temperature`",
			})
		}
	}
	return d
}

// discrete writes a code of discrete units from h, and what follows from it. The code of a sample is the most probable one, and so is what
// its reconstruction decodes. The loss of training is that of one relaxed draw, with the divergence as the prior weighs it. The
// score is the negative evidence bound: the divergence, and the mean loss of the fixed draws, which are not relaxed.
func (b *builder) discrete(d *design, layer dense, h, target *ir.Value) {
	logits := b.dense(layer, nn.Activation{}, h)
	at, relaxation := layer.at, layer.relaxation
	b.SetOutput(ir.Logits, logits)
	if b.training {
		b.terms = append(b.terms, b.Add(ir.ClassKL{Relaxation: relaxation, Prior: d.code.prior.Prior}, at, logits))
		z := b.Add(ir.Relax{Relaxation: relaxation, Stream: nn.DrawStream(0)}, at, logits)
		b.SetOutput(ir.Code, z)
		r := b.link(d, b.decode(d, z))
		b.results(d, r, b.loss(d, r, target))
		return
	}
	z := b.Add(ir.Choose{Relaxation: relaxation}, at, logits)
	b.SetOutput(ir.Code, z)
	r := b.link(d, b.decode(d, z))
	b.SetOutput(ir.CodeLoss, b.loss(d, r, target))
	loss := b.fixedLoss(d, target, func(k int) *ir.Value {
		return b.Add(ir.Choose{Relaxation: relaxation, Fixed: true, Draw: k}, at, logits)
	})
	b.results(d, r, b.Add(ir.Add{}, d.loss.at, loss, b.Add(ir.ClassKL{Relaxation: relaxation, Prior: nn.Bound}, at, logits)))
}
