package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// poolRows goes over rows of places, the places of a row, and the channels of a place, a register at a time with all taps.
func (e *emitter) poolRows(op *plan.PoolRows) {
	w := op.Window
	large, small := []reg.Register{xAt}, []reg.Register{yAt}
	e.load("y", yAt)
	switch op.Step {
	case plan.MaxUnpool:
		large, small = []reg.Register{yAt, xAt}, []reg.Register{bAt}
		e.load("v", bAt)
		e.load("x", xAt)
	case plan.MaxGather:
		large, small = []reg.Register{bAt, xAt}, []reg.Register{yAt}
		e.load("d", bAt)
		e.load("x", xAt)
	case plan.AvgPoolGrad:
		large, small = []reg.Register{yAt}, []reg.Register{xAt}
		e.load("x", xAt)
	default:
		e.load("x", xAt)
	}
	e.load("n", samples)
	e.lastMask(w.In.C % e.lanes)
	cols, places := w.Inside().Cols(), wRun
	row, place := e.label("row"), e.label("place")
	e.Label(row)
	e.MOVQ(operand.U32(cols), places)
	e.Label(place)
	e.channelPass(w.In.C, append(append([]reg.Register{}, large...), small...), func(n int) { e.pool(op, n) })
	e.advance(4*(w.SW-1)*w.In.C, large)
	e.DECQ(places)
	e.JNZ(operand.LabelRef(place))
	e.advance(4*(w.SH*w.In.W-cols*w.SW)*w.In.C, large)
	e.advance(4*(w.Out.W-cols)*w.In.C, small)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(row))
}

// poolArguments are the arrays of a step.
func poolArguments(step plan.PoolStep) []string {
	switch step {
	case plan.MaxUnpool:
		return []string{"y", "v", "x"}
	case plan.MaxGather:
		return []string{"y", "d", "x"}
	}
	return []string{"y", "x"}
}

// advance moves pointers by some bytes.
func (e *emitter) advance(bytes int, pointers []reg.Register) {
	for _, p := range pointers {
		switch {
		case bytes > 0:
			e.ADDQ(imm(bytes), p)
		case bytes < 0:
			e.SUBQ(imm(-bytes), p)
		}
	}
}

// channelPass takes the channels of a position, a register at a time, the last one perhaps of n values only. Afterwards the arrays are behind them.
func (e *emitter) channelPass(channels int, arrays []reg.Register, vector func(n int)) {
	whole, rest := channels/e.lanes, channels%e.lanes
	if whole > 1 {
		loop := e.label("channels")
		e.MOVQ(operand.U32(whole), count)
		e.Label(loop)
		vector(e.lanes)
		e.advance(e.bytes(), arrays)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
	} else if whole == 1 {
		vector(e.lanes)
		e.advance(e.bytes(), arrays)
	}
	if rest > 0 {
		vector(rest)
		e.advance(4*rest, arrays)
	}
}

