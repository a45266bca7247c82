package lower

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// training schedules the step of a batch: forward, loss and backward by samples, then gradients and updates by panels.
func (l *lowerer) training(g *ir.Graph, inputs map[string]string) *plan.Training {
	s := l.newSchedule()
	s.trains = true
	t := &plan.Training{Config: l.m.Training, Decay: l.m.Training.Decay}
	var updates []*ir.Value
	gradients, slopes := lossGradients(g), slopesOf(g)
	for _, v := range g.Values {
		switch op := v.Op.(type) {
		case ir.Input:
			name := inputs[op.Name]
			s.external(name, v)
			if name == "x" {
				s.external("score", scores(g))
			}
		case ir.Corrupt:
			t.Noises = noises(op)
			s.value(v)
		case ir.Sample: // with its divergence
			s.posterior(t, v, partner(g, v.Args, func(ir.KL) bool { return true }))
		case ir.KL:
		case ir.Relax:
			s.value(v)
			relaxed(t, v, g)
		case ir.PosteriorGrad: // both together
			if !op.LogVar {
				s.posteriorGrad(v, partner(g, v.Args, func(op ir.PosteriorGrad) bool { return op.LogVar }))
			}
		case ir.Dropout:
			s.value(v)
			s.draws(t, op)
		case ir.BatchTopK:
			t.Bound, t.Threshold = s.batchTopK(op, v), s.block(v.Args[1])
		case ir.QuantizeBatch:
			s.quantizeBatch(t, op, v)
		case ir.Commit:
			t.Penalties = append(t.Penalties, fmt.Sprintf("commitment(beta: %g)", op.Beta))
			s.value(v)
		case ir.DeadTopK:
			t.Counted = s.at[v.Args[1]]
			t.Penalties = append(t.Penalties, fmt.Sprintf("dead(after: %d, aux: %d)", op.After, op.K))
			s.value(v)
		case ir.Penalize:
			t.Penalties = append(t.Penalties, "sparsity "+op.Penalty.String())
			s.value(v)
		case ir.PenalizeMeans: // with its gradient
			t.Penalties = append(t.Penalties, "sparsity "+op.Penalty.String())
			s.penalizeMeans(t, op, v, slopes[v])
		case ir.Squares: // with its derivative
			s.squares(t, op, v, g)
		case ir.SquaresMean:
		case ir.Contract:
			s.contract(t, op, v)
		case ir.Orthogonal: // with its gradient
			s.orthogonal(t, op, v, slopes[v])
		case ir.PenalizeMeansSlope, ir.OrthogonalSlope, ir.ColumnSquaresGrad, ir.AddWeightGrad:
		case ir.Add:
			if len(v.Type.Dims) > 0 { // else the loss and a penalty of the batch
				s.value(v)
			}
		case ir.LinkNLL: // with its gradient
			d := gradients[v]
			k := s.lossGrad(d.Op.(ir.LinkNLLGrad), d)
			logits := v.Args[0]
			s.layer[d] = s.layer[logits]
			s.step(k, d, 2, s.result(v, "nll"), s.result(d, "d"+title(s.layer[d])), s.at[logits], s.at[v.Args[1]])
		case ir.GaussianNLL: // with its derivatives
			s.gaussianLossAndGradient(g, v)
		case ir.GaussianNLLGrad:
		case ir.FieldsNLL: // with its derivatives
			s.fieldLossAndGradient(g, v)
		case ir.LinkNLLGrad, ir.FieldsNLLGrad, ir.FieldsStdGrad:
		case ir.WeightUpdate:
			if op.Window != (nn.Window{}) {
				s.tapSides(op.Window, op.Deconv, v.Args[map[bool]int{false: 1, true: 2}[op.Update.Bias]:])
			}
			updates = append(updates, v)
		case ir.WeightGrad:
			if op.Window != (nn.Window{}) {
				s.tapSides(op.Window, op.Deconv, v.Args)
			}
		case ir.Update:
			updates = append(updates, v)
		case ir.MeanBatch, ir.SumBatch, ir.SumChannels, ir.ClipToNorm, ir.ClipToValue:
		case ir.GradNorm:
			t.Materialize = true
		default:
			s.value(v)
		}
	}
	t.Phases = s.phases(t.Config.Batch)
	if u := t.Book; u != nil {
		u.H, u.Numbers = s.lasting(u.H), s.lasting(u.Numbers)
	}
	for _, v := range updates {
		t.Updates = append(t.Updates, s.update(t, v)...)
	}
	longestFirst(t.Updates)
	s.units(t, updates)
	t.Panels = l.splitUpdates(t)
	t.Step = l.step(t)
	t.Buffers = s.buffers
	arenaOf(t)
	t.Stages = stages(l.m)
	return t
}

