package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// sparser is how many times wider than its kept values a code is at least that is held compact: values and places. Below that, products
// over the whole row take no longer than reading single rows of weights.
const sparser = 8

// compact decides whether codes are held compact: then the decoder's weights are a block by rows, of which only the rows of kept values
// are read, and so are gradients. The graphs may use the code in no other way.
func (l *lowerer) compact(g Graphs) {
	z := l.m.Forward.Output(ir.Code)
	op, ok := z.Op.(ir.TopK)
	if !ok || width(z) < sparser*op.K {
		return
	}
	weight := ""
	for _, graph := range []*ir.Graph{g.Reconstruct, g.Score, g.Train} {
		w, ok := compactIn(graph)
		if !ok || l.outputs(w)%plan.Panel != 0 || weight != "" && w != weight {
			return
		}
		weight = w
	}
	for _, v := range g.Train.Values {
		if _, ok := v.Op.(ir.KeptGrad); ok { // else the encoder is not trained
			l.byRow = weight
		}
	}
}

// outputs is the number of outputs of a weight. Rows of whole panels lie one behind the other.
func (l *lowerer) outputs(weight string) int {
	for _, v := range l.m.Forward.Params() {
		if v.Op.(ir.Param).Name == weight {
			return width(v)
		}
	}
	return 0
}

// compactIn returns the weight that a graph multiplies the kept values of its code with, if it does nothing else with them.
func compactIn(g *ir.Graph) (weight string, ok bool) {
	var z *ir.Value
	for _, v := range g.Values {
		if _, is := v.Op.(ir.TopK); is {
			if z != nil {
				return "", false
			}
			z = v
		}
	}
	if z == nil || !fromDense(z.Args[0]) {
		return "", false
	}
	u := usesOf(g)
	w, ok := u.ofCode(z)
	if !ok || !u.ofWeight(w, z) {
		return "", false
	}
	return w.Op.(ir.Param).Name, true
}

// fromDense reports whether a value is the sums of a layer, perhaps their positive part.
func fromDense(h *ir.Value) bool {
	op, ok := h.Op.(ir.Dense)
	return ok && !op.TransW && (op.Activation.Func == nn.Identity || op.Activation.Func == nn.ReLU)
}

// uses are the values of a graph that have a value among their arguments.
type uses map[*ir.Value][]*ir.Value

func usesOf(g *ir.Graph) uses {
	u := uses{}
	for _, v := range g.Values {
		for _, a := range v.Args {
			u[a] = append(u[a], v)
		}
	}
	return u
}

