package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// A Call is one call of an assembly function at its largest.
type Call struct {
	Function *Function
	Count    int // samples, groups, inputs of a gradient, blocks or values
	Samples  int // of a gradient
}

// Micros estimates how long a call keeps the scheduler waiting, in µs: arithmetic at its best, and every byte from memory.
func (t Target) Micros(c Call) float64 {
	flops, bytes := work(c.Function.Op, c.Count, c.Samples, t.Vector.Value)
	return float64(flops)/float64(t.Rate) + float64(bytes)/float64(t.Vector.Memory)
}

// work is what a call computes, and the bytes that it reads and writes. Value is the FLOP of an activation or a loss of a value.
func work(op FunctionOp, n, samples, value int) (flops, bytes int) {
	switch op := op.(type) {
	case *PanelProduct:
		out := Panel * op.Panels
		return 2*out*op.In*n + after(op.After, value*out*n), 4 * (out*op.In + (op.In+2*out)*n)
	case *TapPanels:
		return op.work(n, value)
	case *TapDots:
		return 2 * (op.Len*len(op.Taps) + 16) * op.Outs * op.Cols * n, 4 * (op.XRow + op.YRow) * n
	case *RowProduct:
		out := Panel * op.Panels
		return 2*out*op.In*n + after(op.After, value*out*n), 4 * (Panel*op.Panels + 1) * op.In * n
	case *Network:
		for _, l := range op.Layers {
			f, b := work(&PanelProduct{In: l.Block.In, Panels: l.Block.Panels(), After: l.After}, n, 0, value)
			flops, bytes = flops+f, bytes+b
		}
		return flops, bytes
	case *ReducedPanel:
		return op.work(1, n)
	case *ReducedRow:
		flops, bytes = op.work(op.Panels, 1)
		return n * flops, n * bytes
	case *Round:
		return 8 * op.In * n, 3 * 4 * op.In * n
	case *Gradient:
		samples *= max(1, op.Cols)
		return 2 * Panel * n * samples, 4 * (n*(samples+2*Panel) + Panel*samples)
	case *GradientStep:
		flops, bytes = work(&op.Gradient, n, samples, value)
		f, b := work(&op.OptimizerStep, Panel*n, 0, value)
		return flops + f, bytes + b
	case *OptimizerStep:
		return 30 * n, 4 * (3 + 2*len(op.Optimizer.Slots())) * n
	case *Transposition:
		return 0, 3 * 4 * Panel * Panel * n // a line is fetched before it is written
	case *Apply:
		return value * n, 2 * 4 * n
	case *ApplySlope:
		return value * n, 3 * 4 * n
	case *Maxima, *Collect, *AddScaled, *AddRows, *Dot, *RowDots:
		return keptWork(op, n)
	case *StandardiseRows:
		return (value + 2*n) * op.Width, 2 * 4 * op.Width * n
	case *FeatureRows, *FieldLossRows:
		return fieldWork(op, n, value)
	case *RelaxValues, *ChooseClasses, *ClassDivergences, *ClassSlopes:
		return discreteWork(op, n, value)
	case *PoolRows:
		return op.work(n)
	case *BilinearRow:
		return op.work(n)
	case *NearestPanels:
		return 3 * Panel * op.Dim * n, 4 * Panel * op.Dim * n
	case *AddValues:
		return n, 3 * 4 * n
	case *ScaleValues:
		return 2 * n, 2 * 4 * n
	case *CorruptValues:
		return value * len(op.Noises) * n, 2 * 4 * n
	case *PenaltyRows:
		return 4 * op.Width * n, 4 * op.Width * n
	case *ApplyCurve:
		return value * n, 4 * 4 * n
	case *SquaresRows:
		return 4 * op.Width * n, 2 * 4 * op.Width * n
	case *AddPenalty:
		if op.Slope.Func != nn.Identity {
			return (6 + value) * n, 3 * 4 * n
		}
		return 6 * n, 3 * 4 * n
	case *LaneFactors:
		return 6 * Panel * n, 4 * Panel * n
	case *ScaleLanes, *ScaleRows:
		return Panel * n, 2 * 4 * Panel * n
	case *DrawValues:
		return value * n, 4 * 4 * n
	case *DivergenceValues:
		return value * n, 2 * 4 * n
	case *PosteriorValues:
		return 2 * value * n, 4 * 4 * n
	case *PosteriorSlopes:
		return value * n, 6 * 4 * n
	case *LossRows:
		return terms(op.Loss) * value * op.Width * n, 3 * 4 * op.Width * n
	case *SoftmaxRows:
		return value * op.Width * n, 2 * 4 * op.Width * n
	}
	panic(fmt.Sprintf("internal error: plan does not know the work of %T", op))
}

