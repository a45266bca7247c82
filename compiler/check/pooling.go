package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// shapePool gives a pool its window, and a max pool its number. It reports whether it has one.
func (c *checker) shapePool(s pool, now flow) (pool, flow, bool) {
	if now.size == 0 || !c.wantGrid(now, s.at) {
		return s, now.lost(s.at), false
	}
	along := axis{k: s.kernel, stride: s.stride, dilation: 1, before: s.pad, behind: s.pad}
	if s.stride == 0 {
		along.stride = s.kernel
	}
	rows, columns := axesOf(now.grid, now.line, along)
	if s.global {
		rows = axis{n: now.grid.H, k: now.grid.H, stride: 1, dilation: 1}
		columns = axis{n: now.grid.W, k: now.grid.W, stride: 1, dilation: 1}
	} else if !c.checkPad(s.pad, s.kernel, s.at) || !c.checkPlaces(rows, columns, now, s.at) {
		return s, now.lost(s.at), false
	}
	after := nn.Grid{H: rows.after(), W: columns.after(), C: now.grid.C}
	if c.tooLarge(after, s.at) {
		return s, now.lost(s.at), false
	}
	s.window = nn.Window{
		In: now.grid, Out: after, KH: rows.k, KW: columns.k, SH: rows.stride, SW: columns.stride, DH: 1, DW: 1,
		Top: rows.before, Bottom: rows.behind, Left: columns.before, Right: columns.behind, Groups: 1,
	}
	next := now.through(after, axesText(rows, columns, now.line), s.at)
	if s.max {
		s.number = len(c.maxPools)
		c.maxPools = append(c.maxPools, s)
		next.pool = len(c.maxPools)
	}
	return s, next, true
}

// shapeUnpool finds the pool whose places are used. It reports whether there is one that fits.
func (c *checker) shapeUnpool(s unpool, now flow) (unpool, flow, bool) {
	if now.size == 0 || !c.wantGrid(now, s.at) {
		return s, now.lost(s.at), false
	}
	d := source.Diagnostic{Code: source.UnpoolPair, Span: s.at}
	if s.of != nil {
		named, known := c.marked(*s.of)
		if !known {
			return s, now.lost(s.at), false
		}
		if s.pool = named.pool - 1; s.pool < 0 {
			d.Message, d.Expected = fmt.Sprintf("%s is no max pool", quoted(s.of.Name)), "the name of a line with `pool`"
			d.Related = []source.Related{{Span: named.at, Message: "what it stands for"}}
			c.add(d)
			return s, now.lost(s.at), false
		}
	}
	if s.pool < 0 || s.pool >= len(c.maxPools) || s.of == nil && s.pool >= c.coded {
		d.Message, d.Expected = "`unpool` has no max pool to undo", "as many `pool` in the encoder as `unpool` in the decoder"
		d.Found, d.Hint = counted(len(c.encoderPools()), "max pool"), "the last `unpool` undoes the first `pool`, the one before it the second; or name the pool's line: `pool(2) as p1`, `unpool(p1)`"
		c.add(d)
		return s, now.lost(s.at), false
	}
	p := c.maxPools[s.pool]
	if now.grid != p.window.Out {
		d.Message = fmt.Sprintf("`unpool` undoes %s, which makes %s, and is given %s", textOf(p.at), p.window.Out, now.shaped())
		d.Expected, d.Found = p.window.Out.String(), now.shaped()
		d.Related = append([]source.Related{{Span: p.at, Message: fmt.Sprintf("the pool is here, %v → %v", p.window.In, p.window.Out)}}, now.history()...)
		c.add(d)
		return s, now.lost(s.at), false
	}
	s.window = p.window
	return s, now.through(p.window.In, fmt.Sprintf("the places of %s", textOf(p.at)), s.at), true
}

// encoderPools are the max pools before the decoder.
func (c *checker) encoderPools() []pool { return c.maxPools[:min(c.coded, len(c.maxPools))] }

// pairPools gives each `unpool` without a name the pool that it undoes: the last the first pool of the encoder, the one before it the second.
func pairPools(steps []step) []step {
	paired, _ := pairFrom(steps, unpools(steps)-1)
	return paired
}

// unpools counts them, those in residuals included.
func unpools(steps []step) int {
	n := 0
	for _, s := range steps {
		switch s := s.(type) {
		case unpool:
			n++
		case residual:
			n += unpools(s.body)
		}
	}
	return n
}

// pairFrom is pairPools where the next pool is one of a number. It returns the number of the pool after.
func pairFrom(steps []step, number int) ([]step, int) {
	list := make([]step, len(steps))
	for i, s := range steps {
		switch u := s.(type) {
		case unpool:
			if u.of == nil {
				u.pool = number
			}
			number--
			s = u
		case residual:
			u.body, number = pairFrom(u.body, number)
			s = u
		}
		list[i] = s
	}
	return list, number
}

// shapeUpsample gives an upsampling its sizes. It reports whether it has them.
func (c *checker) shapeUpsample(s upsample, now flow) (upsample, flow, bool) {
	if now.size == 0 || !c.wantGrid(now, s.at) {
		return s, now.lost(s.at), false
	}
	s.grid, s.fh, s.fw = now.grid, s.factor, s.factor
	how := fmt.Sprintf("%d·%d = %d", now.grid.H, s.fh, now.grid.H*s.fh)
	if now.line {
		s.fw = 1
	} else if now.grid.H != now.grid.W {
		how = fmt.Sprintf("rows %s, columns %d·%d = %d", how, now.grid.W, s.fw, now.grid.W*s.fw)
	}
	after := nn.Grid{H: now.grid.H * s.fh, W: now.grid.W * s.fw, C: now.grid.C}
	if c.tooLarge(after, s.at) {
		return s, now.lost(s.at), false
	}
	return s, now.through(after, how, s.at), true
}

// shapeReshape sees that an image has as many values as there are.
func (c *checker) shapeReshape(s reshape, now flow) flow {
	if now.size == 0 {
		return now.lost(s.at)
	}
	if s.flat {
		return flow{size: now.size, line: now.line, by: textOf(s.at), at: s.at, made: true, before: &now}
	}
	g := s.grid
	positions := float64(g.H) * float64(g.W)
	if g.C == inferred && float64(now.size) >= positions && now.size%(g.H*g.W) == 0 {
		g.C = now.size / (g.H * g.W)
	}
	if positions*float64(g.C) != float64(now.size) {
		d := source.Diagnostic{
			Code: source.UnflattenSize, Span: s.at, Message: fmt.Sprintf("%s is no image of %s", values(now.size), textOf(s.at)),
			Expected: fmt.Sprintf("%d·%d·%d = %s", g.H, g.W, g.C, shown(positions*float64(g.C))), Found: fmt.Sprintf("%s, made by %s", values(now.size), now.by),
			Related: []source.Related{{Span: now.at, Message: fmt.Sprintf("%s makes %s", now.by, now.shaped())}},
		}
		if now.size != 1 {
			d.Message = fmt.Sprintf("%s are no image of %s", values(now.size), textOf(s.at))
		}
		if g.C == inferred {
			d.Expected = fmt.Sprintf("a multiple of %d·%d = %s", g.H, g.W, shown(positions))
		}
		if last := c.lastGrid; last.Len() == now.size {
			d.Hint = fmt.Sprintf("write `unflatten(%d, %d, %d)`, the image that was flattened", last.H, last.W, last.C)
		}
		c.add(d)
		return now.lost(s.at)
	}
	return now.through(g, "", s.at)
}
