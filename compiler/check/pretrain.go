package check

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A unit is a dense layer with what stands behind it: activations, dropout, and what keeps some values of a code. The first unit of a section has those before it as well.
type unit struct {
	before []step
	layer  dense
	after  []step
}

// units cuts a chain of layers. Where a step is no layer and no activation, it returns that step and no units.
func units(steps []step) (chain []unit, odd step) {
	var before []step
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			chain = append(chain, unit{before: before, layer: s})
			before = nil
		case activate, dropout, topk:
			if n := len(chain); n > 0 {
				chain[n-1].after = append(chain[n-1].after, s)
				continue
			}
			before = append(before, s)
		default:
			return nil, s
		}
	}
	return chain, nil
}

// layerwise checks that the design can be trained layer by layer: the decoder leads back through the sizes of the encoder.
// At is where `pretrain` is written.
func (c *checker) layerwise(d *design, at source.Span) {
	problem := source.Diagnostic{
		Code: source.NotLayerwise, Span: at, Message: "`pretrain layers` needs a decoder that mirrors the encoder layer by layer",
		Hint: "write `decoder mirror(encoder)`",
	}
	if layer, _ := d.code.layer(); layer.sampled {
		problem.Message, problem.Hint = "`pretrain layers` needs a code that is a function of the input", "write `dense` for the code, or leave `pretrain` out"
		problem.Related = []source.Related{{Span: layer.at, Message: "this code is sampled"}}
		c.add(problem)
		return
	}
	if d.code.quantized() {
		problem.Message, problem.Hint = "`pretrain layers` has no use for a codebook: the layers of a quantised code are trained together", "write `dense` for the code, or leave `pretrain` out"
		layer, _ := d.code.layer()
		problem.Related = []source.Related{{Span: layer.at, Message: "this code is quantised"}}
		c.add(problem)
		return
	}
	if d.target.own {
		problem.Message, problem.Hint = "`pretrain layers` needs a model that reconstructs its input", "pretrain a model without a target, and take its encoder by `encoder from`"
		problem.Related = []source.Related{{Span: d.target.At, Message: "this one is compared with a target"}}
		c.add(problem)
		return
	}
	into, odd := units(d.chain())
	back, oddBack := units(d.decoder.steps)
	if odd == nil {
		odd = oddBack
	}
	switch odd := odd.(type) {
	case nil:
	case unknown:
		return // reported elsewhere
	case residual:
		problem.Message = "`pretrain layers` trains one layer after the other, and a `residual` is none"
		problem.Hint = "leave out `pretrain`, or write the layers without `residual`"
		problem.Related = []source.Related{{Span: odd.at, Message: "the residual is here"}}
		c.add(problem)
		return
	default:
		problem.Message = "`pretrain layers` is for models of dense layers"
		problem.Hint = "leave out `pretrain`"
		c.add(problem)
		return
	}
	if len(back) == 0 {
		problem.Expected, problem.Found = sizesBack(into), "no layer"
		c.add(problem)
		return
	}
	if want, found := sizesBack(into), sizes(back); want != found {
		problem.Expected, problem.Found = want, found
		problem.Related = []source.Related{{Span: d.decoder.at, Message: "the decoder is here"}}
		c.add(problem)
	}
}

// chain is the encoder and the code, as one chain of steps.
func (d *design) chain() []step {
	return append(append([]step(nil), d.encoder...), d.code.steps...)
}

// sizes shows a chain's sizes: "4 → 16 → 30".
func sizes(chain []unit) string {
	text := []string{shown(float64(chain[0].layer.in))}
	for _, u := range chain {
		text = append(text, shown(float64(u.layer.out)))
	}
	return strings.Join(text, " → ")
}

// sizesBack shows the sizes of a chain the other way round.
func sizesBack(chain []unit) string {
	text := []string{shown(float64(chain[0].layer.in))}
	for _, u := range chain {
		text = append([]string{shown(float64(u.layer.out))}, text...)
	}
	return strings.Join(text, " → ")
}

// stages are the models of pretraining, in order: one for each layer of the encoder and the code, with the layer of the decoder that leads
// back from it. A stage's input is what the layers before it make of a sample, and is spoilt by the model's own noise.
// Weights have the names that they have in the whole model.
func (d *design) stages(c *checker, t nn.Training) []*ir.Model {
	into, _ := units(d.chain())
	back, _ := units(d.decoder.steps)
	var list []*ir.Model
	for i := range into {
		s := d.stage(c, into, back, i)
		m := s.model(c)
		m.Name += " " + s.names[0]
		m.Training = t.Stage()
		list = append(list, m)
	}
	return list
}

// stage is the design of stage i, with the chains to the code and back.
func (d *design) stage(c *checker, into, back []unit, i int) *design {
	last, partner := len(into)-1, len(into)-1-i
	u, r := into[i], back[partner]
	s := &design{
		input: d.input, noise: d.noise, encoder: u.before, code: d.code, loss: d.loss,
		decoder: decoder{tied: d.decoder.tied, at: d.decoder.at},
		names:   []string{fmt.Sprintf("encoder.%d", i), fmt.Sprintf("decoder.%d", partner)},
	}
	if i == last {
		s.names[0] = "bottleneck"
	} else {
		s.code = code{name: grammar.Ident{Name: fmt.Sprintf("h%d", i+1), At: u.layer.at}, size: u.layer.out}
	}
	s.code.steps = append([]step{u.layer}, u.after...)
	s.decoder.steps = append(append(append([]step(nil), r.before...), r.layer), kept(r.after)...)
	if i > 0 {
		s.input = input{tensor: ir.Tensor{Name: fmt.Sprintf("h%d", i), Dims: []int{u.layer.in}, At: u.layer.at}, size: u.layer.in, at: u.layer.at}
		s.loss, s.decoder.steps = hiddenLoss(into[i-1].after, s.decoder.steps, c.pretrainAt)
	}
	return s
}

// kept are steps without dropout: at the end of a stage's decoder it would spoil what is compared.
func kept(steps []step) []step {
	var list []step
	for _, s := range steps {
		if _, drop := s.(dropout); !drop {
			list = append(list, s)
		}
	}
	return list
}

// hiddenLoss is what the reconstruction of hidden values is judged by: bernoulli where a sigmoid makes both the values and their
// reconstruction, whose sigmoid is then that of the likelihood; else mse.
func hiddenLoss(values, reconstruction []step, at source.Span) (loss, []step) {
	last, _ := lastActivation(kept(values))
	end, _ := lastActivation(reconstruction)
	if last.activation.Func != nn.Sigmoid || end.activation.Func != nn.Sigmoid {
		return loss{Loss: nn.Loss{Likelihood: nn.MSE}, at: at, ok: true}, reconstruction
	}
	for i := len(reconstruction) - 1; i >= 0; i-- {
		if a := reconstruction[i].(activate); a.activation.Func == nn.Sigmoid {
			reconstruction = reconstruction[:i]
			break
		}
	}
	return loss{Loss: nn.Loss{Likelihood: nn.Bernoulli}, at: at, ok: true}, reconstruction
}