// stages lists the stages of pretraining.
func stages(m *ir.Model) []plan.Stage {
	var list []plan.Stage
	for _, s := range m.Stages {
		dense := slices.DeleteFunc(slices.Clone(s.Layers), func(l ir.Layer) bool { return l.Kind != "dense" })
		list = append(list, plan.Stage{Layer: dense[0].Name, Decoder: dense[1].Name, In: dense[0].In, Out: dense[0].Out, Loss: s.Loss})
	}
	return list
}

// scores is the loss of each sample, without penalties of the batch.
func scores(g *ir.Graph) *ir.Value {
	v := g.Output(ir.Loss)
	for {
		switch v.Op.(type) {
		case ir.MeanBatch, ir.Add:
			if v = v.Args[0]; len(v.Type.Dims) > 0 {
				return v
			}
		default:
			panic(fmt.Sprintf("internal error: the loss is %s", ir.Word(v.Op)))
		}
	}
}

// slopesOf finds for each penalty of the batch its derivative.
func slopesOf(g *ir.Graph) map[*ir.Value]*ir.Value {
	slopes := map[*ir.Value]*ir.Value{}
	for _, v := range g.Values {
		var slope ir.Op
		switch op := v.Op.(type) {
		case ir.PenalizeMeans:
			slope = ir.PenalizeMeansSlope(op)
		case ir.Orthogonal:
			slope = ir.OrthogonalSlope(op)
		default:
			continue
		}
		for _, d := range g.Values[v.ID:] {
			if d.Op == slope && slices.Equal(d.Args, v.Args) {
				slopes[v] = d
			}
		}
	}
	return slopes
}

// lossGradients finds for each loss of samples its derivative by the same logits: one kernel computes both.
func lossGradients(g *ir.Graph) map[*ir.Value]*ir.Value {
	gradients := map[*ir.Value]*ir.Value{}
	for _, v := range g.Values {
		if _, ok := v.Op.(ir.LinkNLL); !ok {
			continue
		}
		for _, d := range g.Values[v.ID:] {
			if _, ok := d.Op.(ir.LinkNLLGrad); ok && slices.Equal(d.Args, v.Args) {
				gradients[v] = d
			}
		}
	}
	return gradients
}

// lasting notes that an update reads a buffer: it lives beyond the last step.
func (s *schedule) lasting(b *plan.Buffer) *plan.Buffer {
	b.Last, b.Kept = len(s.timed), true
	return b
}

// arenaOf lays out the buffers of a training step: the kept ones one after the other, then those of tasks.
func arenaOf(t *plan.Training) {
	for _, b := range t.Buffers {
		switch {
		case b.Whole:
			b.Offset = t.Whole
			t.Whole += b.Width * max(1, b.Rows)
		case b.Kept && b.External == "":
			b.Offset = t.Kept
			t.Kept += b.Width
		}
	}
	t.Arena = t.Kept + place(t.Buffers)
	for _, b := range t.Buffers {
		if !b.Kept && !b.Whole && b.External == "" {
			b.Offset += t.Kept
		}
	}
}
