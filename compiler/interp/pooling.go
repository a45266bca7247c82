package interp

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// pooling computes what goes from grid to grid channel by channel, without weights.
func (r *run) pooling(v *ir.Value) []float64 {
	out := make([]float64, r.size(v))
	switch op := v.Op.(type) {
	case ir.MaxPool:
		for o, i := range r.largest(op.Window, r.arg(v, 0)) {
			if i >= 0 {
				out[o] = r.arg(v, 0)[i]
			}
		}
	case ir.MaxUnpool:
		for o, i := range r.largest(op.Window, r.arg(v, 1)) {
			if i >= 0 {
				out[i] += r.arg(v, 0)[o]
			}
		}
	case ir.MaxGather:
		for o, i := range r.largest(op.Window, r.arg(v, 1)) {
			if i >= 0 {
				out[o] = r.arg(v, 0)[i]
			}
		}
	case ir.AvgPool:
		r.mean(op.Window, func(in, o int, share float64) { out[o] += share * r.arg(v, 0)[in] })
	case ir.AvgPoolGrad:
		r.mean(op.Window, func(in, o int, share float64) { out[in] += share * r.arg(v, 0)[o] })
	case ir.Upsample:
		r.between(op, func(small, large int, share float64) { out[large] += share * r.arg(v, 0)[small] })
	case ir.UpsampleGrad:
		r.between(ir.Upsample(op), func(small, large int, share float64) { out[small] += share * r.arg(v, 0)[large] })
	default:
		panic(fmt.Sprintf("internal error: no meaning of %T", op))
	}
	return out
}

// largest is where x has the largest value of each place of a window, channel by channel: the first of equal ones. A NaN is above all
// numbers, so that it is not lost. A place without a value has -1, and its maximum is 0.
func (r *run) largest(w nn.Window, x []float64) []int {
	at := make([]int, r.env.Batch*w.Out.Len())
	for o := range at {
		at[o] = -1
	}
	r.places(w, func(in, out, _ int) {
		for c := range w.In.C {
			if best := at[out+c]; best < 0 || larger(x[in+c], x[best]) < 0 {
				at[out+c] = in + c
			}
		}
	})
	return at
}

// mean calls do for each value under each place of a window, with its share of the mean.
func (r *run) mean(w nn.Window, do func(in, out int, share float64)) {
	under := make([]float64, r.env.Batch*w.Out.Len())
	r.places(w, func(_, out, _ int) { under[out]++ })
	r.places(w, func(in, out, _ int) {
		for c := range w.In.C {
			do(in+c, out+c, 1/under[out])
		}
	})
}

// between calls do for each value of the large grid and each of the small one that it is made of, with its share.
func (r *run) between(op ir.Upsample, do func(small, large int, share float64)) {
	g := op.Grid
	w := g.W * op.FW
	for p := range r.env.Batch * g.Positions() * op.FH * op.FW {
		s, y, x := p/(g.H*op.FH*w), p/w%(g.H*op.FH), p%w
		for _, row := range nearest(y, op.FH, g.H, op.Bilinear) {
			for _, column := range nearest(x, op.FW, g.W, op.Bilinear) {
				for c := range g.C {
					do(((s*g.H+row.at)*g.W+column.at)*g.C+c, p*g.C+c, row.share*column.share)
				}
			}
		}
	}
}

// A part is a place along one side of a small grid and its share of a value of the large one.
type part struct {
	at    int
	share float64
}

// nearest are the places that place i of the large grid, factor times n long, is made of: the one that it lies in, or with linear the two
// whose centres it lies between. Beyond the outermost centres it is the outermost.
func nearest(i, factor, n int, linear bool) []part {
	if !linear {
		return []part{{i / factor, 1}}
	}
	centre := max(0, (float64(i)+0.5)/float64(factor)-0.5)
	low := int(math.Floor(centre))
	share := centre - float64(low)
	return []part{{low, 1 - share}, {min(low+1, n-1), share}}
}

// channels takes samples apart and together by channels.
func (r *run) channels(v *ir.Value) []float64 {
	var out []float64
	switch op := v.Op.(type) {
	case ir.Concat:
		for p := range r.env.Batch * op.Positions {
			for i, a := range v.Args {
				_, n := r.dims(a)
				c := n / op.Positions
				out = append(out, r.arg(v, i)[p*c:(p+1)*c]...)
			}
		}
	case ir.Channels:
		for x := r.arg(v, 0); len(x) > 0; x = x[op.Of:] {
			out = append(out, x[op.From:op.To]...)
		}
	case ir.ChannelsGrad:
		out = make([]float64, r.size(v))
		for i, d := range r.arg(v, 0) {
			n := op.To - op.From
			out[i/n*op.Of+op.From+i%n] = d
		}
	default:
		panic(fmt.Sprintf("internal error: no meaning of %T", op))
	}
	return out
}
