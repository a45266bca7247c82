package ir

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// Operations on grids. A value stays f32[B, n], a sample's n values being its grid, channels last; the geometry is the operation's.
// Weights of convolutions are [KH·KW·c, n]: row (ky·KW + kx)·c + i holds what channel i under tap (ky, kx) gives to each output.
type (
	// Conv is what a convolution makes of x [B, In]: [B, Out]. Args: x, w.
	// W is [taps·In.C/Groups, Out.C]; with Adjoint, [taps·Out.C/Groups, In.C]: that of a Deconv in the other direction.
	Conv struct {
		Window  nn.Window
		Adjoint bool
	}
	// Deconv is what a transposed convolution makes of x [B, Out]: [B, In], each position of x adding its taps. Args: x, w.
	// W is [taps·Out.C/Groups, In.C]; with Adjoint, [taps·In.C/Groups, Out.C]: that of a Conv in the other direction.
	Deconv struct {
		Window  nn.Window
		Adjoint bool
	}
	// ConvWeightGrad is the derivative of Conv by its w, summed over samples and positions. Args: x [B, In], dy [B, Out].
	// With Deconv it is that of Deconv by its w. Args: x [B, Out], dy [B, In]. Of Adjoint operations the arguments change places.
	ConvWeightGrad struct {
		Window nn.Window
		Deconv bool
	}
	// AddChannels adds b [c] to each position of x [B, positions·c].
	AddChannels struct{}
	// SumChannels is the sum over samples and positions of x [B, positions·c]: [c].
	SumChannels struct{ Channels int }
	// MaxPool is the largest value under each place of the window, channel by channel: [B, Out]. The first of equal values counts.
	MaxPool struct{ Window nn.Window }
	// MaxUnpool puts each value of v [B, Out] where x [B, In] has the largest value of its place, and adds what meets: [B, In].
	// It is the derivative of MaxPool, and its inverse by the places kept (Badrinarayanan, Kendall, Cipolla: SegNet, 2017). Args: v, x.
	MaxUnpool struct{ Window nn.Window }
	// MaxGather is the value of d [B, In] at the places where x [B, In] has the largest values: [B, Out]. It is the derivative of
	// MaxUnpool by v. Args: d, x.
	MaxGather struct{ Window nn.Window }
	// AvgPool is the mean under each place of the window; padding does not count: [B, Out].
	AvgPool struct{ Window nn.Window }
	// AvgPoolGrad is its derivative times dy [B, Out]: [B, In].
	AvgPoolGrad struct{ Window nn.Window }
	// Upsample is x [B, Grid] FH times as high and FW times as wide: each value repeated, or with Bilinear between the four nearest,
	// positions being the centres of cells (align_corners false).
	Upsample struct {
		Grid     nn.Grid // of x
		FH, FW   int
		Bilinear bool
	}
	// UpsampleGrad is its derivative times dy: [B, Grid].
	UpsampleGrad Upsample
	// Concat has the channels of all arguments, [B, positions·c] each, one after the other at each position.
	Concat struct{ Positions int }
	// Channels are channels From up to To of x [B, positions·Of].
	Channels struct{ From, To, Of int }
	// ChannelsGrad puts d [B, positions·(To-From)] at channels From up to To of Of, 0 elsewhere. It is the derivative of Channels.
	ChannelsGrad Channels
)

// What fusion writes.
type (
	// ConvLayer is f(y + b) at each position, y being Conv or, with Deconv, Deconv. Args: x, w, b.
	ConvLayer struct {
		Window          nn.Window
		Deconv, Adjoint bool
		Activation      nn.Activation
	}
	// ConvBack is y ⊙ f'(at), y being Conv or, with Deconv, Deconv: what a layer passes back. Args: dy, w, at; without an activation dy, w.
	ConvBack struct {
		Window          nn.Window
		Deconv, Adjoint bool
		Activation      nn.Activation
	}
)

