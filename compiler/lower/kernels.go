package lower

import (
	"fmt"

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

func (l *lowerer) backProduct(op ir.DenseGrad, v *ir.Value) *plan.Kernel {
	w := l.block(v.Args[1])
	type key struct {
		w     *plan.Param
		trans bool
		act   nn.Activation
		back  bool
	}
	p := &plan.BackProduct{Weights: w, Transposed: op.TransW, Activation: op.Activation, Tile: l.tileOf(w, !op.TransW)}
	if op.TransW {
		p.Fast = l.fast(w.In, w.Out, w.Rows()*plan.Panel, 0, nn.Activation{}, op.Activation)
	} else {
		p.Fast = l.fast(w.Out, w.In, w.Out*plan.Panel, 0, nn.Activation{}, op.Activation)
	}
	base := "back" + title(w.Field)
	w.Transposed = w.Transposed || !op.TransW
	if op.TransW {
		base += "Tied"
	}
	return l.kernel(base, variant(op.Activation), p, key{w, op.TransW, op.Activation, true}, v)
}

func (l *lowerer) score(op ir.LinkNLL, v *ir.Value) *plan.Kernel {
	rows := plan.LossRows{Width: width(v.Args[0]), Loss: op.Loss, Classes: ofClasses(v)}
	return l.kernel("loss", "", &plan.Score{Width: rows.Width, Loss: op.Loss, Classes: rows.Classes, Fast: l.lossRows(rows)}, elementwise{rows.Width, op}, v)
}

func (l *lowerer) lossGrad(op ir.LinkNLLGrad, v *ir.Value) *plan.Kernel {
	rows := plan.LossRows{Width: width(v), Loss: op.Loss, Classes: ofClasses(v), Gradient: true}
	return l.kernel("lossAndGradient", "", &plan.LossGrad{Width: rows.Width, Loss: op.Loss, Classes: rows.Classes, Fast: l.lossRows(rows)}, elementwise{rows.Width, op}, v)
}

// ofClasses reports whether a loss compares with class numbers.
func ofClasses(loss *ir.Value) bool { return loss.Args[1].Type.Elem == ir.I32 }

func (l *lowerer) softmax(v *ir.Value) *plan.Kernel {
	n := width(v)
	f := plan.SoftmaxRows{Width: n}
	softmax := &plan.Softmax{Width: n}
	if l.vector() && l.most(&f, 0) > 0 {
		softmax.Fast = l.function("softmaxRows", &f, f)
	}
	return l.kernel("softmax", "", softmax, elementwise{n, ir.Softmax{}}, v)
}

// cost estimates a kernel for one sample: what it computes, and what it reads and writes beside registers.
func cost(op plan.Op) plan.Cost {
	switch op := op.(type) {
	case *plan.Product:
		return productCost(op.Weights)
	case *plan.ReducedProduct:
		m := op.Matrix()
		return plan.Cost{FLOPs: 2 * m.In * m.Out, Bytes: 4 * (m.In + m.Out), Weights: m.Panels() * (m.Stride() + 4*plan.Panel)}
	case *plan.BackProduct:
		return productCost(op.Weights)
	case *plan.TapProduct:
		return plan.Cost{FLOPs: 2 * op.MultiplyAdds(), Bytes: 4 * (op.From + op.To), Weights: 4 * op.Weights.Floats()}
	case *plan.Halo:
		_, w := plan.Widths(op)
		return plan.Cost{Bytes: 4 * (w[0] + w[1])}
	case *plan.Affine:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 8 * op.Width}
	case *plan.Standardise, *plan.Features, *plan.Likeliest, *plan.FieldLoss:
		return fieldCost(op)
	case *plan.Corrupt:
		return corruptCost(op)
	case *plan.GaussianLoss:
		return plan.Cost{FLOPs: 5 * op.Width, Bytes: 12 * op.Width}
	case *plan.DrawFixed, *plan.Divergence, *plan.Posterior, *plan.PosteriorGrad:
		return posteriorCost(op)
	case *plan.Quantize, *plan.Commit, *plan.CommitGrad:
		return codebookCost(op)
	case *plan.Discrete:
		return discreteCost(op)
	case *plan.Activate:
		return plan.Cost{FLOPs: op.Width, Bytes: 8 * op.Width}
	case *plan.ActivateGrad:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 12 * op.Width}
	case *plan.RowsProduct:
		return rowsCost(op.Weights, op.K)
	case *plan.RowsGrad:
		return rowsCost(op.Weights, op.K)
	case *plan.SubBias:
		return plan.Cost{FLOPs: op.Width, Bytes: 12 * op.Width}
	case *plan.Sub:
		return plan.Cost{FLOPs: op.Width, Bytes: 12 * op.Width}
	case *plan.TopK:
		return plan.Cost{FLOPs: 4 * op.Width, Bytes: 12 * op.Width}
	case *plan.BatchBound:
		return plan.Cost{FLOPs: 12 * op.Width, Bytes: 12 * op.Width}
	case *plan.Above:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 8 * op.Width}
	case *plan.DeadTopK:
		return plan.Cost{FLOPs: 4 * op.Width, Bytes: 12 * op.Width}
	case *plan.KeptGrad:
		return plan.Cost{FLOPs: op.Width, Bytes: 12 * op.Width}
	case *plan.Add:
		return plan.Cost{FLOPs: op.Width, Bytes: 12 * op.Width}
	case *plan.Contract, *plan.ContractGrad:
		_, w := plan.Widths(op)
		return plan.Cost{FLOPs: 6 * w[1], Bytes: 4 * len(w) * w[1]}
	case *plan.UnitSlope:
		return plan.Cost{FLOPs: op.Width, Bytes: 4 * op.Width}
	case *plan.UnitSlopeGrad:
		return plan.Cost{FLOPs: op.Width, Bytes: 4 * op.Width}
	case *plan.ActivateCurve:
		return plan.Cost{FLOPs: 4 * op.Width, Bytes: 16 * op.Width}
	case *plan.Squares:
		return plan.Cost{FLOPs: 4 * op.Width, Bytes: 8 * op.Width}
	case *plan.ContractNorms:
		return meansCost(op.Width)
	case *plan.ColumnMeans:
		return meansCost(op.Width)
	case *plan.PenalizeMeans:
		return plan.Cost{FLOPs: op.Width, Bytes: op.Width} // once a batch, by two logarithms
	case *plan.AddRow:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 8 * op.Width}
	case *plan.Penalize:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 4 * op.Width}
	case *plan.PenalizeGrad:
		return plan.Cost{FLOPs: 2 * op.Width, Bytes: 12 * op.Width}
	case *plan.Softmax:
		return plan.Cost{FLOPs: 4 * op.Width, Bytes: 8 * op.Width}
	case *plan.Score:
		return plan.Cost{FLOPs: 3 * op.Width, Bytes: 8 * op.Width}
	case *plan.LossGrad:
		return plan.Cost{FLOPs: 5 * op.Width, Bytes: 12 * op.Width}
	}
	panic(fmt.Sprintf("internal error: no cost of %T", op))
}

// rowsCost estimates products with k rows of a block, or with a quarter of them where it is not known which are used.
func rowsCost(w *plan.Param, k int) plan.Cost {
	if k == 0 {
		k = w.In / 4
	}
	return plan.Cost{FLOPs: 2 * k * w.Out, Bytes: 4 * (k*w.Out + w.Out)}
}

func productCost(w *plan.Param) plan.Cost {
	return plan.Cost{FLOPs: 2 * w.In * w.Out, Bytes: 4 * (w.In + w.Out), Weights: 4 * w.Floats()}
}
