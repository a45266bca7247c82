package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A pooled value is what a max pool was given, and how.
type pooled struct {
	window nn.Window
	x      *ir.Value
}

// spatial writes a step of images, behind which f follows.
func (b *builder) spatial(s step, f nn.Activation, x *ir.Value) *ir.Value {
	switch s := s.(type) {
	case conv:
		return b.conv(s, f, x)
	case pool:
		return b.pool(s, x)
	case unpool:
		p := b.pools[s.pool]
		b.gridRow("unpool "+squared(p.window.KH, p.window.KW), p.window.Out, p.window.In, s.at)
		return b.Add(ir.MaxUnpool{Window: p.window}, s.at, x, p.x)
	case upsample:
		large := nn.Grid{H: s.grid.H * s.fh, W: s.grid.W * s.fw, C: s.grid.C}
		b.gridRow("upsample "+squared(s.fh, s.fw)+choose(s.bilinear, " bilinear", ""), s.grid, large, s.at)
		return b.Add(ir.Upsample{Grid: s.grid, FH: s.fh, FW: s.fw, Bilinear: s.bilinear}, s.at, x)
	case reshape:
		return x
	case mark:
		b.marks[s.name.Name] = x
		return x
	case join:
		other := b.marks[s.of.Name]
		b.row(ir.Layer{Kind: fmt.Sprintf("%s(%s)", choose(s.add, "add", "concat"), s.of.Name), In: x.Type.Dims[1], Out: s.size, At: s.at})
		if s.add {
			return b.Add(ir.Add{}, s.at, x, other)
		}
		return b.Add(ir.Concat{Positions: s.positions}, s.at, x, other)
	}
	panic(fmt.Sprintf("internal error: %T is no step of images", s))
}

// conv writes a convolution and its bias, and lists the layer with the activation that follows. In a tied decoder the weight is that of a layer
// of the encoder, which has the same window.
func (b *builder) conv(s conv, f nn.Activation, x *ir.Value) *ir.Value {
	name, w := b.name(), s.window
	rows, channels := s.fan()
	in, out := w.In, w.Out
	if s.deconv {
		in, out = out, in
	}
	row := ir.Layer{
		Name: name, Kind: s.kind(), In: in.Len(), Out: out.Len(), From: in, To: out, Activation: f,
		Params: channels, Weights: rows * channels, MultiplyAdds: s.multiplyAdds(), At: s.at,
	}
	weight := (*ir.Value)(nil)
	if b.tied {
		p := b.built[len(b.built)-1]
		b.built = b.built[:len(b.built)-1]
		row.Tied, weight = p.name, p.weight
	} else {
		fanOut := w.Taps() * channels / s.groups
		weight = b.param(ir.Param{Name: name + ".weight", Bound: bound(f, rows, fanOut), Frozen: s.frozen}, ir.Floats(rows, channels), s.at)
		row.Params += rows * channels
		b.built = append(b.built, partner{name, weight})
	}
	y := (*ir.Value)(nil)
	if s.deconv {
		y = b.Add(ir.Deconv{Window: w, Adjoint: b.tied}, s.at, x, weight)
	} else {
		y = b.Add(ir.Conv{Window: w, Adjoint: b.tied}, s.at, x, weight)
	}
	bias := b.param(ir.Param{Name: name + ".bias", Frozen: s.frozen}, ir.Floats(channels), s.at)
	b.row(row)
	return b.Add(ir.AddChannels{}, s.at, y, bias)
}

// multiplyAdds is those of a sample.
func (s conv) multiplyAdds() int {
	w := s.window
	return w.Out.Len() * w.Taps() * (w.In.C / w.Groups)
}

// kind is the layer as the model's table shows it: "conv 3×3 stride 2".
func (s conv) kind() string {
	w := s.window
	text := s.word() + " " + squared(w.KH, w.KW)
	if w.SH > 1 {
		text += fmt.Sprintf(" stride %d", w.SH)
	}
	if w.DH > 1 {
		text += fmt.Sprintf(" dilation %d", w.DH)
	}
	if w.Groups > 1 {
		text += fmt.Sprintf(" groups %d", w.Groups)
	}
	return text
}

// squared is the size of a kernel: "3×3", and along a sequence "3".
func squared(h, w int) string {
	if w == 1 && h > 1 {
		return fmt.Sprint(h)
	}
	return fmt.Sprintf("%d×%d", h, w)
}

// pool writes a pool.
func (b *builder) pool(s pool, x *ir.Value) *ir.Value {
	w := s.window
	b.gridRow(choose(s.max, "max", "avg")+" pool "+squared(w.KH, w.KW), w.In, w.Out, s.at)
	if !s.max {
		return b.Add(ir.AvgPool{Window: w}, s.at, x)
	}
	b.pools[s.number] = pooled{w, x}
	return b.Add(ir.MaxPool{Window: w}, s.at, x)
}

// gridRow lists a step of images without weights.
func (b *builder) gridRow(kind string, from, to nn.Grid, at source.Span) {
	b.row(ir.Layer{Kind: kind, In: from.Len(), Out: to.Len(), From: from, To: to, At: at})
}
