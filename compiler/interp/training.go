package interp

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// weightGrad sums the products of the pairs from argument first on, and with a bias appends the sum of the first d.
func (r *run) weightGrad(v *ir.Value, first int, op ir.WeightGrad) []float64 {
	var g []float64
	for i := first; i < len(v.Args); i += 2 {
		var p []float64
		if op.Window == (nn.Window{}) {
			p = r.matrix(v, i, true).times(r.matrix(v, i+1, false)).v
		} else {
			p = r.tapsGrad(op.Window, op.Deconv, r.arg(v, i), r.arg(v, i+1))
		}
		if g == nil {
			g = p
			continue
		}
		for j := range g {
			g[j] += p[j]
		}
	}
	if op.Bias {
		_, channels := r.dims(v.Args[first+1])
		switch {
		case op.Deconv:
			channels = op.Window.In.C
		case op.Window != (nn.Window{}):
			channels = op.Window.Out.C
		}
		g = append(g, channelSums(r.arg(v, first+1), channels)...)
	}
	return g
}

func (r *run) clip(v *ir.Value) []float64 {
	switch op := v.Op.(type) {
	case ir.GradNorm:
		squares := 0.0
		for i := range v.Args {
			for _, d := range r.arg(v, i) {
				squares += d * d
			}
		}
		return []float64{math.Sqrt(squares)}
	case ir.ClipToNorm:
		factor := min(1, op.Max/(r.arg(v, 1)[0]+1e-6))
		return mapped(r.arg(v, 0), func(d float64) float64 { return factor * d })
	case ir.ClipToValue:
		return clipValue(r.arg(v, 0), op.Max)
	}
	panic(fmt.Sprintf("internal error: no clipping %T", v.Op))
}

func clipValue(g []float64, limit float64) []float64 {
	return mapped(g, func(d float64) float64 { return max(-limit, min(limit, d)) })
}

// update moves the parameters of an Update or a WeightUpdate.
func (r *run) update(v *ir.Value) error {
	var op ir.Update
	var g []float64
	switch u := v.Op.(type) {
	case ir.Update:
		op, g = u, r.arg(v, len(v.Args)-1)
	case ir.WeightUpdate:
		op = u.Update
		first := 1
		if op.Bias {
			first = 2
		}
		if g = r.weightGrad(v, first, ir.WeightGrad{Bias: op.Bias, Window: u.Window, Deconv: u.Deconv}); u.Clip != 0 {
			g = clipValue(g, u.Clip)
		}
	}
	n := r.size(v.Args[0])
	r.move(op, v.Args[0], g[:n])
	if op.Bias {
		r.move(op, v.Args[1], g[n:])
	}
	return nil
}

// move applies the optimiser to one parameter.
func (r *run) move(op ir.Update, param *ir.Value, g []float64) {
	name := param.Op.(ir.Param).Name
	names := op.Optimizer.Slots()
	arrays := make([][]float64, len(names))
	for i, slot := range names {
		arrays[i] = make([]float64, len(g))
		copy(arrays[i], r.env.State[slot+"."+name])
		r.result.State[slot+"."+name] = arrays[i]
	}
	w := append([]float64(nil), r.at[param]...)
	slots := make([]float64, len(names))
	for i := range w {
		for s := range slots {
			slots[s] = arrays[s][i]
		}
		w[i] = op.Optimizer.Step(w[i], g[i], r.env.Rate, op.Decay, len(param.Type.Dims) == 2, r.env.Step+1, slots)
		for s := range slots {
			arrays[s][i] = slots[s]
		}
	}
	if rows, cols := r.dims(param); op.Unit != nn.NoUnit && len(param.Type.Dims) == 2 {
		op.Unit.Normalise(w, rows, cols)
	}
	r.result.Params[name] = w
}
