package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// frameAt is where a network keeps the activations of a tile, on a cache line.
var frameAt = reg.R10

// rows are those of an array in memory: one a sample.
type rows struct {
	at     reg.Register
	offset int // bytes to the first
	stride int // bytes between two
}

func (r rows) float(sample, i int) operand.Mem { return at(r.at, r.offset+r.stride*sample+4*i) }

// from are the rows from a sample on.
func (r rows) from(sample int) rows { return rows{r.at, r.offset + r.stride*sample, r.stride} }

// activationFloats is the width of a row of a network's activations in the frame: whole panels of the widest layer.
func activationFloats(op *plan.Network) int {
	n := 0
	for _, l := range op.Layers {
		n = max(n, plan.Panel*l.Block.Panels())
	}
	return n
}

// networkFrame is the size of the arrays of activations: two, which layers read and write in turn, and ahead two more for the first layer.
func networkFrame(op *plan.Network) int {
	arrays := 2
	if op.Ahead > 0 {
		arrays = 4
	}
	return arrays*4*activationFloats(op)*max(op.Narrow[0], op.Wide[0]) + frameAlign
}

// network takes tiles of samples through all layers.
func (e *emitter) network(op *plan.Network) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("w", wAt)
	e.load("n", samples)
	e.findFrame()
	e.lastMask(op.Layers[len(op.Layers)-1].Block.Out % plan.Panel)
	sizes := op.Narrow
	if e.isWide() {
		sizes = op.Wide
	}
	e.tiles(sizes, func(r int) {
		t := networkTile{op, r, 4 * activationFloats(op)}
		if e.isWide() && r == op.Wide[0] && op.Ahead > 0 {
			e.ahead(t)
			return
		}
		for i := range op.Layers {
			e.wholeLayer(t, i)
		}
		e.nextTile(t)
	}, nil)
}

// A networkTile is a number of samples that go through all layers. Width is the bytes between rows of activations.
type networkTile struct {
	*plan.Network
	r, width int
}

// array is one of the frame's arrays of activations.
func (t networkTile) array(i int) rows { return rows{frameAt, i * t.r * t.width, t.width} }

// from is what layer i reads.
func (t networkTile) from(i int) rows {
	if i == 0 {
		return rows{xAt, 0, 4 * t.Layers[0].Block.In}
	}
	return t.array((i - 1) % 2)
}

// nextTile goes on to the next samples.
func (e *emitter) nextTile(t networkTile) {
	e.ADDQ(imm(4*t.r*t.Layers[0].Block.In), xAt)
	e.ADDQ(imm(4*t.r*t.Layers[len(t.Layers)-1].Block.Out), yAt)
}

// wholeLayer takes a tile through layer i.
func (e *emitter) wholeLayer(t networkTile, i int) { e.tileLayer(t, i, t.from(i), t.array(i%2)) }

// tileLayer takes a tile through layer i. The last one writes the outputs.
func (e *emitter) tileLayer(t networkTile, i int, from, frame rows) {
	l := t.Layers[i]
	to, whole := frame, true // whole panels, with room for columns that have no output
	if i == len(t.Layers)-1 {
		to, whole = rows{yAt, 0, 4 * l.Block.Out}, false
	}
	switch {
	case l.Quads && e.isWide() && t.r%quad == 0:
		e.quadLayer(l, t.r, from, to)
	case l.After:
		e.networkLayer(l, t.r, from, frame, true)
		e.networkOutputs(l, t.r, frame, to, whole)
	default:
		e.networkLayer(l, t.r, from, to, whole)
	}
}

// networkLayer computes one layer of a tile, as many panels at a time as registers allow, or else two registers of each of as many
// samples: its outputs, or sums that become outputs when they are stored.
func (e *emitter) networkLayer(l plan.NetworkLayer, r int, from, to rows, whole bool) {
	perPanel, free := plan.Panel/e.lanes, len(e.all)-4
	most, few := max(1, free/(r*perPanel)), r
	if columns := min(2, perPanel*l.Block.Panels()); r*columns > free {
		most = max(1, columns/perPanel)
		passes := (r*columns + free - 1) / free
		few = (r + passes - 1) / passes
	}
	for p := 0; p < l.Block.Panels(); p += most {
		panels := min(most, l.Block.Panels()-p)
		for first := 0; first < r; first += few {
			n := min(few, r-first)
			e.comment("%s: %d samples by %d outputs from %d on", l.Block.Field, n, plan.Panel*panels, plan.Panel*p)
			e.networkPart(l, n, p, panels*perPanel, from.from(first), to.from(first), whole)
		}
	}
}

