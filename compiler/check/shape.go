package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A flow is what passes from one layer to the next, and who made it that wide.
type flow struct {
	size   int         // values a sample; 0 where it is not known, after a mistake
	by     string      // "`dense(64)`", "`x`"
	at     source.Span // of the maker
	grid   nn.Grid     // of values that have places, else zero
	line   bool        // whether they are those of a sequence, along which kernels go
	how    string      // the arithmetic of the grid
	before *flow       // what a layer of images was given
	made   bool        // by a layer: it is not the input
	pool   int         // 1 and the number of the max pool that made it, or 0
}

// shape gives each layer the size of what enters it, and returns what leaves the last.
func (c *checker) shape(steps []step, now flow) ([]step, flow) {
	shaped := make([]step, 0, len(steps))
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			s.in = now.size
			c.noteGrid(now)
			now = flow{size: max(s.out, 0), at: s.at, by: textOf(s.at), line: now.line, made: true}
			shaped = append(shaped, s)
		case topk:
			c.checkTopK(s, now)
			shaped = append(shaped, s)
		case activate, dropout, quantize:
			shaped = append(shaped, s)
		case conv, pool, unpool, upsample, reshape, mark, join:
			next, after, ok := c.shapeSpatial(s, now)
			if now = after; ok {
				shaped = append(shaped, next)
			}
		case residual:
			body, after := c.shape(s.body, now)
			c.checkResidual(s, now, after)
			shaped = append(shaped, residual{body: body, at: s.at})
			now.pool = 0
		case unknown:
			now = flow{at: now.at, by: now.by, line: now.line}
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	return shaped, now
}

// shapeSpatial gives a step of images its sizes. It reports whether it has them.
func (c *checker) shapeSpatial(s step, now flow) (step, flow, bool) {
	switch s := s.(type) {
	case conv:
		return c.shapeConv(s, now)
	case pool:
		return c.shapePool(s, now)
	case unpool:
		return c.shapeUnpool(s, now)
	case upsample:
		return c.shapeUpsample(s, now)
	case reshape:
		c.noteGrid(now)
		after := c.shapeReshape(s, now)
		return s, after, after.size > 0
	case mark:
		c.mark(s, now)
		return s, now, true
	case join:
		return c.shapeJoin(s, now)
	}
	panic(fmt.Sprintf("internal error: %T is no step of images", s))
}

// noteGrid remembers the last image of the encoder, which the decoder may come back to.
func (c *checker) noteGrid(now flow) {
	if now.grid.H > 0 && c.section != ir.Decoder {
		c.lastGrid = now.grid
	}
}

// checkResidual sees that what the body makes can be added to what enters it.
func (c *checker) checkResidual(s residual, before, after flow) {
	if before.size == 0 || after.size == 0 || before.fits(after) {
		return
	}
	if before.grid.H > 0 && after.grid.H > 0 {
		c.wrongResidual(s, before, after)
		return
	}
	c.add(source.Diagnostic{
		Code: source.ResidualSize, Span: after.at,
		Message:  fmt.Sprintf("the body of `residual` turns %s into %d, and their sum is taken", values(before.size), after.size),
		Expected: fmt.Sprintf("%s, as many as enter", values(before.size)),
		Found:    fmt.Sprintf("%s, made by %s", values(after.size), after.by),
		Hint:     fmt.Sprintf("end the body with `dense(%d)`", before.size),
		Related: []source.Related{
			{Span: before.at, Message: fmt.Sprintf("%s: %s enter the body", before.by, values(before.size))},
			{Span: s.at, Message: "the `residual` is here"},
		},
	})
}

// wrongResidual is what checkResidual reports of images.
func (c *checker) wrongResidual(s residual, before, after flow) {
	d := source.Diagnostic{
		Code: source.ResidualSize, Span: after.at,
		Message:  fmt.Sprintf("the body of `residual` turns %s into %s, and their sum is taken", before.shaped(), after.shaped()),
		Expected: fmt.Sprintf("%s, as enters", before.shaped()),
		Found:    fmt.Sprintf("%s, made by %s", after.shaped(), after.by),
		Hint:     "keep stride 1 in the body; a layer before the `residual` may change the size",
		Related:  append(after.history(), source.Related{Span: s.at, Message: "the `residual` is here"}),
	}
	if before.grid.Positions() == after.grid.Positions() {
		d.Hint = fmt.Sprintf("end the body with `conv(%d, kernel: …)`: the sum has the channels that enter", before.grid.C)
	}
	c.add(d)
}
