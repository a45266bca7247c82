package plan

import (
	"github.com/aegen/aegen/compiler/nn"
)

// Outputs is the number of a kernel's first arguments that it writes.
func Outputs(op Op) int {
	outs, _ := Widths(op)
	return outs
}

// Widths are the widths of an operation's arguments, of which the first outs are written.
func Widths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *Product:
		in, out := op.Weights.In, op.Weights.Out
		if op.Transposed {
			in, out = out, in
		}
		return 1, []int{out, in}
	case *ReducedProduct:
		m := op.Matrix()
		return 1, []int{m.Out, m.In}
	case *BackProduct:
		in, out := op.Weights.In, op.Weights.Out
		if op.Transposed {
			in, out = out, in
		}
		if op.Activation.Func == nn.Identity {
			return 1, []int{in, out}
		}
		return 1, []int{in, out, in}
	case *TapProduct, *Halo:
		return tapWidths(op)
	case *Affine:
		return 1, []int{op.Width, op.Width}
	case *Standardise, *Features, *Likeliest, *FieldLoss:
		return fieldWidths(op)
	case *Corrupt:
		return 1, []int{op.Width, op.Width}
	case *GaussianLoss:
		if op.Gradient {
			return 3, []int{1, op.Width, 1, op.Width, op.Width}
		}
		return 1, []int{1, op.Width, op.Width}
	case *Pooling, *Upsample, *Concat, *Channels:
		return gridWidths(op)
	case *Discrete:
		return 1, op.widths()
	case *Quantize, *Commit, *CommitGrad:
		return codebookWidths(op)
	case *DrawFixed:
		return 1, []int{op.Width, op.Width, op.Width}
	case *Divergence:
		return 1, []int{1, op.Width, op.Width}
	case *Posterior:
		return 3, []int{op.Width, op.Width, 1, op.Width, op.Width}
	case *PosteriorGrad:
		return 2, []int{op.Width, op.Width, op.Width, op.Width, op.Width, op.Width}
	case *Activate:
		return 1, []int{op.Width, op.Width}
	case *ActivateGrad:
		return 1, []int{op.Width, op.Width, op.Width}
	case *TopK:
		if op.Compact {
			return 1, []int{2 * op.K, op.Width}
		}
		return 1, []int{op.Width, op.Width}
	case *RowsProduct:
		if op.K == 0 {
			return 1, []int{op.Weights.Out, op.Weights.In}
		}
		return 1, []int{op.Weights.Out, 2 * op.K}
	case *RowsGrad:
		if op.K == 0 {
			return 1, []int{op.Weights.In, op.Weights.Out, op.Weights.In}
		}
		return 1, []int{2 * op.K, op.Weights.Out, 2 * op.K}
	case *SubBias:
		return 1, []int{op.Width, op.Width}
	case *Sub:
		return 1, []int{op.Width, op.Width, op.Width}
	case *BatchBound:
		return 1, []int{1, op.Width}
	case *Above:
		if op.Threshold == nil {
			return 1, []int{op.Width, op.Width, 1}
		}
		return 1, []int{op.Width, op.Width}
	case *DeadTopK:
		if op.Compact {
			return 1, []int{2 * op.K, op.Width}
		}
		return 1, []int{op.Width, op.Width}
	case *KeptGrad:
		return 1, []int{op.Width, op.Width, op.Width}
	case *Add:
		return 1, []int{op.Width, op.Width, op.Width}
	case *ColumnMeans:
		return 1, []int{op.Width, op.Width}
	case *PenalizeMeans:
		return 2, []int{op.Width, op.Width, op.Width}
	case *AddRow:
		if op.Slope.Func != nn.Identity {
			return 1, []int{op.Width, op.Width, op.Width, op.Width}
		}
		return 1, []int{op.Width, op.Width, op.Width}
	case *Penalize:
		return 1, []int{1, op.Width}
	case *UnitSlope, *UnitSlopeGrad, *ActivateCurve, *Squares:
		return jacobianWidths(op)
	case *PenalizeGrad:
		return 1, []int{op.Width, op.Width, op.Width}
	case *Softmax:
		return 1, []int{op.Width, op.Width}
	case *Score:
		return 1, []int{1, op.Width, targetWidth(op.Width, op.Loss, op.Classes)}
	case *LossGrad:
		return 2, []int{1, op.Width, op.Width, targetWidth(op.Width, op.Loss, op.Classes)}
	}
	return weightWidths(op)
}

// targetWidth is the width of what a loss over so many values compares with.
func targetWidth(width int, loss nn.Loss, classes bool) int {
	switch {
	case loss.Labels != nil:
		return width / loss.Labels.Classes
	case classes:
		return 1
	}
	return width
}
