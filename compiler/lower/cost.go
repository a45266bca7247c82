package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// About as much work as so many FLOP: an exponential or a logarithm, random bits, the inverse of a normal distribution function, a value in Go
// where there is no assembly function, and moving a value of a codebook in Go or adding one to a sum.
const expCost, bitsCost, gaussianCost, goCost, bookCost = 20, 20, 70, 40, 20

// cost estimates a kernel for one sample: what it computes, and what it reads and writes beside registers, which are its arguments, weights
// where single rows of them are read, and what is gone through twice.
func cost(op plan.Op) plan.Cost {
	switch op := op.(type) {
	case *plan.Standardise, *plan.Features, *plan.Likeliest, *plan.FieldLoss:
		return fieldCost(op)
	case *plan.Product:
		c := argumentsCost(op, 2*op.Weights.In*op.Weights.Out+valueCost(op.Activation)*outputOf(op))
		c.Weights = 4 * op.Weights.Floats()
		return c
	case *plan.BackProduct:
		c := argumentsCost(op, 2*op.Weights.In*op.Weights.Out+slopeCost(op.Activation)*outputOf(op))
		c.Weights = 4 * op.Weights.Floats()
		return c
	case *plan.TapProduct:
		c := argumentsCost(op, 2*op.MultiplyAdds()+(valueCost(op.Activation)+slopeCost(op.Slope))*op.To)
		c.Weights = 4 * op.Weights.Floats()
		return c
	case *plan.ReducedProduct:
		m := op.Matrix()
		c := argumentsCost(op, 2*m.In*m.Out)
		c.Weights = m.Panels() * (m.Stride() + 4*plan.Panel)
		return c
	case *plan.RowsProduct:
		c := argumentsCost(op, 2*op.Few*op.Weights.Out)
		c.Bytes += 4 * op.Few * op.Weights.Out
		return c
	case *plan.RowsGrad:
		c := argumentsCost(op, 2*op.Few*op.Weights.Out)
		c.Bytes += 4 * op.Few * op.Weights.Out
		return c
	case *plan.TopK:
		c := argumentsCost(op, 5*op.Width)
		c.Bytes += 4 * op.Width
		return c
	case *plan.DeadTopK:
		c := argumentsCost(op, 5*op.Width)
		c.Bytes += 2 * 4 * op.Width // again, and for how many steps each value was 0
		return c
	case *plan.BatchBound:
		c := argumentsCost(op, 12*op.Width)
		c.Bytes += 2 * 4 * op.Width
		return c
	case *plan.SubBias:
		c := argumentsCost(op, goCost*op.Width)
		c.Weights = 4 * op.Bias.Floats()
		return c
	case *plan.Quantize: // two operations a value and vector, and a third that they wait for
		c := argumentsCost(op, 3*op.Width*op.Book.Out)
		c.Weights = 4 * op.Book.Floats()
		return c
	}
	return argumentsCost(op, flops(op))
}

// argumentsCost is so much arithmetic on the arguments of an operation.
func argumentsCost(op plan.Op, flops int) plan.Cost {
	_, widths := plan.Widths(op)
	floats := 0
	for _, w := range widths {
		floats += w
	}
	return plan.Cost{FLOPs: flops, Bytes: 4 * floats}
}

func outputOf(op plan.Op) int {
	_, widths := plan.Widths(op)
	return widths[0]
}

// flops estimates what an operation of one value at a time computes for one sample.
func flops(op plan.Op) int {
	switch op := op.(type) {
	case *plan.Halo:
		return 0
	case *plan.Affine:
		return 2 * op.Width
	case *plan.Corrupt:
		n := 0
		for _, noise := range op.Noises {
			n += bitsCost * op.Width
			if noise.Kind == nn.GaussianNoise {
				n += gaussianCost * op.Width
			}
		}
		return n
	case *plan.Activate:
		return valueCost(op.Activation) * op.Width
	case *plan.ActivateGrad:
		return (1 + slopeCost(op.Activation)) * op.Width
	case *plan.ActivateCurve:
		return (2 + slopeCost(op.Activation)) * op.Width
	case *plan.UnitSlope:
		return slopeCost(op.Activation)
	case *plan.UnitSlopeGrad:
		return 1 + slopeCost(op.Activation)
	case *plan.Softmax:
		return (expCost + 2) * op.Width
	case *plan.Score:
		return lossCost(op.Loss) * op.Width
	case *plan.LossGrad:
		return (lossCost(op.Loss) + 2) * op.Width
	case *plan.GaussianLoss:
		if op.Gradient {
			return 5 * op.Width
		}
		return 3 * op.Width
	case *plan.DrawFixed:
		return (expCost + 2) * op.Width
	case *plan.Divergence:
		return (expCost + 5) * op.Width
	case *plan.Posterior:
		return (bitsCost + gaussianCost + 2*expCost + 8) * op.Width
	case *plan.PosteriorGrad:
		return (expCost + 6) * op.Width
	case *plan.Discrete:
		return discreteCost(op) * op.Width
	case *plan.Pooling, *plan.Upsample, *plan.Concat, *plan.Channels:
		return gridFLOPs(op)
	case *plan.Squares:
		return 4 * op.Width
	case *plan.Add:
		return op.Width
	case *plan.Penalize:
		return 2 * op.Width
	case *plan.PenalizeGrad:
		return (2 + slopeCost(op.Slope)) * op.Width
	case *plan.Sub, *plan.KeptGrad, *plan.Above, *plan.AddRow, *plan.Contract, *plan.ContractGrad, *plan.ContractNorms, *plan.ColumnMeans, *plan.Commit, *plan.CommitGrad:
		_, widths := plan.Widths(op)
		return goCost * widths[1]
	}
	panic(fmt.Sprintf("internal error: no cost of %T", op))
}

