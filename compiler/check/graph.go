package check

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// model writes the design as graphs. The design must be free of mistakes.
func (d *design) model(c *checker) *ir.Model {
	b := d.graph(false)
	objective := b.Graph
	if d.trainsOtherwise() {
		objective = d.graph(true).Graph
	}
	return &ir.Model{
		Name: c.file.Model.Name, Source: c.file.Source,
		Input: d.input.tensor, Record: d.input.record, Standard: d.input.standard.Valid(),
		Code:   ir.Tensor{Name: d.code.name.Name, Dims: d.codeDims(), At: d.code.name.At},
		Target: d.target.model(), From: d.from, Skips: d.skips, Scale: d.input.scale, Loss: d.loss.Loss, Sparse: d.code.sparse, Layers: b.layers, Forward: b.Graph, Objective: objective,
	}
}

// trainsOtherwise reports whether training differentiates another graph than the forward one.
func (d *design) trainsOtherwise() bool {
	return d.noisy() || len(d.code.penalties) > 0 || d.code.constrained() || d.code.sampled() || d.code.dead.at.Valid() || inBatch(d.code.steps) || d.code.quantized()
}

// graph writes the forward graph, or that of the objective of training: there the encoder sees a spoilt input, and the loss
// compares with the clean one.
func (d *design) graph(training bool) *builder {
	b := &builder{Graph: &ir.Graph{Name: "forward"}, names: d.names, training: training, params: map[string]*ir.Value{}, marks: map[string]*ir.Value{}, pools: map[int]pooled{}, code: d.code, sharesCode: d.decoder.tied, shallow: d.isShallow()}
	x := b.Leaf(ir.Input{Name: d.input.tensor.Name}, ir.Samples(product(d.input.tensor.Dims)), d.input.tensor.At)
	scaled, target := x, (*ir.Value)(nil)
	if t := d.target; t.Classes > 0 {
		target = b.Leaf(ir.Input{Name: t.Name}, ir.Classes(), t.At)
	} else if t.Labels != nil {
		target = b.Leaf(ir.Input{Name: t.Name}, ir.Labels(product(t.Dims)), t.At)
	} else if t.own {
		target = b.Leaf(ir.Input{Name: t.Name}, ir.Samples(t.size), t.At)
	}
	if d.input.scaled {
		s := d.input.scale
		width := s.High - s.Low
		scaled = b.Add(ir.Affine{Scale: 1 / width, Shift: (0 - s.Low) / width}, s.At, x)
	}
	if d.input.record != nil {
		scaled = b.features(d.input, x)
	} else if at := d.input.standard; at.Valid() {
		b.learned(d.input.size, at)
		scaled = b.Add(ir.Standardise{}, at, x, b.standard[0], b.standard[1])
	}
	seen := scaled
	if noises := d.noise.noises; training && len(noises) > 0 {
		seen = b.Add(ir.Corrupt{Noises: noises}, d.noise.at, scaled)
	}
	b.section = ir.Encoder
	h := b.steps(d.encoder, b.centred(d, seen))
	b.section = ir.Bottleneck
	if d.code.sampled() {
		if target == nil {
			target = scaled
		}
		b.posterior(d, h, target)
		return b
	}
	z := b.steps(d.code.steps, h)
	if training {
		b.penalize(z, seen)
	}
	b.SetOutput(ir.Code, z)
	if target == nil {
		target = scaled
	}
	r := b.link(d, b.decode(d, z))
	switch z.Op.(type) {
	case ir.TopK, ir.BatchTopK:
		b.revive(d, z.Args[0], z, r, target)
	}
	b.results(d, r, b.loss(d, r, target))
	return b
}

// decode writes the decoder. It may be written several times: its parameters are those of the first, and only that is listed.
func (b *builder) decode(d *design, z *ir.Value) (logits *ir.Value) {
	built, tied, rows := b.built, b.tied, b.layers
	again := b.section == ir.Decoder
	b.section, b.tied, b.index[ir.Decoder] = ir.Decoder, d.decoder.tied, 0
	logits = b.steps(d.decoder.steps, z)
	b.built, b.tied = built, tied
	if again {
		b.layers = rows
	}
	return logits
}

// penalize writes what the settings of the code add to the loss, for an encoder that sees x.
func (b *builder) penalize(z, x *ir.Value) {
	if b.norms != nil {
		b.contract(z)
	} else if b.code.contractive.strength > 0 {
		b.jacobian(z, x)
	}
	for _, p := range b.code.penalties {
		if p.Kind == nn.KLPenalty {
			b.costs = append(b.costs, b.Add(ir.PenalizeMeans{Penalty: p.Penalty}, p.at, b.Add(ir.MeanSamples{}, p.at, z)))
			continue
		}
		b.terms = append(b.terms, b.Add(ir.Penalize{Penalty: p.Penalty}, p.at, z))
	}
}

// link writes what the decoder's last values stand for, in the units that the network sees.
func (b *builder) link(d *design, logits *ir.Value) *ir.Value {
	if d.loss.Likelihood == nn.Categorical {
		softmax := ir.Softmax{}
		if d.loss.Labels != nil {
			softmax.Classes = d.loss.Labels.Classes
		}
		return b.Add(softmax, d.loss.at, logits)
	}
	if link := d.loss.Link(); link.Func != nn.Identity {
		return b.Add(ir.Activate{Activation: link}, d.loss.at, logits)
	}
	return logits
}

// loss writes the loss of each sample.
func (b *builder) loss(d *design, r, target *ir.Value) *ir.Value {
	if d.loss.Learned {
		return b.Add(ir.GaussianNLL{}, d.loss.at, r, target, b.param(ir.Param{Name: "reconstruct.log_std"}, ir.Floats(1), d.loss.at))
	}
	if d.input.record != nil && !d.target.own {
		return b.fieldsLoss(d, r, target)
	}
	return b.Add(ir.NLL{Loss: d.loss.Loss}, d.loss.at, r, target)
}

// results writes the loss and the reconstruction in data units, and names what comes out.
func (b *builder) results(d *design, r, score *ir.Value) {
	if d.input.record != nil && !d.target.own {
		r = b.likeliest(d, r)
	}
	total := score
	for _, t := range b.terms {
		total = b.Add(ir.Add{}, t.At, total, t)
	}
	loss := b.Add(ir.MeanBatch{}, d.loss.at, total)
	for _, c := range b.costs {
		loss = b.Add(ir.Add{}, c.At, loss, c)
	}
	if s := d.input.scale; d.input.scaled && !d.target.own {
		r = b.Add(ir.Affine{Scale: s.High - s.Low, Shift: s.Low}, s.At, r)
	}
	if at := d.input.standard; at.Valid() && !d.target.own {
		r = b.Add(ir.Standardise{Back: true}, at, r, b.standard[0], b.standard[1])
	}
	b.SetOutput(ir.Reconstruction, r)
	b.SetOutput(ir.Score, score)
	b.SetOutput(ir.Loss, loss)
}

// codeDims are the dimensions of the code: an image has three, and one of a channel two.
func (d *design) codeDims() []int {
	switch g := d.code.grid; {
	case g.H == 0:
		return []int{d.code.size}
	case d.input.line:
		return []int{g.H, g.C}
	case g.C == 1:
		return []int{g.H, g.W}
	default:
		return []int{g.H, g.W, g.C}
	}
}