// networkPart computes r samples by some registers of outputs from panel p on.
func (e *emitter) networkPart(l plan.NetworkLayer, r, p, columns int, from, to rows, whole bool) {
	e.networkSums(l, r, p, columns, from)
	for i := range r * columns {
		if !l.After {
			e.activate(l.Activation, e.v(i), e.free())
		}
		first := plan.Panel*p + e.lanes*(i%columns)
		e.storeFirst(e.v(i), to.float(i/columns, first), e.written(l, first, whole))
	}
}

// written is how many of the outputs from one on a register writes: all where there is room.
func (e *emitter) written(l plan.NetworkLayer, first int, whole bool) int {
	if whole {
		return e.lanes
	}
	return l.Block.Out - first
}

// networkOutputs turns the sums of a tile's rows into outputs.
func (e *emitter) networkOutputs(l plan.NetworkLayer, r int, from, to rows, whole bool) {
	e.comment("%s: %v of the sums", l.Block.Field, l.Activation)
	e.LEAQ(from.float(0, 0), storedAt)
	e.LEAQ(to.float(0, 0), xRun)
	e.MOVQ(operand.U32(r), count)
	row := e.label("row")
	e.Label(row)
	for first := 0; first < l.Block.Out; first += e.lanes {
		e.VMOVUPS(at(storedAt, 4*first), e.v(0))
		e.activate(l.Activation, e.v(0), e.all[1:])
		e.storeFirst(e.v(0), at(xRun, 4*first), e.written(l, first, whole))
	}
	e.ADDQ(imm(from.stride), storedAt)
	e.ADDQ(imm(to.stride), xRun)
	e.DECQ(count)
	e.JNZ(operand.LabelRef(row))
}

// networkSums computes the sums of r samples by some registers of outputs from panel p on: b + x·w, the inputs in order.
func (e *emitter) networkSums(l plan.NetworkLayer, r, p, columns int, from rows) {
	weights := func(row, j int) operand.Mem {
		panel, bytes := e.column(j)
		return at(wAt, 4*l.Offset+64*(l.Block.Rows()*(p+panel)+row)+bytes)
	}
	sum := func(i, j int) reg.VecPhysical { return e.v(i*columns + j) }
	for i := range r {
		for j := range columns {
			e.VMOVUPS(weights(0, j), sum(i, j))
		}
	}
	for k := range l.Block.In {
		for j := range min(columns, 2) {
			e.VMOVUPS(weights(1+k, j), e.top(j))
		}
		for i := range r {
			if columns == 1 && e.isWide() {
				e.VFMADD231PS_BCST(from.float(i, k), e.top(0), sum(i, 0))
				continue
			}
			v := e.top(2 + i%2)
			e.VBROADCASTSS(from.float(i, k), v)
			for j := range columns {
				if j < 2 {
					e.VFMADD231PS(v, e.top(j), sum(i, j))
				} else {
					e.VFMADD231PS(weights(1+k, j), v, sum(i, j))
				}
			}
		}
	}
}

// quad is the number of samples whose outputs share a register in a layer of so few outputs.
const quad = 4

// quadLayer computes a layer of at most 4 outputs: a register holds those of four samples, so that it is full.
func (e *emitter) quadLayer(l plan.NetworkLayer, r int, from, to rows) {
	e.comment("%s: %d samples by %d outputs, four samples a register", l.Block.Field, r, l.Block.Out)
	groups := r / quad
	weights := func(row int) operand.Mem { return at(wAt, 4*l.Offset+64*row) }
	inputs := func(g int) reg.VecPhysical { return e.v(groups + g) }
	for g := range groups {
		e.VBROADCASTF32X4(weights(0), e.v(g))
	}
	for k := range l.Block.In {
		if k%quad == 0 {
			for g := range groups { // four inputs of four samples
				e.VMOVUPS(from.float(quad*g, k), inputs(g).AsX())
				for s := 1; s < quad; s++ {
					e.VINSERTF32X4(operand.Imm(uint64(s)), from.float(quad*g+s, k), inputs(g), inputs(g))
				}
			}
		}
		e.VBROADCASTF32X4(weights(1+k), e.top(0))
		for g := range groups {
			v := e.top(1 + g%2)
			e.VPERMILPS(operand.Imm(uint64(k%quad*0x55)), inputs(g), v) // input k of each
			e.VFMADD231PS(v, e.top(0), e.v(g))
		}
	}
	for g := range groups {
		e.activate(l.Activation, e.v(g), e.all[groups:])
		e.VMOVUPS(e.v(g).AsX(), to.float(quad*g, 0))
		for s := 1; s < quad; s++ {
			e.VEXTRACTF32X4(operand.Imm(uint64(s)), e.v(g), to.float(quad*g+s, 0))
		}
	}
}