// ofCode returns the weight that a code is multiplied with, if all uses of the code and its gradient are those of a compact one.
func (u uses) ofCode(z *ir.Value) (w *ir.Value, ok bool) {
	for _, v := range u[z] {
		switch op := v.Op.(type) {
		case ir.Dense:
			if v.Args[0] != z || op.TransW || op.Activation.Func != nn.Identity || w != nil {
				return nil, false
			}
			w = v.Args[1]
		case ir.KeptGrad:
			if v.Args[1] != z || !u.passedOn(v) {
				return nil, false
			}
		case ir.WeightGrad, ir.WeightUpdate:
			if first := pairsAt(v); len(v.Args) != first+2 || v.Args[first] != z {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return w, w != nil
}

// passedOn reports whether the gradient d of a code is made by a product with the decoder's weight, and used for the encoder's weight
// and for what is subtracted from its input alone.
func (u uses) passedOn(d *ir.Value) bool {
	if op, ok := d.Args[0].Op.(ir.DenseGrad); !ok || op.TransW || op.Activation.Func != nn.Identity || len(u[d.Args[0]]) != 1 {
		return false
	}
	for _, v := range u[d] {
		switch op := v.Op.(type) {
		case ir.WeightGrad, ir.WeightUpdate:
			if first := pairsAt(v); len(v.Args) != first+2 || v.Args[first+1] != d {
				return false
			}
		case ir.DenseGrad:
			if v.Args[0] != d || op.TransW || !u.onlyThrough(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyThrough reports whether a gradient of the encoder's input is only subtracted, and that summed over the samples.
func (u uses) onlyThrough(dx *ir.Value) bool {
	if len(dx.Args) != 2 || len(u[dx]) != 1 {
		return false
	}
	sub := u[dx][0]
	if _, ok := sub.Op.(ir.Sub); !ok || sub.Args[1] != dx || len(u[sub]) != 1 {
		return false
	}
	_, ok := u[sub][0].Op.(ir.SumBatch)
	return ok
}

// ofWeight reports whether a weight is used for the code z alone.
func (u uses) ofWeight(w, z *ir.Value) bool {
	for _, v := range u[w] {
		switch op := v.Op.(type) {
		case ir.Dense:
			if v.Args[0] != z {
				return false
			}
		case ir.DenseGrad:
			if _, ok := u[v][0].Op.(ir.KeptGrad); !ok || u[v][0].Args[1] != z {
				return false
			}
		case ir.Update:
			if op.Unit != nn.NoUnit {
				return false
			}
		case ir.WeightUpdate:
			if op.Update.Unit != nn.NoUnit {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// pairsAt is the number of arguments before the pairs of a gradient or an update.
func pairsAt(v *ir.Value) int {
	op, ok := v.Op.(ir.WeightUpdate)
	switch {
	case !ok:
		return 0
	case op.Update.Bias:
		return 2
	}
	return 1
}

// compactCode returns the buffer of a compact code that v is, or nil.
func (s *schedule) compactCode(v *ir.Value) *plan.Buffer {
	if b := s.at[v]; b != nil && b.Compact > 0 {
		return b
	}
	return nil
}

// keep schedules the choice of the values of a code: compact but where it is a caller's.
func (s *schedule) keep(op ir.TopK, v *ir.Value) {
	s.layer[v] = s.layer[v.Args[0]]
	compact := s.byRow != "" && s.at[v] == nil
	b := s.result(v, "kept"+title(s.layer[v]))
	if compact {
		b.Width, b.Compact = 2*op.K, op.K
	}
	s.step(s.topK(op, v, compact), v, 1, b, s.at[v.Args[0]])
}

// keepGrad schedules the gradient of kept values: with a compact code, by the rows of the decoder's weight at its places.
func (s *schedule) keepGrad(v *ir.Value) {
	s.layer[v] = s.layer[v.Args[1]]
	z := s.compactCode(v.Args[1])
	if z == nil {
		s.step(s.keptGrad(v), v, 1, s.result(v, "d"+title(s.layer[v])), s.at[v.Args[0]], s.at[v.Args[1]])
		return
	}
	product := v.Args[0]
	w := s.block(product.Args[1])
	b := s.result(v, "d"+title(s.layer[v]))
	b.Width, b.Compact = z.Width, z.Compact
	op := &plan.RowsGrad{Weights: w, K: z.Compact}
	if s.vector() && s.most(&plan.Dot{}, 0) >= w.Out {
		op.Fast = s.function("dot", &plan.Dot{}, plan.Dot{})
	}
	s.step(s.kernel("back"+title(w.Field), "", op, elementwise{w.Out, "rows grad"}, v), v, 1, b, s.at[product.Args[0]], z)
}

// rowsProduct makes the kernel of a product with a block by rows. K is the values of a compact code, or 0.
func (l *lowerer) rowsProduct(v *ir.Value, w, b *plan.Param, k int) *plan.Kernel {
	op := &plan.RowsProduct{Weights: w, Bias: b, K: k}
	if format := l.p.Precision.Format; format != plan.Float32 {
		w.Reduced.Values = &plan.Matrix{Field: w.Field, Format: format, In: w.In, Out: w.Out, Group: 1, ByRow: true}
	} else if op.Fast = l.addRows(w.Out, k); op.Fast == nil {
		op.Fast = l.addScaled(w.Out)
	}
	return l.kernel(w.Field, "Dense", op, elementwise{w.Out, [2]any{"rows", k}}, v)
}

// addRows is the function of a compact code of k values, if one call takes them all.
func (l *lowerer) addRows(n, k int) *plan.Function {
	op := &plan.AddRows{Width: n}
	if !l.vector() || k == 0 || n%plan.Panel != 0 || l.most(op, 0) < k {
		return nil
	}
	return l.function(fmt.Sprintf("addRowsOf%d", n), op, *op)
}

func (l *lowerer) addScaled(n int) *plan.Function {
	if !l.vector() || l.most(&plan.AddScaled{}, 0) < n {
		return nil
	}
	return l.function("addScaled", &plan.AddScaled{}, plan.AddScaled{})
}

// skipped reports whether a gradient is computed otherwise where codes are compact: with the choice of values, or by the update that
// it is for.
func (s *schedule) skipped(v *ir.Value) bool {
	switch v.Op.(type) {
	case ir.DenseGrad:
		return s.block(v.Args[1]).ByRow || s.compactCode(v.Args[0]) != nil
	case ir.Sub:
		_, ok := v.Args[1].Op.(ir.DenseGrad)
		return ok && s.skipped(v.Args[1])
	}
	return false
}

// through says how the bias that is subtracted from the input gets the part of its gradient that comes through a compact code.
func (s *schedule) through(sub *ir.Value) *plan.Through {
	product := sub.Args[1]
	t := &plan.Through{Weights: s.block(product.Args[1]), D: s.kept(product.Args[0])}
	if s.vector() && t.Weights.In%8 == 0 && s.most(&plan.RowDots{}, 0) >= t.Weights.In {
		t.Dots = s.function("rowDots", &plan.RowDots{}, plan.RowDots{})
	}
	return t
}

// rowsUpdate decides how the gradients of a block by rows are computed and applied.
func (s *schedule) rowsUpdate(t *plan.Training, p *plan.Param) *plan.RowsUpdate {
	return &plan.RowsUpdate{AddScaled: s.addScaled(p.Out), Idle: idle(t)}
}

// idle reports whether weights without a gradient, now and before, do not move.
func idle(t *plan.Training) bool {
	return t.Decay.Kind == nn.NoDecay && (t.Config.Optimizer.Method != nn.AdamW || t.Config.Optimizer.Decay == 0)
}
