package lower

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

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
