package codegen_test

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/codegen/asm"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// guardCalls are entries of Calls: every function of a program for some counts.
func guardCalls(p *plan.Program) []string {
	var calls []string
	for _, f := range p.Functions {
		for _, n := range []int{1, 2, 5, 13, 37} {
			arrays, counts := floatsOf(f.Op, n)
			args, sizes := make([]string, len(arrays)), make([]string, len(arrays))
			for i, size := range arrays {
				args[i], sizes[i] = fmt.Sprintf("a[%d]", i), fmt.Sprint(size)
			}
			if _, ok := f.Op.(*plan.CorruptValues); ok { // whose keys are whole numbers of 64 bits
				args[2] = "(*uint64)(unsafe.Pointer(a[2]))"
			}
			if _, ok := f.Op.(*plan.ChooseClasses); ok { // whose noise is in float64
				args[2] = "(*float64)(unsafe.Pointer(a[2]))"
			}
			if _, ok := f.Op.(*plan.Collect); ok { // whose list is of whole numbers of 32 bits
				args[0] = "(*uint32)(unsafe.Pointer(a[0]))"
			}
			if _, ok := f.Op.(*plan.AddRows); ok { // whose places are those of one of three rows
				args = append(args, fmt.Sprintf("(*uint32)(unsafe.Pointer(last(%d, 3)))", n))
			}
			if op, ok := f.Op.(*plan.LossRows); ok && op.Classes {
				args = append(args, fmt.Sprintf("last(%d, %d)", n, op.Width))
			}
			for _, count := range counts {
				args = append(args, fmt.Sprint(count))
			}
			calls = append(calls, fmt.Sprintf("{\"%s of %d\", []int{%s}, func(a []*float32) { %s(%s) }},\n", f.Name, n,
				strings.Join(sizes, ", "), f.Name, strings.Join(args, ", ")))
		}
	}
	return calls
}