// valueCost estimates an activation of one value.
func valueCost(a nn.Activation) int {
	switch a.Func {
	case nn.Identity:
		return 0
	case nn.ReLU, nn.LeakyReLU, nn.JumpReLU, nn.Softshrink:
		return 2
	}
	return expCost
}

// slopeCost estimates the derivative of one value.
func slopeCost(a nn.Activation) int {
	switch {
	case a.Func == nn.Identity:
		return 0
	case a.FromOutput():
		return 3
	}
	return expCost
}

// lossCost estimates the loss of one value.
func lossCost(l nn.Loss) int {
	switch l.Likelihood {
	case nn.Categorical: // an exponential
		return expCost + 3
	case nn.Bernoulli: // and a logarithm
		return 2*expCost + 3
	case nn.Poisson: // and another one
		return 3*expCost + 3
	}
	return 3
}

// discreteCost estimates a step of one logit of a discrete code: exponentials and logarithms.
func discreteCost(op *plan.Discrete) int {
	switch op.Step {
	case plan.ModeOfCode, plan.FixedCode: // comparisons
		return 2
	case plan.RelaxCode:
		return bitsCost + 4*expCost
	}
	return 2 * expCost
}

// batchCost is the cost of a batch step, a sample's part of it.
func (l *lowerer) batchCost(op plan.Op) plan.Cost {
	c, n := plan.Cost{}, l.m.Training.Batch
	switch op := op.(type) {
	case *plan.ColumnSquares, *plan.Unpack, *plan.Gram, *plan.RowsTimes:
		c = weightCost(op)
	case *plan.PenalizeMeans:
		c = argumentsCost(op, 2*expCost*op.Width)
	default:
		return cost(op)
	}
	return plan.Cost{FLOPs: (c.FLOPs + n - 1) / n, Bytes: (c.Bytes + n - 1) / n}
}

// updateCost estimates the gradient of a block, for one sample, and its update: a block, its slots and its copy are read or written so many
// times a batch.
func updateCost(t *plan.Training, u *plan.Update) plan.Cost {
	moved := 3 + 2*len(t.Config.Optimizer.Slots())
	c := plan.Cost{Weights: 4 * moved * u.Param.Floats()}
	for _, p := range u.Pairs {
		switch {
		case p.Taps != nil:
			c.FLOPs += 2*p.Taps.MultiplyAdds() + p.Taps.Bias.Rows*p.Taps.Bias.Cols*p.Taps.Outs
			c.Bytes += 4 * p.D.Width
			if p.A != nil {
				c.Bytes += 4 * p.A.Width
			}
		case p.A == nil: // sums of columns
			c.FLOPs += u.Param.Out
			c.Bytes += 4 * u.Param.Out
		case u.Param.ByRow: // a sample's gradient is added to the rows of its values
			c.FLOPs += 2 * p.A.Few * u.Param.Out
			c.Bytes += 3 * 4 * p.A.Few * u.Param.Out
		case p.D.Few > 0: // a sample is brought together with others for the panel of each of its values
			c.FLOPs += 2 * p.D.Few * plan.Panel * u.Param.Rows()
			c.Bytes += 4 * p.D.Few * (u.Param.In + plan.Panel)
		default:
			c.FLOPs += 2 * u.Param.Rows() * u.Param.Out
			c.Bytes += 4 * (u.Param.In + u.Param.Out)
		}
	}
	if through := u.Through; through != nil { // a product with the sum over the batch
		w := through.Weights
		c.FLOPs += 2 * w.In * w.Out / t.Config.Batch
		c.Weights += 4 * w.Floats()
		for _, d := range through.D {
			c.FLOPs += d.Few
			c.Bytes += 4 * d.Width
		}
	}
	return c
}

// weightCost estimates an operation on weights, of the whole batch.
func weightCost(op plan.Op) plan.Cost {
	switch op := op.(type) {
	case *plan.ColumnSquares:
		return plan.Cost{FLOPs: goCost * op.Weights.Floats(), Bytes: 4 * op.Weights.Floats()}
	case *plan.Unpack:
		return plan.Cost{Bytes: 8 * op.Weights.Floats()}
	case *plan.Gram:
		p := op.Gradient.Param
		return plan.Cost{FLOPs: 2 * op.Gradient.Pairs[0].A.Rows * p.Floats(), Bytes: 4 * p.Floats()}
	case *plan.RowsTimes:
		p := op.Product.Op.(*plan.BackProduct).Weights
		return plan.Cost{FLOPs: 2 * p.In * p.Floats(), Bytes: 8 * p.Floats()}
	}
	panic(fmt.Sprintf("internal error: no cost of %T", op))
}
