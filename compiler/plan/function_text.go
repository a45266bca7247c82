package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// String is the cut as the plan shows it.
func (c Cut) String() string { return fmt.Sprintf("tiles of %v samples, unroll %d", c.Sizes, c.Unroll) }

// String is the part as the plan shows it.
func (p Part) String() string { return fmt.Sprintf("%d inputs, unroll %d", p.Inputs, p.Unroll) }

// outputs says how many outputs panels have.
func outputs(panels, last int) string {
	if last > 0 {
		panels--
	}
	return fmt.Sprintf("%d outputs", Panel*panels+last)
}

func (op *Gradient) text() string {
	switch {
	case op.Cols > 0 && op.Bias:
		return fmt.Sprintf("Σ d of a panel over rows of %d positions", op.Cols)
	case op.Cols > 0:
		return fmt.Sprintf("xᵀ·d of a panel over rows of %d positions, %d of %d inputs, then %d, AVX2 %v, AVX-512 %v", op.Cols, op.Rows, op.In, op.Rest, op.Narrow, op.Wide)
	}
	inputs := fmt.Sprintf("%d inputs", op.In)
	if op.In >= op.Rows {
		inputs = fmt.Sprintf("tiles of %d of %d inputs", op.Rows, op.In)
		if op.Rest > 0 {
			inputs += fmt.Sprintf(", then %d", op.Rest)
		}
	}
	return fmt.Sprintf("xᵀ·d of a panel, %s, at a time AVX2 %v, AVX-512 %v", inputs, op.Narrow, op.Wide)
}

// String is the function as the plan shows it.
func (f *Function) String() string {
	switch op := f.Op.(type) {
	case *PanelProduct:
		formula := "y = " + activated(op.Activation, "b + x·w")
		if !op.Bias {
			formula = "y = x·w" + sloped(op.Slope)
		}
		if op.After {
			formula += ", the sums stored first"
		}
		if op.Fetch {
			formula += ", fetching the next panels"
		}
		return fmt.Sprintf("%s, %d inputs, %s, AVX2 %v, AVX-512 %v", formula, op.In, outputs(op.Panels, op.Last), op.Narrow, op.Wide)
	case *TapPanels:
		return op.text()
	case *TapDots:
		return op.text()
	case *RowProduct:
		formula := fmt.Sprintf("y = %s of one sample", activated(op.Activation, "b + x·w"))
		if op.After {
			formula += ", the sums stored first"
		}
		return fmt.Sprintf("%s, %s, %d inputs, unroll %d", formula, outputs(op.Panels, op.Last), op.In, op.Unroll)
	case *Network:
		text := ""
		for _, l := range op.Layers {
			text += fmt.Sprintf(", %d to %d %v%s", l.Block.In, l.Block.Out, l.Activation, map[bool]string{true: " by fours"}[l.Quads])
		}
		text = fmt.Sprintf("a network%s, without loops over inputs, AVX2 tiles of %v samples, AVX-512 of %v", text, op.Narrow, op.Wide)
		if op.Ahead > 0 {
			text += fmt.Sprintf(", the first layer beside layers 1 to %d of the tile before", op.Ahead)
		}
		return text
	case *Gradient:
		return "adds " + op.text()
	case *GradientStep:
		return fmt.Sprintf("step of %s by %s", op.Optimizer.Method.Name(), op.text())
	case *OptimizerStep:
		return fmt.Sprintf("step of %s", op.Optimizer.Method.Name())
	case *Transposition:
		text := fmt.Sprintf("blocks of 16 inputs by %d outputs into panels %d floats apart", op.Columns, op.Stride)
		if op.Rest > 0 {
			text += fmt.Sprintf(", the last of %d inputs", op.Rest)
		}
		return text
	case *Apply:
		return fmt.Sprintf("%v of values", op.Activation)
	case *ApplySlope:
		return fmt.Sprintf("y = d ⊙ %v'(at)", op.Activation)
	case *Maxima, *Collect, *AddScaled, *AddRows, *Dot, *RowDots:
		return keptText(op)
	case *StandardiseRows:
		if op.Back {
			return fmt.Sprintf("y = mean + deviation·x, width %d", op.Width)
		}
		return fmt.Sprintf("y = (x - mean)/deviation, width %d", op.Width)
	case *FeatureRows, *FieldLossRows:
		return fieldText(op)
	case *RelaxValues, *ChooseClasses, *ClassDivergences, *ClassSlopes:
		return discreteText(op)
	case *PoolRows:
		return op.text()
	case *BilinearRow:
		return op.text()
	case *NearestPanels:
		return fmt.Sprintf("least distances from x of %d values, and the panels of these", op.Dim)
	case *AddValues:
		return "y = a + b"
	case *ScaleValues:
		return affine(op.Scale, op.Shift)
	case *CorruptValues:
		return "y = x with " + inTurn(op.Noises)
	case *PenaltyRows:
		return fmt.Sprintf("%v, width %d", op.Penalty, op.Width)
	case *ApplyCurve:
		return fmt.Sprintf("y = d ⊙ e ⊙ %v”(at)", op.Activation)
	case *SquaresRows:
		return fmt.Sprintf("%v·Σ x² and its derivative, width %d", op.Strength, op.Width)
	case *AddPenalty:
		return "y = " + plus(fmt.Sprintf("by·%s'(z)", nn.Penalty{Kind: op.Kind}.Name()), op.Slope)
	case *LaneFactors:
		return "y = 1 over the norms of 16 columns"
	case *ScaleLanes:
		return "rows of 16 times a factor a column"
	case *ScaleRows:
		return "rows of 16 times a factor a row"
	case *DrawValues:
		return "y = mean + σ·ε"
	case *DivergenceValues:
		return "sum of divergences from N(0, 1)"
	case *PosteriorValues:
		return fmt.Sprintf("y = mean + σ·ε by random bits, and the sum of divergences from N(0, 1), %g nats free", op.FreeBits)
	case *PosteriorSlopes:
		return fmt.Sprintf("derivatives of these by mean and log-variance, %g nats free", op.FreeBits)
	case *ReducedPanel:
		text := fmt.Sprintf("%s, one panel, AVX2 %v", op.text(), Cut{op.Narrow, op.Unroll})
		if op.Wide[0] > 0 {
			text += fmt.Sprintf(", AVX-512 %v", Cut{op.Wide, op.Unroll})
		}
		return text
	case *ReducedRow:
		return fmt.Sprintf("%s, one sample, %d panels, unroll %d", op.text(), op.Panels, op.Unroll)
	case *Round:
		return fmt.Sprintf("integers of %d inputs: %v", op.In, op.Inputs)
	case *LossRows:
		if op.Gradient {
			return fmt.Sprintf("%v loss of each sample%s, and its derivative, width %d", op.Loss, byClass(op.Loss, op.Classes), op.Width)
		}
		return fmt.Sprintf("%v loss of each sample%s, width %d", op.Loss, byClass(op.Loss, op.Classes), op.Width)
	case *SoftmaxRows:
		return fmt.Sprintf("y = softmax(x), width %d", op.Width)
	}
	panic(fmt.Sprintf("internal error: no text for %T", f.Op))
}
