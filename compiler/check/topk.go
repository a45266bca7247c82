package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
)

var keepWords = []word{
	{name: "topk", places: []place{codeLayer}, params: []param{intArg("k", 1, maxWidth).first()}},
	{name: "batch_topk", places: []place{codeLayer}, params: []param{intArg("k", 1, maxWidth).first()}},
}

// checkTopK sees that there are more values than are kept.
func (c *checker) checkTopK(s topk, now flow) {
	if now.size == 0 || s.k <= now.size {
		return
	}
	c.add(source.Diagnostic{
		Code: source.TopKSize, Span: s.at,
		Message:  fmt.Sprintf("%s keeps more than there is", textOf(s.at)),
		Expected: fmt.Sprintf("at most %d", now.size), Found: fmt.Sprint(s.k),
		Hint:    "k is the number of values of the code that are not 0; choose it far below the width",
		Related: []source.Related{{Span: now.at, Message: fmt.Sprintf("%s makes %s", now.by, values(now.size))}},
	})
}

// chosen reports whether steps keep some values of a code.
func chosen(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { _, ok := s.(topk); return ok })
}

// active is the number of values of a code that are not 0 at most.
func (z code) active() int {
	n := z.size
	for _, s := range z.steps {
		if s, ok := s.(topk); ok {
			n = min(n, s.k)
		}
	}
	return n
}

// keepRow lists what keeps some of a code's values.
func (b *builder) keepRow(at source.Span, kind string, x *ir.Value) {
	n := x.Type.Dims[1]
	b.row(ir.Layer{Kind: kind, In: n, Out: n, At: at})
}

// keep writes the choice of values. That of a batch is a threshold where there is no training.
func (b *builder) keep(s topk, x *ir.Value) *ir.Value {
	if !s.batch {
		b.keepRow(s.at, fmt.Sprintf("topk(%d)", s.k), x)
		return b.Add(ir.TopK{K: s.k}, s.at, x)
	}
	b.keepRow(s.at, fmt.Sprintf("batch_topk(%d)", s.k), x)
	threshold := b.param(ir.Param{Name: "bottleneck.threshold", Fixed: true}, ir.Floats(1), s.at)
	if b.training && !s.frozen {
		return b.Add(ir.BatchTopK{K: s.k}, s.at, x, threshold)
	}
	return b.Add(ir.Above{}, s.at, x, threshold)
}

// inBatch reports whether steps choose values by the batch in training.
func inBatch(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { k, ok := s.(topk); return ok && k.batch && !k.frozen })
}
