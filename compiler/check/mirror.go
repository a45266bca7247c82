package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"

	"github.com/aegen/aegen/grammar/source"
)

// mirrored returns the steps of the encoder and of the bottleneck's dense layer in reverse, each layer the other way round:
//
//	x → dense 256 → relu → dense 64 → relu → dense 32 = z
//	r ← dense 784 ←        dense 256 ← relu ← dense 64 ← relu ← z
//
// Every size but the last keeps what follows it: activations and dropout. Those of the bottleneck belong to z. What stands before
// the first layer has no place behind the last. A convolution becomes the transposed one of the same window, so that sizes come back
// exactly; a pool becomes an upsampling or, with unpool, is undone by its places.
func (c *checker) mirrored(encoder []step, z code, dec decoder) []step {
	all := encoder
	if len(z.steps) > 0 {
		all = append(append([]step(nil), encoder...), z.steps[0])
	}
	all = unnamedSteps(all)
	for len(all) > 0 {
		if !onValues(all[0]) {
			break
		}
		all = all[1:]
	}
	if dec.unpool && len(c.maxPools) == 0 {
		c.add(source.Diagnostic{
			Code: source.UnpoolPair, Span: dec.at, Message: "the encoder has no max pool to undo", Hint: "leave `unpool: true` out, or write `pool(2)` in the encoder",
		})
	}
	return mirror{c, dec}.reversed(all)
}

// A mirror is a decoder that is led back from the encoder.
type mirror struct {
	*checker
	decoder
}

func (m mirror) reversed(steps []step) []step {
	var back []step
	at := m.at
	steps = unnamedSteps(steps)
	for i := len(steps) - 1; i >= 0; i-- {
		switch s := steps[i].(type) {
		case dense:
			back = append(back, dense{in: s.out, out: s.in, at: at})
		case conv:
			back = append(back, s.transposed(at))
		case pool:
			back = append(back, m.undo(s)...)
		case upsample:
			large := nn.Grid{H: s.grid.H * s.fh, W: s.grid.W * s.fw, C: s.grid.C}
			w := nn.Window{In: large, Out: s.grid, KH: s.fh, KW: s.fw, SH: s.fh, SW: s.fw, DH: 1, DW: 1, Groups: 1}
			back = append(back, pool{kernel: s.factor, window: w, at: at})
		case join:
			m.oneWay(s.at, "what is joined here cannot be taken apart")
		case unpool:
			m.oneWay(s.at, "what a pool has taken is put back here")
		case topk: // it belongs to z
		case activate, dropout:
			first := i
			for first > 0 && onValues(steps[first-1]) {
				first--
			}
			var own []step
			for _, s := range steps[first : i+1] { // they keep their order
				own = append(own, placed(s, at))
			}
			back = slices.Insert(back, behindLayer(back), own...)
			i = first
		case residual:
			back = append(back, residual{body: m.reversed(s.body), at: at})
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	return back
}

// onValues reports whether a step changes values one by one: an activation, or dropout.
func onValues(s step) bool {
	switch s.(type) {
	case activate, dropout:
		return true
	}
	return false
}

// placed is such a step at another place of the spec.
func placed(s step, at source.Span) step {
	switch s := s.(type) {
	case activate:
		s.at = at
		return s
	case dropout:
		s.at = at
		return s
	}
	panic(fmt.Sprintf("internal error: %T changes more than values", s))
}

// unnamedSteps are steps without what changes no value: names, and flattening, which layers led back need none of.
func unnamedSteps(steps []step) []step {
	var list []step
	for _, s := range steps {
		switch s.(type) {
		case mark, reshape:
		default:
			list = append(list, s)
		}
	}
	return list
}

// behindLayer is where what follows a size stands in a mirror: before the upsampling that leads on from it, where values are fewer.
func behindLayer(back []step) int {
	for n := len(back); n > 0; n-- {
		switch back[n-1].(type) {
		case upsample, unpool:
		default:
			return n
		}
	}
	return 0
}

// transposed is the convolution the other way round.
func (s conv) transposed(at source.Span) conv {
	s.deconv, s.frozen, s.at = !s.deconv, false, at
	if s.channels = s.window.Out.C; s.deconv {
		s.channels = s.window.In.C
	}
	return s
}

// undo leads back from a pool.
func (m mirror) undo(s pool) []step {
	w := s.window
	if s.max && m.unpool {
		return []step{unpool{pool: s.number, window: w, at: m.at}}
	}
	rows, columns := w.Out.H*w.KH, w.Out.W*w.KW
	if w.SH == w.KH && w.SW == w.KW && rows == w.In.H && columns == w.In.W || s.global {
		return []step{upsample{factor: s.kernel, grid: w.Out, fh: w.In.H / w.Out.H, fw: w.In.W / w.Out.W, at: m.at}}
	}
	d := source.Diagnostic{
		Code: source.MirrorForm, Span: m.at, Message: fmt.Sprintf("%s has no mirror: it takes %v to %v, and no whole number of times %[3]v is %[2]v", textOf(s.at), w.In, w.Out),
		Expected: "a pool that divides the image into places that do not meet",
		Hint:     "write `conv(…, stride: 2)`, whose mirror comes back to any size",
		Related:  []source.Related{{Span: s.at, Message: fmt.Sprintf("the pool is here, %v → %v", w.In, w.Out)}},
	}
	if s.max {
		d.Hint += "; or `mirror(encoder, unpool: true)`, which puts values where the pool found them"
	}
	m.add(d)
	return nil
}

// oneWay reports what cannot be led back.
func (m mirror) oneWay(at source.Span, why string) {
	m.add(source.Diagnostic{
		Code: source.MirrorForm, Span: m.at, Message: fmt.Sprintf("%s has no mirror", textOf(at)), Hint: "write the decoder's layers out",
		Related: []source.Related{{Span: at, Message: why}},
	})
}