// terms is how many activations the loss of a value is worth: that of a count takes an exponential and two logarithms.
func terms(l nn.Loss) int {
	if l.Likelihood == nn.Poisson {
		return 3
	}
	return 1
}

// after is what a function computes of its outputs beside the sums.
func after(yes bool, flops int) int {
	if yes {
		return flops
	}
	return 0
}

// Calls are the largest calls of assembly functions that a program makes.
func (p *Program) Calls() []Call {
	var calls []Call
	add := func(f *Function, n, samples int) {
		if f != nil {
			calls = append(calls, Call{f, n, samples})
		}
	}
	most := func(f *Function) {
		if f != nil {
			add(f, f.Most, 0)
		}
	}
	product := func(f *Fast) {
		if f != nil {
			add(f.Strip, f.Samples, 0)
			add(f.End, f.Samples, 0)
			add(f.Row, min(f.Call, f.Groups), 0)
			add(f.Rest, 1, 0)
		}
	}
	gradient := func(u *Update) {
		for _, p := range u.Pairs {
			if p.Taps != nil && p.Taps.Fast != nil {
				f := p.Taps.Fast
				add(f.Sums, p.Taps.Len, f.Lines)
				add(f.Bias, 1, f.BiasLines)
			}
		}
		if f := u.Fast; f != nil {
			inputs := u.Param.In
			if f.TileCall < f.Tiles {
				inputs = f.TileCall*f.Rows + inputs%f.Rows
			}
			add(f.Gradient, inputs, f.Samples)
			add(f.Step, inputs, f.Samples)
			most(f.Copy)
			most(f.CopyLast)
		}
	}
	for _, k := range p.Kernels {
		switch op := k.Op.(type) {
		case *Product:
			product(op.Fast)
		case *ReducedProduct:
			op.Fast.calls(add)
		case *TapProduct:
			if f := op.Fast; f != nil {
				for i := range f.Strips {
					add(f.Strips[i], f.Rows[i], 0)
					add(f.Ends[i], f.Rows[i], 0)
				}
			}
		case *BackProduct:
			product(op.Fast)
		case *Penalize:
			most(op.Fast)
		case *ActivateCurve:
			most(op.Fast)
		case *Squares:
			most(op.Fast)
		case *PenalizeGrad:
			most(op.Fast)
		case *Gram:
			gradient(op.Gradient)
		case *Affine:
			most(op.Fast)
		case *TopK:
			if op.Fast != nil {
				most(op.Fast.Maxima)
				most(op.Fast.Collect)
			}
		case *RowsProduct:
			most(op.Fast)
		case *RowsGrad:
			most(op.Fast)
		case *Corrupt:
			most(op.Fast)
		case *GaussianLoss:
			most(op.Fast)
		case *Standardise:
			most(op.Fast)
		case *Features:
			most(op.Fast)
		case *FieldLoss:
			most(op.Fast)
		case *Discrete:
			most(op.Fast)
			most(op.Softmax)
		case *Quantize:
			most(op.Fast)
		case *Pooling:
			most(op.Fast)
		case *Upsample:
			if op.Bilinear {
				add(op.Fast, 1, 0)
			} else {
				most(op.Fast)
			}
		case *DrawFixed:
			most(op.Fast)
		case *Divergence:
			most(op.Fast)
		case *Posterior:
			most(op.Fast)
		case *PosteriorGrad:
			most(op.Fast)
		case *Activate:
			most(op.Fast)
		case *ActivateGrad:
			most(op.Fast)
		case *Add:
			most(op.Fast)
		case *Softmax:
			most(op.Fast)
		case *Score:
			most(op.Fast)
		case *LossGrad:
			most(op.Fast)
		}
	}
	for _, r := range p.Routines {
		most(r.Network)
	}
	if p.Train == nil {
		return calls
	}
	for _, u := range p.Train.Updates {
		if u.Rows != nil {
			most(u.Rows.AddScaled)
			most(u.Rows.Dot)
		}
		if u.Through != nil {
			most(u.Through.Dots)
		}
		gradient(u)
	}
	for _, u := range p.Train.Units {
		if f := u.Fast; f != nil {
			most(f.Factors)
			most(f.Lanes)
			most(f.Rows)
		}
	}
	most(p.Train.Step)
	return calls
}
