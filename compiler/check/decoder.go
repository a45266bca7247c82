package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var decoderWords = []word{
	{name: "mirror", places: []place{decoderForm}, params: []param{realArg("encoder", anyReal).first(), flagArg("tied"), flagArg("unpool")}},
}

// A decoder is a body of layers, or the mirror of the encoder.
type decoder struct {
	steps  []step
	mirror bool
	tied   bool        // whether the mirror shares the encoder's weights
	unpool bool        // whether it undoes max pools by their places
	at     source.Span // of the section
	ends   source.Span // of the last layer, where a pre-bias needs it
}

// decoder checks the section; s is nil where it is missing. The steps of a mirror follow when sizes are known.
func (c *checker) decoder(s *grammar.Decoder) decoder {
	switch {
	case s == nil:
		return decoder{steps: []step{unknown{}}}
	case s.Call == nil:
		return decoder{steps: c.unfold(s.Body, nil), at: s.At}
	case s.Call.Name.Name == "mirror":
		return c.mirrorCall(s.Call)
	}
	c.decoderForm(s.Call)
	return decoder{steps: []step{unknown{}}, at: s.At}
}

// mirrorCall reads `mirror(encoder, tied: true)`. Its first argument is a word and has one value.
func (c *checker) mirrorCall(call *grammar.Call) decoder {
	w, _ := c.find(call.Name, decoderForm)
	if len(call.Args) == 0 || call.Args[0].Name != nil || !isWord(call.Args[0].Value, "encoder") {
		d := source.Diagnostic{
			Code: source.DecoderForm, Span: call.At, Message: "`mirror` needs to be told what it mirrors",
			Expected: "`mirror(encoder)`", Found: textOf(call.At), Hint: "the encoder is all that can be mirrored",
		}
		if len(call.Args) > 0 && call.Args[0].Name == nil {
			d.Span, d.Message = call.Args[0].At, fmt.Sprintf("%s cannot be mirrored", textOf(call.Args[0].At))
			if source.Nearest(c.text(d.Span), []string{"encoder"}) != "" {
				d.Hint = "did you mean `encoder`?"
			}
		}
		c.add(d)
		return decoder{steps: []step{unknown{}}, at: call.At}
	}
	args, ok := c.bind(call.Name, call.Args[1:], w.params[1:], nil)
	return decoder{mirror: ok, tied: args.flag("tied"), unpool: args.flag("unpool"), at: call.At}
}

func isWord(e grammar.Expr, name string) bool {
	w, ok := e.(*grammar.Call)
	return ok && !w.Parens && w.Name.Name == name
}

// decoderForm reports a decoder that is neither a body nor a mirror.
func (c *checker) decoderForm(call *grammar.Call) {
	d := source.Diagnostic{
		Code: source.DecoderForm, Span: call.At, Message: fmt.Sprintf("%s is no decoder", textOf(call.At)),
		Expected: "`mirror(encoder)`, or layers between braces",
	}
	built, unbuilt := fitting(layer)
	switch {
	case source.Nearest(call.Name.Name, []string{"mirror"}) != "":
		d.Hint = "did you mean `mirror`?"
	case slices.Contains(built, call.Name.Name) || slices.Contains(unbuilt, call.Name.Name) || c.blocksByName[call.Name.Name] != nil:
		d.Hint = fmt.Sprintf("write `decoder { %s }`", c.text(call.At))
	}
	c.add(d)
}

// end gives a decoder its sizes, and sees that it ends in the size of its target.
func (c *checker) end(dec decoder, d *design, now flow) decoder {
	if dec.mirror {
		dec.steps = c.mirrored(d.encoder, d.code, dec)
		if in := d.input.flow(); in.size != 0 && d.target.size != 0 && !in.fits(flow{size: d.target.size, grid: d.target.grid}) {
			c.wrongMirror(dec, d)
		}
		return dec
	}
	dec.steps = pairPools(fillLast(dec.steps, d.target))
	c.wantWidths(dec.steps, "only the last layer outside of `residual` takes its width from "+choose(d.target.own, "the target", "the input"))
	dec.steps, now = c.shape(c.sure("decoder", dec.steps), now)
	if now.size != 0 && d.target.size != 0 && !now.fits(flow{size: d.target.size, grid: d.target.grid}) {
		c.wrongEnd(dec, d.target, now)
	}
	return dec
}

