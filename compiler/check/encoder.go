package check

import (
	"cmp"

	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// encoder unfolds the section; s is nil where it is missing.
func (c *checker) encoder(s *grammar.Encoder) []step {
	switch {
	case s == nil:
		return []step{unknown{}}
	case s.From != nil: // see borrow
		return []step{unknown{}}
	}
	steps := c.unfold(s.Body, nil)
	c.wantWidths(steps, "only the decoder's last layer takes its width from the input")
	return steps
}

// wantWidths reports layers without a width where nothing else determines it.
func (c *checker) wantWidths(steps []step, why string) {
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			if s.out == inferred {
				c.add(source.Diagnostic{
					Code: source.NoWidth, Span: s.at, Message: "this `dense` needs a width",
					Expected: "`dense(64)`, with the number of values it makes", Hint: why,
				})
			}
		case residual:
			c.wantWidths(s.body, why)
		case conv:
			if s.channels == inferred {
				c.add(source.Diagnostic{
					Code: source.NoWidth, Span: s.at, Message: fmt.Sprintf("this %s needs its number of channels", quoted(s.word())),
					Expected: fmt.Sprintf("`%s(16, kernel: %d)`, with the channels that it makes", s.word(), s.kernel), Hint: why,
				})
			}
		case activate, dropout, topk, quantize, pool, unpool, upsample, reshape, mark, join, unknown:
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
}

// A code is the bottleneck: one dense layer, then its activations. One that is sampled has two heads and a prior.
type code struct {
	name      grammar.Ident
	steps     []step
	size      int     // 0 where a mistake was reported
	grid      nn.Grid // of a code that is an image, else zero
	penalties []codePenalty
	dead      revival
	preBias   source.Span // of the setting, or not valid
	sparse    bool        // whether few values are meant to differ from 0
	prior     prior
	commitment
	constraints
}

// bottleneck checks the section; s is nil where it is missing.
func (c *checker) bottleneck(s *grammar.Bottleneck) code {
	if s == nil {
		return code{steps: []step{unknown{}}}
	}
	z := code{name: s.Name, prior: prior{Prior: nn.Bound}}
	for _, call := range s.Ops {
		z.steps = append(z.steps, c.operation(call, codeLayer, nil)...)
	}
	c.bottleneckForm(s, z.steps)
	c.wantWidths(z.steps, "the width of the code is the choice that the model is about")
	z.sparse = chosen(z.steps)
	z.commitment = defaultCommitment
	c.codeBody(s.Settings, &z)
	return z
}

// bottleneckForm sees that a bottleneck is one dense layer followed by activations.
func (c *checker) bottleneckForm(s *grammar.Bottleneck, steps []step) {
	for i, st := range steps {
		isLayer, at := isLayer(st), placeOf(st)
		a, isActivation := st.(activate)
		k, isTopK := st.(topk)
		diagnostic := source.Diagnostic{Code: source.BottleneckForm, Hint: "move the other layers into the encoder"}
		switch {
		case i == 0 && (isActivation || isTopK):
			diagnostic.Span, diagnostic.Message = cmp.Or(a.at, k.at), "a bottleneck begins with `dense` or `conv`"
			diagnostic.Hint = "write `dense(32)` with the width of the code before it"
		case i > 0 && isLayer:
			diagnostic.Span, diagnostic.Message = at, "a bottleneck is a single layer"
		case i > 0 && (isActivation && a.activation.Func != nn.Identity || isTopK) && isSampled(steps[0]):
			diagnostic.Span, diagnostic.Message = cmp.Or(a.at, k.at), "nothing stands behind a code that is sampled"
			diagnostic.Hint = "leave it out: the prior is normal, and so is the code; or write it at the beginning of the decoder"
		case i > 0 && (isActivation && a.activation.Func != nn.Identity || isTopK) && quantizes(steps[:i]):
			diagnostic.Span, diagnostic.Message = cmp.Or(a.at, k.at), "nothing stands behind a code that is quantised"
			diagnostic.Hint = "write it at the beginning of the decoder"
		case i > 0 && isTopK && isImage(steps[0]):
			diagnostic.Span, diagnostic.Message = k.at, fmt.Sprintf("%s chooses among the values of a `dense`", textOf(k.at))
			diagnostic.Hint = "write `dense` for the code: it takes an image as its values"
		default:
			continue
		}
		c.add(diagnostic)
	}
}
