package lower

import (
	"cmp"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// tile decides how a product of in inputs and out outputs is cut. It is unrolled whole while the package's code budget
// lasts and the loop is short; else four inputs at a time hide the loop's own cost.
func (l *lowerer) tile(in, out int) plan.Tile {
	t := plan.Tile{Rows: l.target.Rows, Cols: l.target.Cols, Unroll: min(4, in)}
	if printed := (t.Rows + 1) * t.Cols * in; in <= 8 && printed <= l.budget {
		l.budget -= printed
		t.Unroll = in
	}
	return t
}

// variant is what a second kernel of the same layer is called.
func variant(a nn.Activation) string {
	if a.Func == nn.Identity {
		return "Linear"
	}
	return title(a.Func.Name())
}

func (l *lowerer) product(op ir.Dense, v *ir.Value, x *plan.Buffer) *plan.Kernel {
	w, b := l.block(v.Args[1]), l.block(v.Args[2])
	if w.ByRow {
		return l.rowsProduct(v, w, b, x.Compact)
	}
	if l.p.Precision.Format != plan.Float32 {
		return l.reducedProduct(op, v)
	}
	p := &plan.Product{Weights: w, Transposed: op.TransW, Activation: op.Activation, Tile: l.tileOf(w, op.TransW)}
	biasStride := w.Rows() * plan.Panel
	if w != b {
		p.Bias, biasStride = b, plan.Panel
	}
	if op.TransW {
		w.Transposed = true
		p.Fast = l.fast(w.Out, w.In, w.Out*plan.Panel, plan.Panel, op.Activation, nn.Activation{})
	} else {
		p.Fast = l.fast(w.In, w.Out, w.Rows()*plan.Panel, biasStride, op.Activation, nn.Activation{})
	}
	type key struct {
		w, b  *plan.Param
		trans bool
		act   nn.Activation
	}
	base := w.Field
	if op.TransW {
		base = b.Field
	}
	return l.kernel(base, variant(op.Activation), p, key{w, b, op.TransW, op.Activation}, v)
}

// tileOf is the tile of a product with a block: its sum runs over In, or over Out where the block is transposed.
func (l *lowerer) tileOf(w *plan.Param, transposed bool) plan.Tile {
	if transposed {
		return l.tile(w.Out, w.In)
	}
	return l.tile(w.In, w.Out)
}

func (s *schedule) backProduct(op ir.DenseGrad, v *ir.Value) *plan.Kernel {
	w := s.block(v.Args[1])
	type key struct {
		w     *plan.Param
		trans bool
		act   nn.Activation
		back  bool
	}
	p := &plan.BackProduct{Weights: w, Transposed: op.TransW, Activation: op.Activation, Tile: s.tileOf(w, !op.TransW)}
	if op.TransW {
		p.Fast = s.fast(w.In, w.Out, w.Rows()*plan.Panel, 0, nn.Activation{}, op.Activation)
	} else {
		p.Fast = s.fast(w.Out, w.In, w.Out*plan.Panel, 0, nn.Activation{}, op.Activation)
	}
	base := "back" + title(w.Field)
	w.Transposed = w.Transposed || !op.TransW
	switch {
	case op.TransW && s.of[v.Args[0]] == "dRow": // the way forth again
		base = "times" + title(w.Field)
	case op.TransW:
		base += "Tied"
	}
	return s.kernel(base, variant(op.Activation), p, key{w, op.TransW, op.Activation, true}, v)
}

func (l *lowerer) score(op ir.LinkNLL, v *ir.Value) *plan.Kernel {
	rows := lossRows(op.Loss, v, false)
	n := width(v.Args[0])
	return l.kernel("loss", "", &plan.Score{Width: n, Loss: op.Loss, Classes: rows.Classes, Fast: l.lossRows(rows)}, elementwise{n, op}, v)
}

func (l *lowerer) lossGrad(op ir.LinkNLLGrad, v *ir.Value) *plan.Kernel {
	rows, n := lossRows(op.Loss, v, true), width(v)
	return l.kernel("lossAndGradient", "", &plan.LossGrad{Width: n, Loss: op.Loss, Classes: rows.Classes, Fast: l.lossRows(rows)}, elementwise{n, op}, v)
}

// lossRows is the loss v over samples, or where each place of a sample has a class, over places, each by itself.
func lossRows(loss nn.Loss, v *ir.Value, gradient bool) plan.LossRows {
	rows := plan.LossRows{Width: width(v.Args[0]), Loss: loss, Classes: ofClasses(v), Gradient: gradient}
	if loss.Labels != nil {
		rows.Width, rows.Loss = loss.Labels.Classes, nn.Loss{Likelihood: nn.Categorical}
	}
	return rows
}

// ofClasses reports whether a loss compares with class numbers.
func ofClasses(loss *ir.Value) bool { return loss.Args[1].Type.Elem == ir.I32 }

func (l *lowerer) softmax(v *ir.Value) *plan.Kernel {
	op, n := v.Op.(ir.Softmax), width(v)
	classes := cmp.Or(op.Classes, n)
	f := plan.SoftmaxRows{Width: classes}
	softmax := &plan.Softmax{Width: n, Classes: classes}
	if l.vector() && l.most(&f, 0) > 0 {
		softmax.Fast = l.function("softmaxRows", &f, f)
	}
	return l.kernel("softmax", "", softmax, elementwise{n, op}, v)
}