// fillLast gives the last layer its width, or its channels, where none is written. What it decodes to is of the target's size.
func fillLast(steps []step, t target) []step {
	for i := len(steps) - 1; i >= 0; i-- {
		if !isLayer(steps[i]) {
			continue
		}
		steps = slices.Clone(steps)
		switch s := steps[i].(type) {
		case dense:
			if s.out == inferred {
				s.out = t.size
			}
			steps[i] = s
		case conv:
			if s.channels == inferred && t.grid.H > 0 {
				s.channels = t.grid.C
			}
			steps[i] = s
		}
		break
	}
	return steps
}

// wrongMirror reports a mirror, which ends in the size of the input, where the target has another.
func (c *checker) wrongMirror(dec decoder, d *design) {
	c.add(source.Diagnostic{
		Code: source.DecoderSize, Span: dec.at,
		Message:  fmt.Sprintf("the decoder ends in %s, the size of %s, and %s has %s", values(d.input.size), quoted(d.input.tensor.Name), quoted(d.target.Name), d.target.has()),
		Expected: fmt.Sprintf("%s, the size of %s", d.target.has(), textOf(d.target.at)),
		Found:    fmt.Sprintf("%s, made by `mirror`", values(d.input.size)),
		Hint:     "write the decoder's layers, as in `decoder { dense }`: the last takes its width from " + quoted(d.target.Name),
		Related:  []source.Related{{Span: d.target.at, Message: fmt.Sprintf("%s has %s", quoted(d.target.Name), d.target.has())}},
	})
}

func (c *checker) wrongEnd(dec decoder, t target, now flow) {
	if c.otherTask() {
		return
	}
	if now.grid.H > 0 && t.grid.H > 0 {
		c.wrongImage(t, now)
		return
	}
	d := source.Diagnostic{
		Code: source.DecoderSize, Span: now.at,
		Message:  fmt.Sprintf("the decoder ends in %s, and %s has %s", values(now.size), quoted(t.Name), t.count()),
		Expected: fmt.Sprintf("%s, the size of %s", t.has(), textOf(t.at)),
		Found:    fmt.Sprintf("%s, made by %s", values(now.size), now.by),
		Hint:     fmt.Sprintf("write `dense(%d)`, or `dense` alone: the decoder's last layer takes its width from %s", t.size, quoted(t.Name)),
		Related:  []source.Related{{Span: t.at, Message: fmt.Sprintf("%s has %s", quoted(t.Name), t.has())}},
	}
	if len(dec.steps) == 0 {
		d.Span = dec.at
		d.Hint = "end the decoder with `dense`, which takes its width from " + quoted(t.Name)
		d.Related = append(d.Related, source.Related{Span: now.at, Message: fmt.Sprintf("%s makes %s", now.by, values(now.size))})
	}
	c.add(d)
}

// wrongImage is what wrongEnd reports of images.
func (c *checker) wrongImage(t target, now flow) {
	d := source.Diagnostic{
		Code: source.DecoderSize, Span: now.at,
		Message:  fmt.Sprintf("the decoder ends in %s, and %s is %s", now.shaped(), quoted(t.Name), t.grid),
		Expected: fmt.Sprintf("%s, the size of %s", t.grid, textOf(t.at)),
		Found:    fmt.Sprintf("%s, made by %s", now.shaped(), now.by),
		Hint:     "`decoder mirror(encoder)` comes back to the sizes of the encoder, odd ones too",
		Related:  append([]source.Related{{Span: t.at, Message: fmt.Sprintf("%s is %s", quoted(t.Name), t.grid)}}, now.history()...),
	}
	if now.grid.Positions() == t.grid.Positions() {
		d.Hint = fmt.Sprintf("end the decoder with `conv(%d, kernel: …)`; a last `conv` without channels takes them from %s", t.grid.C, quoted(t.Name))
	}
	c.add(d)
}
