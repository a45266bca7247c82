package grad

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
)

// backSpatial sends the gradient of an operation on grids to its arguments. All of them are linear where the largest values stay in their
// places: a derivative is the operation that goes the other way.
func (r *reverse) backSpatial(y, dy *ir.Value) {
	x := y.Args[0]
	send := func(v *ir.Value, op ir.Op, args ...*ir.Value) {
		r.send(v, func() *ir.Value { return r.g.Add(op, y.At, args...) })
	}
	switch op := y.Op.(type) {
	case ir.Conv:
		w := y.Args[1]
		send(x, ir.Deconv{Window: op.Window, Adjoint: !op.Adjoint}, dy, w)
		if op.Adjoint { // the weight of a deconvolution from y to x
			send(w, ir.ConvWeightGrad{Window: op.Window, Deconv: true}, dy, x)
		} else {
			send(w, ir.ConvWeightGrad{Window: op.Window}, x, dy)
		}
	case ir.Deconv:
		w := y.Args[1]
		send(x, ir.Conv{Window: op.Window, Adjoint: !op.Adjoint}, dy, w)
		if op.Adjoint { // the weight of a convolution from y to x
			send(w, ir.ConvWeightGrad{Window: op.Window}, dy, x)
		} else {
			send(w, ir.ConvWeightGrad{Window: op.Window, Deconv: true}, x, dy)
		}
	case ir.AddChannels:
		r.send(x, func() *ir.Value { return dy })
		send(y.Args[1], ir.SumChannels{Channels: y.Args[1].Type.Dims[0]}, dy)
	case ir.MaxPool:
		send(x, ir.MaxUnpool(op), dy, x)
	case ir.MaxUnpool:
		send(x, ir.MaxGather(op), dy, y.Args[1])
	case ir.MaxGather:
		send(x, ir.MaxUnpool(op), dy, y.Args[1])
	case ir.AvgPool:
		send(x, ir.AvgPoolGrad(op), dy)
	case ir.AvgPoolGrad:
		send(x, ir.AvgPool(op), dy)
	case ir.Upsample:
		send(x, ir.UpsampleGrad(op), dy)
	case ir.UpsampleGrad:
		send(x, ir.Upsample(op), dy)
	case ir.Concat:
		of := width(y) / op.Positions
		from := 0
		for _, a := range y.Args {
			to := from + width(a)/op.Positions
			send(a, ir.Channels{From: from, To: to, Of: of}, dy)
			from = to
		}
	case ir.Channels:
		send(x, ir.ChannelsGrad(op), dy)
	case ir.ChannelsGrad:
		send(x, ir.Channels(op), dy)
	default:
		panic(fmt.Sprintf("internal error: no derivative of %s", ir.Word(op)))
	}
}

// width is the number of values of a sample.
func width(v *ir.Value) int { return v.Type.Dims[1] }