func (Conv) op()           {}
func (Deconv) op()         {}
func (ConvWeightGrad) op() {}
func (AddChannels) op()    {}
func (SumChannels) op()    {}
func (MaxPool) op()        {}
func (MaxUnpool) op()      {}
func (MaxGather) op()      {}
func (AvgPool) op()        {}
func (AvgPoolGrad) op()    {}
func (Upsample) op()       {}
func (UpsampleGrad) op()   {}
func (Concat) op()         {}
func (Channels) op()       {}
func (ChannelsGrad) op()   {}
func (ConvLayer) op()      {}
func (ConvBack) op()       {}

// convWeight is the type of the weight of Conv, or of Deconv, of a window.
func convWeight(w nn.Window, deconv bool) Type {
	if deconv {
		return Floats(w.Taps()*w.Out.C/w.Groups, w.In.C)
	}
	return Floats(w.Taps()*w.In.C/w.Groups, w.Out.C)
}

// inferSpatial is infer of these.
func inferSpatial(op Op, args []Type) (Type, error) {
	switch op := op.(type) {
	case Conv:
		if err := op.Window.Valid(); err != nil {
			return Type{}, err
		}
		return Samples(op.Window.Out.Len()), want(args, Samples(op.Window.In.Len()), convWeight(op.Window, op.Adjoint))
	case Deconv:
		if err := op.Window.Valid(); err != nil {
			return Type{}, err
		}
		return Samples(op.Window.In.Len()), want(args, Samples(op.Window.Out.Len()), convWeight(op.Window, !op.Adjoint))
	case ConvWeightGrad:
		x, dy := Samples(op.Window.In.Len()), Samples(op.Window.Out.Len())
		if op.Deconv {
			x, dy = dy, x
		}
		return convWeight(op.Window, op.Deconv), want(args, x, dy)
	case ConvLayer:
		y, err := inferSpatial(product(op.Window, op.Deconv, op.Adjoint), args[:min(2, len(args))])
		if err != nil {
			return Type{}, err
		}
		return y, want(args[2:], Floats(op.Channels()))
	case ConvBack:
		y, err := inferSpatial(product(op.Window, op.Deconv, op.Adjoint), args[:min(2, len(args))])
		if err != nil || len(args) == 2 && op.Activation.Func == nn.Identity {
			return y, err
		}
		return y, want(args[2:], y)
	case AddChannels:
		if len(args) != 2 || len(args[1].Dims) != 1 || width(args, 0)%max(width(args, 1), 1) != 0 {
			return Type{}, fmt.Errorf("want samples and a value a channel")
		}
		return first(args), samples(args[0])
	case SumChannels:
		if n := width(args, 0); op.Channels < 1 || n%op.Channels != 0 {
			return Type{}, fmt.Errorf("%d values of %d channels", n, op.Channels)
		}
		return Floats(op.Channels), want(args, Samples(width(args, 0)))
	case MaxPool:
		return pooled(op.Window, args, op.Window.Out, op.Window.In)
	case MaxUnpool:
		return pooled(op.Window, args, op.Window.In, op.Window.Out, op.Window.In)
	case MaxGather:
		return pooled(op.Window, args, op.Window.Out, op.Window.In, op.Window.In)
	case AvgPool:
		return pooled(op.Window, args, op.Window.Out, op.Window.In)
	case AvgPoolGrad:
		return pooled(op.Window, args, op.Window.In, op.Window.Out)
	case Upsample:
		return Samples(op.Grid.Len() * op.FH * op.FW), want(args, Samples(op.Grid.Len()))
	case UpsampleGrad:
		return Samples(op.Grid.Len()), want(args, Samples(op.Grid.Len()*op.FH*op.FW))
	case Concat:
		n := 0
		for i, t := range args {
			if samples(t) != nil || width(args, i)%op.Positions != 0 {
				return Type{}, fmt.Errorf("argument %d is %v, want %d positions", i, t, op.Positions)
			}
			n += width(args, i)
		}
		return Samples(n), nil
	case Channels:
		n := width(args, 0)
		if op.From < 0 || op.From >= op.To || op.To > op.Of || n%op.Of != 0 {
			return Type{}, fmt.Errorf("channels %d to %d of %d, of %d values", op.From, op.To, op.Of, n)
		}
		return Samples(n / op.Of * (op.To - op.From)), want(args, Samples(n))
	case ChannelsGrad:
		n := width(args, 0)
		if op.From < 0 || op.From >= op.To || op.To > op.Of || n%(op.To-op.From) != 0 {
			return Type{}, fmt.Errorf("channels %d to %d of %d, from %d values", op.From, op.To, op.Of, n)
		}
		return Samples(n / (op.To - op.From) * op.Of), want(args, Samples(n))
	}
	panic(fmt.Sprintf("internal error: no type of %T", op))
}

