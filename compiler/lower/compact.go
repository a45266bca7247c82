package lower

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// fewOf is the number of a sample's values that are not 0 in a code of which few are, in the mean: then products and updates read those alone.
// It is 0 for other values.
func (s *schedule) fewOf(v *ir.Value) int {
	if b := s.at[v]; b != nil {
		return b.Few
	}
	return 0
}

// keep schedules the choice of the values of a code: compact but where it is a caller's.
func (s *schedule) keep(op ir.TopK, v *ir.Value) {
	s.layer[v] = s.layer[v.Args[0]]
	compact := s.byRow != "" && s.at[v] == nil
	b := s.result(v, "kept"+title(s.layer[v]))
	if compact {
		s.compactCode(b, op.K)
	}
	s.step(s.topK(op, v, compact), v, 1, b, s.at[v.Args[0]])
}

// compactCode makes a buffer one of a compact code of k values.
func (s *schedule) compactCode(b *plan.Buffer, k int) {
	b.Width, b.Compact, b.Few = 2*k, k, k
	s.codes = append(s.codes, b)
}

// keepDead schedules the choice of dead values, compact if the code is.
func (s *schedule) keepDead(op ir.DeadTopK, v *ir.Value) {
	s.layer[v] = s.layer[v.Args[0]]
	compact := s.byRow != ""
	b := s.result(v, "dead"+title(s.layer[v]))
	if compact {
		s.compactCode(b, op.K)
	}
	s.step(s.deadTopK(op, v, compact), v, 1, b, s.at[v.Args[0]])
}

// keepGrad schedules the gradient of kept values: of few, by the rows of the decoder's weight at their places.
func (s *schedule) keepGrad(v *ir.Value) {
	s.layer[v] = s.layer[v.Args[1]]
	z := s.at[v.Args[1]]
	if z.Few == 0 {
		s.step(s.keptGrad(v), v, 1, s.result(v, "d"+title(s.layer[v])), s.at[v.Args[0]], z)
		return
	}
	product := v.Args[0]
	w := s.block(product.Args[1])
	b := s.result(v, "d"+title(s.layer[v]))
	b.Width, b.Compact, b.Few = z.Width, z.Compact, z.Few
	s.codeOf[b] = z
	op := &plan.RowsGrad{Weights: w, K: z.Compact, Few: z.Few, Fast: s.dot(w.Out)}
	s.step(s.kernel("back"+title(w.Field), "", op, elementwise{w.Out, [2]any{"rows grad", z.Compact}}, v), v, 1, b, s.at[product.Args[0]], z)
}

// rowsProduct makes the kernel of a product with a block by rows. K is the values of a compact code, or 0; b may be nil.
func (l *lowerer) rowsProduct(v *ir.Value, w, b *plan.Param, k int) *plan.Kernel {
	op := &plan.RowsProduct{Weights: w, Bias: b, K: k, Few: k}
	if k == 0 {
		op.Few = l.kept
	}
	if format := l.p.Precision.Format; format != plan.Float32 {
		w.Reduced.Values = &plan.Matrix{Field: w.Field, Format: format, In: w.In, Out: w.Out, Group: 1, ByRow: true}
	} else if op.Fast = l.addRows(w.Out, k, b); op.Fast == nil {
		op.Fast = l.addScaled(w.Out)
	}
	name := w.Field
	switch {
	case b == nil:
		name += "Dead"
	case k > 0:
		name += "Compact"
	}
	return l.kernel(name, "", op, elementwise{w.Out, [3]any{"rows", k, b != nil}}, v)
}

// addRows is the function that adds the rows of a compact code of k values to a bias, if there is one and one call takes them all.
func (l *lowerer) addRows(n, k int, b *plan.Param) *plan.Function {
	op := &plan.AddRows{Width: n}
	if !l.vector() || b == nil || k == 0 || n%plan.Panel != 0 || l.most(op, 0) < k {
		return nil
	}
	return l.function(fmt.Sprintf("addRowsOf%d", n), op, *op)
}

// addScaled is the function that adds rows of n values, or nil.
func (l *lowerer) addScaled(n int) *plan.Function {
	if !l.vector() || l.most(&plan.AddScaled{}, 0) < n {
		return nil
	}
	return l.function("addScaled", &plan.AddScaled{}, plan.AddScaled{})
}

// dot is the function that multiplies rows of n values, or nil.
func (l *lowerer) dot(n int) *plan.Function {
	if !l.vector() || l.most(&plan.Dot{}, 0) < n {
		return nil
	}
	return l.function("dot", &plan.Dot{}, plan.Dot{})
}

// skipped reports whether a gradient is computed otherwise where few values of a code are not 0: with the choice of values, or by the update
// that it is for.
func (s *schedule) skipped(v *ir.Value) bool {
	switch op := v.Op.(type) {
	case ir.DenseGrad:
		return !op.TransW && (s.block(v.Args[1]).ByRow || s.fewParts(v.Args[0]) != nil)
	case ir.Sub:
		_, ok := v.Args[1].Op.(ir.DenseGrad)
		return ok && s.skipped(v.Args[1])
	case ir.Add:
		return s.fewParts(v) != nil
	}
	return false
}

// fewParts are the gradients of codes of few values that a value is the sum of, in the order of the codes, or nil.
func (s *schedule) fewParts(v *ir.Value) []*plan.Buffer {
	if s.fewOf(v) > 0 {
		return []*plan.Buffer{s.at[v]}
	}
	if _, ok := v.Op.(ir.Add); !ok || s.at[v] != nil {
		return nil
	}
	a, b := s.fewParts(v.Args[0]), s.fewParts(v.Args[1])
	if a == nil || b == nil {
		return nil
	}
	parts := append(a, b...)
	slices.SortFunc(parts, func(a, b *plan.Buffer) int { return cmp.Compare(s.code(a), s.code(b)) })
	return parts
}

// code is the number of a code of few values, or of the code that a buffer is the gradient of.
func (s *schedule) code(b *plan.Buffer) int {
	if z := s.codeOf[b]; z != nil {
		b = z
	}
	return slices.Index(s.codes, b)
}

// through says how the bias that is subtracted from the input gets the part of its gradient that comes through codes of few values.
func (s *schedule) through(sub *ir.Value) *plan.Through {
	product := sub.Args[1]
	t := &plan.Through{Weights: s.block(product.Args[1]), D: s.fewParts(product.Args[0])}
	if s.vector() && t.Weights.In%8 == 0 && s.most(&plan.RowDots{}, 0) >= t.Weights.In {
		t.Dots = s.function("rowDots", &plan.RowDots{}, plan.RowDots{})
	}
	return t
}

// rowsUpdate decides how the gradients of a block by rows are computed and applied.
func (s *schedule) rowsUpdate(t *plan.Training, p *plan.Param, unit nn.Unit) *plan.RowsUpdate {
	u := &plan.RowsUpdate{AddScaled: s.addScaled(p.Out), Idle: idle(t), Unit: unit != nn.NoUnit}
	if u.Unit {
		u.Dot = s.dot(p.Out)
	}
	return u
}

// idle reports whether weights without a gradient, now and before, do not move.
func idle(t *plan.Training) bool {
	return t.Decay.Kind == nn.NoDecay && (t.Config.Optimizer.Method != nn.AdamW || t.Config.Optimizer.Decay == 0)
}
