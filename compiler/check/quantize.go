package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// quantizeWords is the code of vectors of a codebook. The bits of an index are at most 16.
var quantizeWords = []word{
	{name: "quantize", places: []place{codeLayer}, params: []param{
		intArg("codes", 2, 1<<16).first().orNamed(), intArg("dim", 1, 1<<10), intArg("groups", 1, 1<<16).or(1),
	}},
}

// commitment is how a quantised code and its codebook are trained.
type commitment struct {
	beta          float64 // weight of the encoder's distance from the codebook
	decay, revive float64 // of nn.Codebook
}

// defaultCommitment are the numbers of van den Oord et al. 2017, and a tenth of the even use.
var defaultCommitment = commitment{beta: 0.25, decay: 0.99, revive: 0.1}

// quantizeSteps are the layer that makes the values of `quantize(512, dim: 16, groups: 8)`, and their replacement by vectors.
func (c *checker) quantizeSteps(call *grammar.Call, a arguments, ok bool) []step {
	layer, q := dense{at: call.At}, quantize{at: call.At}
	if ok {
		q.codes, q.dim = a.whole("codes"), a.whole("dim")
		layer.out = q.dim * a.whole("groups")
		if layer.out > maxWidth {
			c.add(source.Diagnostic{
				Code: source.TooManyParameters, Span: call.At, Message: fmt.Sprintf("the code has %s", values(layer.out)),
				Expected: fmt.Sprintf("at most %s", shown(maxWidth)), Found: fmt.Sprintf("%s groups of %s", shown(a["groups"].value), values(q.dim)),
				Hint: "choose fewer groups or a smaller `dim`",
			})
			layer.out = 0
		}
	}
	return []step{layer, q}
}

// quantizes reports whether steps replace values by vectors of a codebook.
func quantizes(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { _, ok := s.(quantize); return ok })
}

// quantized reports whether the code is.
func (z code) quantized() bool { return quantizes(z.steps) }

func setCommitment(c *checker, z *code, at source.Span, _ string, a arguments) {
	if c.wantQuantized(z, "commitment", at) {
		z.beta = a.real("beta")
	}
}

func setAverages(c *checker, z *code, at source.Span, _ string, a arguments) {
	if c.wantQuantized(z, "ema", at) {
		z.decay, z.revive = a.real("decay"), a.real("revive")
	}
}

// wantQuantized reports a setting of a codebook where there is none.
func (c *checker) wantQuantized(z *code, setting string, at source.Span) bool {
	if z.quantized() || slices.Contains(z.steps, step(unknown{})) {
		return true
	}
	d := source.Diagnostic{
		Code: source.SettingConflict, Span: at, Message: fmt.Sprintf("%s needs a code that is quantised", quoted(setting)),
		Hint: fmt.Sprintf("write `bottleneck %s = quantize(512, dim: 16)`, or leave it out", z.name.Name),
	}
	if layer, ok := z.layer(); ok {
		d.Related = []source.Related{{Span: layer.at, Message: "this code has no codebook"}}
	}
	c.add(d)
	return false
}

// quantize writes the replacement of values by vectors of the codebook, and in training what keeps the encoder near them.
func (b *builder) quantize(s quantize, h *ir.Value) *ir.Value {
	n := h.Type.Dims[1]
	b.row(ir.Layer{Kind: fmt.Sprintf("quantize(%d, dim: %d)", s.codes, s.dim), In: n, Out: n, MultiplyAdds: n * s.codes, At: s.at})
	book := b.param(ir.Param{Name: "bottleneck.codebook", Bound: 1 / float64(s.codes), Fixed: true}, ir.Floats(s.dim, s.codes), s.at)
	if !b.training {
		return b.Add(ir.Quantize{}, s.at, h, book)
	}
	z := b.Add(ir.QuantizeBatch{Codebook: nn.Codebook{Codes: s.codes, Dim: s.dim, Decay: b.code.decay, Revive: b.code.revive}}, s.at, h, book)
	if b.code.beta > 0 {
		b.terms = append(b.terms, b.Add(ir.Commit{Beta: b.code.beta}, s.at, h, z))
	}
	return z
}
