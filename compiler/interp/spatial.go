package interp

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// A product is a convolution, or with deconv the transposed one, by a weight in its own layout or, with adjoint, in that of the other.
type product struct {
	nn.Window
	deconv, adjoint bool
}

// spatial computes a product of samples with the taps of a weight, or its derivative by the weight, or what is done to each channel.
func (r *run) spatial(v *ir.Value) []float64 {
	switch op := v.Op.(type) {
	case ir.Conv:
		return r.taps(product{op.Window, false, op.Adjoint}, r.tapped(v, op.Adjoint), r.arg(v, 1))
	case ir.Deconv:
		return r.taps(product{op.Window, true, op.Adjoint}, r.tapped(v, op.Adjoint), r.arg(v, 1))
	case ir.ConvLayer:
		y := r.taps(product{op.Window, op.Deconv, op.Adjoint}, r.arg(v, 0), r.arg(v, 1))
		return mapped(addBias(y, r.arg(v, 2)), op.Activation.Value)
	case ir.ConvBack:
		dx := r.taps(product{op.Window, op.Deconv, op.Adjoint}, r.arg(v, 0), r.arg(v, 1))
		if len(v.Args) == 3 {
			dx = activateGrad(op.Activation, dx, r.arg(v, 2))
		}
		return dx
	case ir.ConvWeightGrad:
		return r.tapsGrad(op.Window, op.Deconv, r.arg(v, 0), r.arg(v, 1))
	case ir.AddChannels:
		return addBias(r.arg(v, 0), r.arg(v, 1))
	case ir.SumChannels:
		return channelSums(r.arg(v, 0), op.Channels)
	}
	panic(fmt.Sprintf("internal error: no meaning of %T", v.Op))
}

// tapped is the first argument of a product, as Env.Input has it.
func (r *run) tapped(v *ir.Value, adjoint bool) []float64 {
	if p, ok := v.Args[1].Op.(ir.Param); ok && r.env.Input != nil {
		return r.env.Input(p.Name, adjoint, r.arg(v, 0))
	}
	return r.arg(v, 0)
}

// channelSums are the sums over samples and positions.
func channelSums(x []float64, channels int) []float64 {
	return matrix{x, len(x) / channels, channels}.columnSums()
}

// taps computes a product: y gets x·w of every pair of channels under every tap of every place of the window.
func (r *run) taps(p product, x, w []float64) []float64 {
	y := make([]float64, r.env.Batch*p.Out.Len())
	if p.deconv {
		y = make([]float64, r.env.Batch*p.In.Len())
	}
	r.meet(p.Window, p.deconv != p.adjoint, func(in, out, weight int) {
		if p.deconv {
			y[in] += x[out] * w[weight]
		} else {
			y[out] += x[in] * w[weight]
		}
	})
	return y
}

// tapsGrad computes the derivative of a product with its own weight.
func (r *run) tapsGrad(w nn.Window, deconv bool, x, dy []float64) []float64 {
	in, out, columns, rows := x, dy, w.Out.C, w.In.C/w.Groups
	if deconv {
		in, out, columns, rows = dy, x, w.In.C, w.Out.C/w.Groups
	}
	g := make([]float64, w.Taps()*rows*columns)
	r.meet(w, deconv, func(i, o, weight int) { g[weight] += in[i] * out[o] })
	return g
}

// meet calls do for each value of In and each value of Out that a weight lies between: with the places of the three in their arrays.
// With deconv the weight's columns are the channels of In, else those of Out.
func (r *run) meet(w nn.Window, deconv bool, do func(in, out, weight int)) {
	ins, outs := w.In.C/w.Groups, w.Out.C/w.Groups // of a group
	r.places(w, func(in, out, tap int) {
		for o := range w.Out.C {
			for k := range ins {
				i := o/outs*ins + k
				weight := (tap*ins+k)*w.Out.C + o
				if deconv {
					weight = (tap*outs+o%outs)*w.In.C + i
				}
				do(in+i, out+o, weight)
			}
		}
	})
}

// places calls do for each position of Out and each tap that lies inside of In there, sample by sample: with the places of both positions'
// first channels.
func (r *run) places(w nn.Window, do func(in, out, tap int)) {
	for s := range r.env.Batch {
		for oy := range w.Out.H {
			for ox := range w.Out.W {
				for tap := range w.Taps() {
					if y, x, inside := w.At(oy, ox, tap/w.KW, tap%w.KW); inside {
						do(s*w.In.Len()+(y*w.In.W+x)*w.In.C, s*w.Out.Len()+(oy*w.Out.W+ox)*w.Out.C, tap)
					}
				}
			}
		}
	}
}