// product is Conv or Deconv.
func product(w nn.Window, deconv, adjoint bool) Op {
	if deconv {
		return Deconv{w, adjoint}
	}
	return Conv{w, adjoint}
}

// Channels is the number of channels of the layer's values.
func (op ConvLayer) Channels() int {
	if op.Deconv {
		return op.Window.In.C
	}
	return op.Window.Out.C
}

// pooled checks the arguments of a pooling, channel by channel, and gives its result.
func pooled(w nn.Window, args []Type, result nn.Grid, grids ...nn.Grid) (Type, error) {
	if err := w.Valid(); err != nil {
		return Type{}, err
	}
	if w.In.C != w.Out.C {
		return Type{}, fmt.Errorf("%v: the channels differ", w)
	}
	types := make([]Type, len(grids))
	for i, g := range grids {
		types[i] = Samples(g.Len())
	}
	return Samples(result.Len()), want(args, types...)
}

// spatialWord is Word of these.
func spatialWord(op Op) string {
	adjoint := func(a bool) string { return map[bool]string{true: ", adjoint"}[a] }
	switch op := op.(type) {
	case Conv:
		return fmt.Sprintf("conv[%v%s]", op.Window, adjoint(op.Adjoint))
	case Deconv:
		return fmt.Sprintf("deconv[%v%s]", op.Window, adjoint(op.Adjoint))
	case ConvWeightGrad:
		return fmt.Sprintf("%s_weight_grad[%v]", map[bool]string{false: "conv", true: "deconv"}[op.Deconv], op.Window)
	case ConvLayer:
		return fmt.Sprintf("%s_layer[%v%s, %v]", map[bool]string{false: "conv", true: "deconv"}[op.Deconv], op.Window, adjoint(op.Adjoint), op.Activation)
	case ConvBack:
		return fmt.Sprintf("%s_back[%v%s, %v]", map[bool]string{false: "conv", true: "deconv"}[op.Deconv], op.Window, adjoint(op.Adjoint), op.Activation)
	case AddChannels:
		return "add_channels"
	case SumChannels:
		return fmt.Sprintf("sum_channels[%d]", op.Channels)
	case MaxPool:
		return fmt.Sprintf("max_pool[%v]", op.Window)
	case MaxUnpool:
		return fmt.Sprintf("max_unpool[%v]", op.Window)
	case MaxGather:
		return fmt.Sprintf("max_gather[%v]", op.Window)
	case AvgPool:
		return fmt.Sprintf("avg_pool[%v]", op.Window)
	case AvgPoolGrad:
		return fmt.Sprintf("avg_pool_grad[%v]", op.Window)
	case Upsample:
		return upsampleWord("upsample", op)
	case UpsampleGrad:
		return upsampleWord("upsample_grad", Upsample(op))
	case Concat:
		return "concat"
	case Channels:
		return fmt.Sprintf("channels[%d:%d of %d]", op.From, op.To, op.Of)
	case ChannelsGrad:
		return fmt.Sprintf("channels_grad[%d:%d of %d]", op.From, op.To, op.Of)
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

func upsampleWord(word string, op Upsample) string {
	return fmt.Sprintf("%s[%v by %d×%d%s]", word, op.Grid, op.FH, op.FW, map[bool]string{true: ", bilinear"}[op.Bilinear])
}
