package lower

import (
	"cmp"
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

// gathered is the number of samples whose part of a panel is brought together: 2 KiB beside the panel in the first cache.
const gathered = 32

// update schedules the gradient and the update of one block; of a block by rows, also those of its layer's bias.
func (s *schedule) update(t *plan.Training, v *ir.Value) []*plan.Update {
	block := s.block(v.Args[0])
	u := &plan.Update{Param: block, Tile: plan.Tile{Rows: s.target.Rows, Cols: s.target.Cols, Unroll: 1}, Gather: gathered, At: v.At}
	terms, pairs := s.gradient(t, v)
	u.Terms = terms
	window, deconv := windowOf(v)
	for i, pair := range pairs {
		if window != (nn.Window{}) {
			u.Pairs = append(u.Pairs, s.tapPair(window, deconv, i == 0 && block.Bias != "", pair[0], pair[1]))
			continue
		}
		if n := width(pair[1]); pair[0] == nil && n != block.Out {
			t := channelSums(n, block.Out)
			s.fastTapGradient(t, false, true)
			u.Pairs = append(u.Pairs, plan.Pair{D: s.lasting(s.at[pair[1]]), Taps: t})
			continue
		}
		if d := pair[1]; pair[0] == nil && s.skipped(d) {
			u.Through, pair[1] = s.through(d), d.Args[0]
		}
		u.Pairs = append(u.Pairs, s.pairs(pair[0], pair[1])...)
	}
	samples := t.Config.Batch
	if u.Gathered() {
		samples = min(samples, gathered)
	}
	u.Fast = s.fastUpdate(u, t, samples, (len(u.Pairs) == 1 || u.Gathered()) && len(u.Terms) == 0 && !t.Materialize)
	u.Cost = updateCost(t, u)
	if !block.ByRow {
		return []*plan.Update{u}
	}
	u.Rows = s.rowsUpdate(t, block, unitOf(v))
	d := u.Pairs[0].D // that of the bias, if there is one
	slices.SortFunc(u.Pairs, func(a, b plan.Pair) int { return cmp.Compare(s.code(a.A), s.code(b.A)) })
	if !biased(v) {
		return []*plan.Update{u}
	}
	b := &plan.Update{Param: s.block(v.Args[1]), Tile: u.Tile, Gather: gathered, At: v.At, Pairs: []plan.Pair{{D: d}}}
	b.Cost = updateCost(t, b)
	return []*plan.Update{u, b}
}

// biased reports whether an update moves a bias with a weight.
func biased(v *ir.Value) bool {
	switch op := v.Op.(type) {
	case ir.Update:
		return op.Bias
	case ir.WeightUpdate:
		return op.Update.Bias
	}
	return false
}

// unitOf is which vectors of an update's weight are scaled to norm 1.
func unitOf(v *ir.Value) nn.Unit {
	switch op := v.Op.(type) {
	case ir.Update:
		return op.Unit
	case ir.WeightUpdate:
		return op.Update.Unit
	}
	return nn.NoUnit
}

// gradient is what the gradient of an update is made of: terms, and the two sides of products; a bias alone has no first side. It
// notes the clipping in t.
func (s *schedule) gradient(t *plan.Training, v *ir.Value) ([]plan.Term, [][2]*ir.Value) {
	if op, ok := v.Op.(ir.WeightUpdate); ok {
		t.ClipValue = max(t.ClipValue, op.Clip)
		if op.Update.Bias {
			return nil, pairsOf(v.Args[2:])
		}
		return nil, pairsOf(v.Args[1:])
	}
	d := v.Args[len(v.Args)-1]
	switch op := d.Op.(type) {
	case ir.ClipToNorm:
		t.ClipNorm, d = op.Max, d.Args[0]
	case ir.ClipToValue:
		t.ClipValue, d = op.Max, d.Args[0]
	}
	terms, d := s.terms(d)
	switch d.Op.(type) {
	case ir.WeightGrad:
		return terms, pairsOf(d.Args)
	case ir.SumBatch, ir.SumChannels:
		return terms, [][2]*ir.Value{{nil, d.Args[0]}}
	}
	panic(fmt.Sprintf("internal error: %v: an update by %s", v.At, ir.Word(d.Op)))
}

func pairsOf(args []*ir.Value) [][2]*ir.Value {
	var pairs [][2]*ir.Value
	for i := 0; i < len(args); i += 2 {
		pairs = append(pairs, [2]*ir.Value{args[i], args[i+1]})
	}
	return pairs
}

// pairs are the buffers of one pair of an update: one for each code that the gradient d is the sum of. A may be nil.
func (s *schedule) pairs(a, d *ir.Value) []plan.Pair {
	parts := s.fewParts(d)
	if parts == nil {
		parts = []*plan.Buffer{s.at[d]}
	}
	var pairs []plan.Pair
	for _, b := range parts {
		p := plan.Pair{D: s.lasting(b)}
		if a != nil {
			p.A = s.lasting(s.at[a])
		}
		pairs = append(pairs, p)
	}
	return pairs
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
