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

// activationFloats is the width of a row of a network's activations in the frame: whole panels of the widest layer.
func activationFloats(op *plan.Network) int {
	n := 0
	for _, l := range op.Layers {
		n = max(n, plan.Panel*l.Block.Panels())
	}
	return n
}

// networkFrame is the size of two arrays of activations, which layers read and write in turn.
func networkFrame(op *plan.Network) int {
	return 2*4*activationFloats(op)*max(op.Narrow[0], op.Wide[0]) + 64
}

// network takes tiles of samples through all layers.
func (e *emitter) network(op *plan.Network) {
	e.load("y", yAt)
	e.load("x", xAt)
	e.load("w", wAt)
	e.load("n", samples)
	e.LEAQ(e.local.Offset(63), frameAt)
	e.ANDQ(operand.I32(-64), frameAt)
	last := op.Layers[len(op.Layers)-1].Block
	e.lastMask(last.Out % plan.Panel)
	sizes := op.Narrow
	if e.isWide() {
		sizes = op.Wide
	}
	e.tiles(sizes, func(r int) {
		e.networkTile(op, r)
		e.ADDQ(imm(4*r*op.Layers[0].Block.In), xAt)
		e.ADDQ(imm(4*r*last.Out), yAt)
	}, nil)
}

// networkTile takes r samples through all layers.
func (e *emitter) networkTile(op *plan.Network, r int) {
	width := 4 * activationFloats(op)
	from := rows{xAt, 0, 4 * op.Layers[0].Block.In}
	for i, l := range op.Layers {
		to := rows{frameAt, i % 2 * width * r, width}
		whole := true // panels, with room for columns that have no output
		if i == len(op.Layers)-1 {
			to, whole = rows{yAt, 0, 4 * l.Block.Out}, false
		}
		if l.Quads && e.isWide() && r%quad == 0 {
			e.quadLayer(l, r, from, to)
		} else {
			e.networkLayer(l, r, from, to, whole)
		}
		from = to
	}
}

// networkLayer computes one layer of a tile, as many panels at a time as registers allow.
func (e *emitter) networkLayer(l plan.NetworkLayer, r int, from, to rows, whole bool) {
	perPanel := plan.Panel / e.lanes
	most := max(1, (len(e.all)-4)/(r*perPanel))
	for p := 0; p < l.Block.Panels(); p += most {
		panels := min(most, l.Block.Panels()-p)
		e.comment("%s: %d samples by %d outputs from %d on", l.Block.Field, r, plan.Panel*panels, plan.Panel*p)
		columns := panels * perPanel
		e.networkSums(l, r, p, columns, from)
		for i := range r * columns {
			e.activate(l.Activation, e.v(i), e.free())
		}
		for i := range r {
			for j := range columns {
				first := plan.Panel*p + e.lanes*j
				left := l.Block.Out - first
				if whole {
					left = e.lanes
				}
				e.storeFirst(e.v(i*columns+j), to.float(i, first), left)
			}
		}
	}
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
		e.activate(l.Activation, e.v(g), e.free())
		e.VMOVUPS(e.v(g).AsX(), to.float(quad*g, 0))
		for s := 1; s < quad; s++ {
			e.VEXTRACTF32X4(operand.Imm(uint64(s)), e.v(g), to.float(quad*g+s, 0))
		}
	}
}
