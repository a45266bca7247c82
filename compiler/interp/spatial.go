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
	weights := tapWeights(p.Window, p.deconv != p.adjoint)
	r.places(p.Window, func(in, out, tap int) {
		w := w[tap*len(weights):]
		for i, at := range weights {
			if p.deconv {
				y[in+at.in] += x[out+at.out] * w[i]
			} else {
				y[out+at.out] += x[in+at.in] * w[i]
			}
		}
	})
	return y
}

// tapsGrad computes the derivative of a product by its own weight.
func (r *run) tapsGrad(w nn.Window, deconv bool, x, dy []float64) []float64 {
	in, out := x, dy
	if deconv {
		in, out = dy, x
	}
	weights := tapWeights(w, deconv)
	g := make([]float64, w.Taps()*len(weights))
	r.places(w, func(i, o, tap int) {
		g := g[tap*len(weights):]
		for k, at := range weights {
			g[k] += in[i+at.in] * out[o+at.out]
		}
	})
	return g
}

// tapWeights lists the weights of a tap in their order: the channels of In and of Out that each lies between. With deconv the columns are the
// channels of In, else those of Out.
func tapWeights(w nn.Window, deconv bool) []struct{ in, out int } {
	var list []struct{ in, out int }
	ins, outs := w.In.C/w.Groups, w.Out.C/w.Groups // of a group
	rows, columns := ins, w.Out.C
	if deconv {
		rows, columns = outs, w.In.C
	}
	for row := range rows {
		for column := range columns {
			at := struct{ in, out int }{column/outs*ins + row, column}
			if deconv {
				at.in, at.out = column, column/ins*outs+row
			}
			list = append(list, at)
		}
	}
	return list
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
