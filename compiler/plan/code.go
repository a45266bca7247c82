package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// instructionBytes is about the mean length of a vector instruction.
const instructionBytes = 6

// TextBytes estimates the bytes of a function's text: the multiply-adds and loads of its tiles, and the ends of these.
func (f *Function) TextBytes() int { return instructionBytes * instructions(f.Op) }

// TextBytes estimates the bytes of text of all assembly functions.
func (p *Program) TextBytes() int {
	n := 0
	for _, f := range p.Functions {
		n += f.TextBytes()
	}
	return n
}

func instructions(op FunctionOp) int {
	const begin, element, adam = 60, 40, 14 // of a function, of an elementwise function for a register, of an update
	switch op := op.(type) {
	case *Maxima, *Collect, *AddScaled, *AddRows, *Dot, *RowDots:
		return keptInstructions(op)
	case *PanelProduct:
		end := 3
		if op.Slope.Func != nn.Identity && !op.After {
			end += 6
		}
		return begin + after(op.After, (2+op.Panels)*element) + tiles(op.In, 2, end, op.Narrow) + tiles(op.In, op.Panels, end, op.Wide)
	case *TapDots:
		n := begin
		for _, r := range append(op.Narrow[:], op.Wide[:]...) {
			n += op.Outs * (6*r + 40)
		}
		return n
	case *TapPanels:
		end := 3
		if op.Slope.Func != nn.Identity && !op.After {
			end += 6
		}
		return begin + after(op.After, (2+op.Panels)*element) + tiles(op.In, 2, end, op.Narrow) + tiles(op.In, op.Panels, end, op.Wide)
	case *RowProduct:
		return begin + after(op.After, 2*element) + tiles(op.In, 3*op.Panels, 3, Cut{Sizes{1}, op.Unroll})
	case *ReducedPanel:
		return begin + tiles(op.Matrix.Rows(), 4, 6, Cut{op.Narrow, op.Unroll}) + tiles(op.Matrix.Rows(), 2, 3, Cut{op.Wide, op.Unroll})
	case *ReducedRow:
		return begin + tiles(op.Matrix.Rows(), 6*op.Panels, 6, Cut{Sizes{1}, op.Unroll})
	case *Round:
		return begin + 4*element
	case *Network:
		n := begin
		for _, l := range op.Layers {
			n += after(l.After, 6*element*l.Block.Panels()) + tiles(l.Block.In, 2*l.Block.Panels(), 3, Cut{op.Narrow, l.Block.In}) + tiles(l.Block.In, l.Block.Panels(), 3, Cut{op.Wide, l.Block.In})
			if op.Ahead > 0 { // the largest tile twice: the first one, and in the loop
				n += tiles(l.Block.In, l.Block.Panels(), 3, Cut{Sizes{op.Wide[0]}, l.Block.In})
			}
		}
		return n
	case *Gradient:
		return begin + parts(op, 4)
	case *GradientStep:
		return begin + parts(&op.Gradient, adam+2)
	case *OptimizerStep:
		return begin + 3*adam
	case *Transposition:
		return begin + 4*2*48
	case *PoolRows:
		return op.instructions()
	case *BilinearRow:
		return begin + 4*10*op.FW + element
	case *NearestPanels:
		return begin + 5*min(op.Dim, 16) + element
	case *Apply, *ApplySlope, *ApplyCurve, *AddValues, *ScaleValues:
		return begin + 4*element
	case *CorruptValues:
		return begin + 4*2*element*len(op.Noises) // half of it for the random bits
	case *AddPenalty:
		if op.Slope.Func != nn.Identity {
			return begin + 4*element
		}
		return begin + element
	case *PenaltyRows, *SquaresRows, *LaneFactors, *ScaleLanes, *ScaleRows:
		return begin + element
	case *DrawValues, *DivergenceValues:
		return begin + 4*element
	case *PosteriorValues:
		return begin + 4*3*element
	case *PosteriorSlopes:
		return begin + 4*2*element
	case *StandardiseRows:
		return begin + 4*element
	case *FeatureRows, *FieldLossRows:
		return fieldInstructions(op)
	case *RelaxValues:
		return begin + 4*3*element
	case *ChooseClasses:
		return begin + 2*element
	case *ClassDivergences, *ClassSlopes:
		return begin + 4*2*element
	case *LossRows, *SoftmaxRows:
		return begin + 4*element
	}
	panic(fmt.Sprintf("internal error: plan does not know the code of %T", op))
}

// tiles are the instructions of all tiles of a cut: columns registers a sample, end instructions for each when the sums are done.
func tiles(in, columns, end int, c Cut) int {
	steps := in
	if in >= 2*c.Unroll {
		steps = c.Unroll + in%c.Unroll
	}
	n := 0
	for _, r := range c.Sizes {
		n += steps*(columns+r*(1+columns)) + end*r*columns
	}
	return n
}

// parts are the instructions of a gradient: of full parts, the rest and the bias.
func parts(op *Gradient, end int) int {
	n := 0
	for _, body := range []struct {
		Part
		columns int
	}{{op.Narrow, 2}, {op.Wide, 1}} {
		for _, rows := range []int{min(body.Inputs, op.In), op.In % op.Rows % body.Inputs, 1} {
			n += (body.Unroll+1)*(body.columns+rows*(body.columns+1)) + end*rows*body.columns
		}
	}
	return n
}