// floatsOf are the sizes of the arrays that a function takes, as its type in package plan says, and its other arguments.
func floatsOf(op plan.FunctionOp, n int) (arrays, counts []int) {
	const panel = plan.Panel
	switch op := op.(type) {
	case *plan.PanelProduct:
		outputs := outputsOf(op.Panels, op.Last)
		stride := outputs + 3
		y := (n-1)*stride + outputs
		arrays = []int{y}
		if op.Slope.Func != nn.Identity {
			arrays = append(arrays, y)
		}
		arrays = append(arrays, n*op.In)
		if op.Bias {
			arrays = append(arrays, (op.Panels-1)*op.BiasStride+panel)
		}
		return append(arrays, (op.Panels-1)*op.Stride+panel*op.In), []int{stride, n}
	case *plan.RowProduct:
		times := min(n, 3)
		last := times*op.Panels - 1
		if op.Last > 0 {
			times, last = 1, op.Panels-1
		}
		arrays = []int{times * outputsOf(op.Panels, op.Last), op.In}
		if op.Bias {
			arrays = append(arrays, last*op.BiasStride+panel)
		}
		return append(arrays, last*op.Stride+panel*op.In), []int{times}
	case *plan.Network:
		first, last := op.Layers[0].Block, op.Layers[len(op.Layers)-1]
		return []int{n * last.Block.Out, n * first.In, last.Offset + last.Block.Floats()}, []int{n}
	case *plan.TapDots:
		x, w := 0, 0
		for _, t := range op.Taps {
			x, w = max(x, t.X), max(w, t.W)
		}
		return []int{(n-1)*op.YRow + (op.Cols-1)*op.YCol + op.Outs, x + (n-1)*op.XRow + (op.Cols-1)*op.XCol + op.Len, op.Outs,
			w + (op.Len/panel-1)*op.Stride + panel*op.Outs}, []int{n}
	case *plan.TapPanels:
		positions := (n-1)*op.YRow + (op.Cols-1)*op.YCol + outputsOf(op.Panels, op.Last)
		arrays = []int{positions}
		if op.Slope.Func != nn.Identity {
			arrays = append(arrays, positions)
		}
		x, w := 0, 0
		for _, t := range op.Taps {
			x, w = max(x, t.X), max(w, t.W)
		}
		arrays = append(arrays, x+(n-1)*op.XRow+(op.Cols-1)*op.XCol+op.In)
		if op.Bias {
			arrays = append(arrays, (op.Panels-1)*op.BiasStride+panel)
		}
		return append(arrays, (op.Panels-1)*op.Stride+w+panel*op.In), []int{n}
	case *plan.Gradient:
		if op.Cols > 0 {
			d := (n-1)*op.DRow + (op.Cols-1)*op.DCol + panel
			if op.Bias {
				return []int{panel, 1, d}, []int{n, op.DCol, panel - 3, 0, 1}
			}
			return []int{panel * op.In, (n-1)*op.XRow + (op.Cols-1)*op.XCol + op.In, d}, []int{n, op.DCol, panel - 3, op.In / op.Rows, 2}
		}
		rows, stride, columns := op.In, panel+5, panel-3
		if op.Bias {
			rows++
		}
		return []int{panel * rows, n * op.In, (n-1)*stride + panel}, []int{n, stride, columns, op.In / op.Rows, 3}
	case *plan.GradientStep:
		arrays, counts = floatsOf(&op.Gradient, n)
		return withSlots(arrays, op.Optimizer, arrays[0], 10), counts
	case *plan.OptimizerStep:
		return withSlots([]int{panel * n, panel * n}, op.Optimizer, panel*n, 5), []int{panel * n}
	case *plan.PoolRows:
		return poolFloats(op, n)
	case *plan.BilinearRow:
		if small := op.W * op.C; op.Back {
			return []int{small, small, op.FW * small}, []int{1}
		} else {
			return []int{op.FW * small, small, small}, []int{1}
		}
	case *plan.PenaltyRows:
		return []int{n, n * op.Width}, []int{n}
	case *plan.AddPenalty:
		return []int{n, n, n, 1}, []int{n}
	case *plan.LaneFactors:
		return []int{panel, panel * n}, []int{n}
	case *plan.ScaleLanes:
		return []int{panel * n, panel}, []int{n}
	case *plan.ScaleRows:
		return []int{panel * n, n}, []int{n}
	case *plan.Transposition:
		last := n - 1
		if op.Rest > 0 {
			last = n
		}
		return []int{last*op.Stride + panel*op.Columns, panel * (panel*n + op.Rest)}, []int{n, 1}
	case *plan.LossRows:
		values := n * op.Width
		arrays, counts = []int{n, values}, []int{n}
		if op.Gradient {
			arrays, counts = append(arrays, values), append(counts, 1)
		}
		if !op.Classes { // else they are numbers of their own
			arrays = append(arrays, values)
		}
		return arrays, counts
	case *plan.Maxima:
		return []int{64, 7 * n}, []int{7 * n}
	case *plan.Collect:
		return []int{op.Most + 1, 40 * n}, []int{40 * n, 0}
	case *plan.AddScaled:
		return []int{n, n}, []int{n, 2}
	case *plan.AddRows:
		return []int{op.Width, op.Width, 3 * op.Width, n}, []int{n}
	case *plan.Dot:
		return []int{1, panel * n, panel * n}, []int{panel * n}
	case *plan.RowDots:
		return []int{8 * n, panel * 8 * n, panel}, []int{8 * n}
	case *plan.NearestPanels:
		return []int{2 * panel, op.Dim, panel * op.Dim * n}, []int{n}
	case *plan.DrawValues:
		return []int{n, n, n, n}, []int{n}
	case *plan.DivergenceValues:
		return []int{1, n, n}, []int{n}
	case *plan.PosteriorValues:
		return []int{n, n, 1, n, n}, []int{3, n, 1}
	case *plan.PosteriorSlopes:
		return []int{n, n, n, n, n, n}, []int{n, 1}
	case *plan.ApplyCurve:
		return []int{n, n, n, n}, []int{n}
	case *plan.SquaresRows:
		return []int{n, n * op.Width, n * op.Width}, []int{n, 1}
	case *plan.StandardiseRows:
		padded := (op.Width + panel - 1) / panel * panel
		return []int{n * op.Width, n * op.Width, padded, padded}, []int{n}
	case *plan.FeatureRows:
		return append([]int{n * op.Width, n * op.Fields}, blocksOf(&op.FieldShape, false)...), []int{n}
	case *plan.FieldLossRows:
		arrays, counts = []int{n}, []int{n}
		if op.Gradient {
			if arrays, counts = append(arrays, n*op.Width), append(counts, 1); op.Deviations > 0 {
				arrays = append(arrays, n*op.Deviations)
			}
		}
		return append(append(arrays, n*op.Width, n*op.Width, n*op.Fields), blocksOf(&op.FieldShape, true)...), counts
	case *plan.RelaxValues:
		return []int{n, n}, []int{3, n, 1}
	case *plan.ChooseClasses:
		return []int{n * op.Classes, n * op.Classes, 2 * n * op.Classes}, []int{n}
	case *plan.ClassDivergences:
		return []int{n, n * op.Width}, []int{n, 1}
	case *plan.ClassSlopes:
		return []int{n * op.Classes, n * op.Classes, n * op.Classes}, []int{n, 1}
	case *plan.SoftmaxRows:
		return []int{n * op.Width, n * op.Width}, []int{n}
	case *plan.Apply, *plan.ScaleValues:
		return []int{n, n}, []int{n}
	case *plan.CorruptValues:
		return []int{n, n, 2 * len(op.Noises)}, []int{n}
	case *plan.ApplySlope, *plan.AddValues:
		return []int{n, n, n}, []int{n}
	}
	panic(fmt.Sprintf("no sizes for the arrays of %T, %s", op, asm.Signature(op)))
}

// outputsOf are those of panels, of which the last has so many if it is not full.
func outputsOf(panels, last int) int {
	if last > 0 {
		return plan.Panel*(panels-1) + last
	}
	return plan.Panel * panels
}

// withSlots adds an optimiser's slots and the numbers of a step to arrays.
func withSlots(arrays []int, o nn.Optimizer, size, numbers int) []int {
	for range o.Slots() {
		arrays = append(arrays, size)
	}
	return append(arrays, numbers)
}

// poolFloats is floatsOf of rows of a window's places.
func poolFloats(op *plan.PoolRows, n int) (arrays, counts []int) {
	w, rows, cols := op.Window, min(n, op.Window.Out.H), op.Window.Inside().Cols()
	small := ((rows-1)*w.Out.W + cols) * w.Out.C
	large := ((rows-1)*w.SH*w.In.W+(cols-1)*w.SW+1)*w.In.C + w.Offset(w.Taps()-1)
	switch op.Step {
	case plan.MaxUnpool:
		return []int{large, small, large}, []int{rows}
	case plan.MaxGather:
		return []int{small, large, large}, []int{rows}
	case plan.AvgPoolGrad:
		return []int{large, small}, []int{rows}
	}
	return []int{small, large}, []int{rows}
}