// pool computes the first n channels that fill a register.
func (e *emitter) pool(op *plan.PoolRows, n int) {
	w, taps := op.Window, op.Window.Taps()
	mask := e.top(0)
	under := func(base reg.Register, tap int) operand.Mem { return at(base, 4*w.Offset(tap)) }
	switch op.Step {
	case plan.MaxPool:
		e.maxPool(under, taps, n)
	case plan.AvgPool:
		e.loadFirst(under(xAt, 0), e.v(0), mask, n)
		for t := 1; t < taps; t++ {
			e.loadFirst(under(xAt, t), e.v(1), mask, n)
			e.VADDPS(e.v(1), e.v(0), e.v(0))
		}
		if op.Share {
			e.VMULPS(e.constant(1/float64(taps)), e.v(0), e.v(0))
		}
		e.storeFirst(e.v(0), at(yAt, 0), n)
	case plan.AvgPoolGrad:
		e.loadFirst(at(xAt, 0), e.v(0), mask, n)
		if op.Share {
			e.VMULPS(e.constant(1/float64(taps)), e.v(0), e.v(0))
		}
		for t := range taps {
			e.addAt(under(yAt, t), e.v(0), n, w.Tiles())
		}
	case plan.MaxGather:
		e.loadFirst(under(bAt, 0), e.v(3), mask, n)
		e.largest(under, taps, n, func(t int, isLarger reg.VecPhysical) {
			e.loadFirst(under(bAt, t), e.v(4), mask, n)
			e.blend(isLarger, e.v(4), e.v(3), e.v(3))
		})
		e.storeFirst(e.v(3), at(yAt, 0), n)
	case plan.MaxUnpool:
		place, value := e.v(3), e.v(4)
		e.zero(place)
		e.largest(under, taps, n, func(t int, isLarger reg.VecPhysical) {
			e.VMOVUPS(e.constant(float64(t)), e.v(4))
			e.blend(isLarger, e.v(4), place, place)
		})
		e.loadFirst(at(bAt, 0), value, mask, n)
		for t := range taps {
			e.VMOVUPS(e.constant(float64(t)), e.v(5))
			e.equal(place, e.v(5), e.v(5))
			e.VANDPS(value, e.v(5), e.v(5))
			e.addAt(under(yAt, t), e.v(5), n, w.Tiles())
		}
	}
}

// addAt adds the first n lanes of v to memory, or writes them there. It needs a register for a sum and one for a mask.
func (e *emitter) addAt(to operand.Mem, v reg.VecPhysical, n int, write bool) {
	sum := e.v(6)
	if write {
		e.VMOVAPS(v, sum)
	} else {
		e.loadFirst(to, sum, e.top(0), n)
		e.VADDPS(v, sum, sum)
	}
	e.storeFirst(sum, to, n)
}

// maxPool takes the largest of some registers. A maximum loses NaN, so lanes with one are found by comparing values in pairs.
func (e *emitter) maxPool(under func(base reg.Register, tap int) operand.Mem, taps, n int) {
	const unordered = 3
	nan, is := e.v(taps), e.v(taps+1)
	for t := range taps {
		e.loadFirst(under(xAt, t), e.v(t), e.top(0), n)
	}
	for t := 0; t < taps; t += 2 {
		to := is
		if t == 0 {
			to = nan
		}
		e.compare(unordered, e.v(min(t+1, taps-1)), e.v(t), to)
		if t > 0 {
			e.VORPS(is, nan, nan)
		}
	}
	for t := 1; t < taps; t++ {
		e.VMAXPS(e.v(t), e.v(0), e.v(0))
	}
	e.VORPS(nan, e.v(0), e.v(0))
	e.storeFirst(e.v(0), at(yAt, 0), n)
}

// largest goes over the taps of x but the first and tells where each is larger than those before: NaN is above all numbers, and of equals
// the first stays.
func (e *emitter) largest(under func(base reg.Register, tap int) operand.Mem, taps, n int, next func(t int, isLarger reg.VecPhysical)) {
	const notLessOrEqual, ordered = 6, 7
	most, x, is := e.v(0), e.v(1), e.v(2)
	e.loadFirst(under(xAt, 0), most, e.top(0), n)
	for t := 1; t < taps; t++ {
		e.loadFirst(under(xAt, t), x, e.top(0), n)
		e.compare(ordered, most, most, is)
		e.compare(notLessOrEqual, most, x, e.v(7))
		e.VANDPS(e.v(7), is, is)
		next(t, is)
		e.blend(is, x, most, most)
	}
}

// compare sets to to all bits in the lanes where a stands to b as a predicate says.
func (e *emitter) compare(predicate byte, b, a, to reg.VecPhysical) {
	if e.isWide() {
		e.VCMPPS(operand.Imm(uint64(predicate)), b, a, reg.K1)
		e.VPMOVM2D(reg.K1, to)
	} else {
		e.VCMPPS(operand.Imm(uint64(predicate)), b, a, to)
	}
}
