package asm

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// Where the first layer of a tile and of the next one have their outputs.
var firstAt, nextFirstAt = reg.R11, reg.RDX

// aheadSums is what the first layer of the next tile has of the registers beside its sums: weights, and one more for an activation.
const aheadSums = 2

// ahead takes tiles through all layers as long as there are whole ones. The narrow layers in the middle wait for their own sums; in
// their gaps is the first layer of the next tile, its instructions between theirs.
func (e *emitter) ahead(t networkTile) {
	size := t.r * t.width
	e.LEAQ(at(frameAt, 2*size), firstAt)
	e.LEAQ(at(frameAt, 3*size), nextFirstAt)
	e.firstLayer(t, e.registers, t.from(0), rows{firstAt, 0, t.width})
	begun, last := e.label("begun"), e.label("last")
	e.Label(begun)
	e.CMPQ(samples, imm(2*t.r))
	e.JLT(operand.LabelRef(last))
	e.comment("layers 1 to %d, and between them the first layer of the next %d samples", t.Ahead, t.r)
	all := e.registers
	most := t.r + aheadSums
	first := e.record(func() {
		e.firstLayer(t, registers{all.lanes, all.all[:most]}, t.from(0).from(t.r), rows{nextFirstAt, 0, t.width})
	})
	middle := e.record(func() {
		e.registers = registers{all.lanes, all.all[most:]}
		e.middleLayers(t)
		e.registers = all
	})
	e.between(first, middle)
	e.lastLayers(t)
	e.XCHGQ(firstAt, nextFirstAt)
	e.nextTile(t)
	e.SUBQ(imm(t.r), samples)
	e.JMP(operand.LabelRef(begun))
	e.Label(last)
	e.middleLayers(t)
	e.lastLayers(t)
	e.nextTile(t)
}

// firstLayer computes the first layer of a tile with some registers, a panel at a time.
func (e *emitter) firstLayer(t networkTile, r registers, from, to rows) {
	all := e.registers
	e.registers = r
	l := t.Layers[0]
	for p := range l.Block.Panels() {
		e.comment("%s: %d samples by %d outputs from %d on", l.Block.Field, t.r, plan.Panel, plan.Panel*p)
		e.networkSums(l, t.r, p, 1, from)
		for i := range t.r {
			e.activate(l.Activation, e.v(i), []reg.VecPhysical{e.top(0), e.top(1)})
			e.VMOVUPS(e.v(i), to.float(i, plan.Panel*p))
		}
	}
	e.registers = all
}

// middleLayers are those that the first layer of the next tile runs beside.
func (e *emitter) middleLayers(t networkTile) {
	for i := 1; i <= t.Ahead; i++ {
		from := t.from(i)
		if i == 1 {
			from = rows{firstAt, 0, t.width}
		}
		e.tileLayer(t, i, from, t.array(i%2))
	}
}

// lastLayers are the others.
func (e *emitter) lastLayers(t networkTile) {
	for i := t.Ahead + 1; i < len(t.Layers); i++ {
		e.wholeLayer(t, i)
	}
}

// record is the instructions that do prints, none of them a jump.
func (e *emitter) record(do func()) []*ir.Instruction {
	printed := e.Context
	e.Context = build.NewContext()
	e.Function("recorded")
	do()
	file, err := e.Result()
	if err != nil {
		panic(fmt.Sprintf("internal error: assembly: %v", err))
	}
	e.Context = printed
	return file.Functions()[0].Instructions()
}

// between prints two independent lists of instructions, each in its order, evenly spread. One that takes a mask stays behind the one that
// makes it: both lists use the same.
func (e *emitter) between(a, b []*ir.Instruction) {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		list, next := a, &i
		if i == len(a) || j < len(b) && j*len(a) < i*len(b) {
			list, next = b, &j
		}
		e.Instruction(list[*next])
		for *next++; *next < len(list) && masked(list[*next-1]) && masked(list[*next]); *next++ {
			e.Instruction(list[*next])
		}
	}
}

// masked reports whether an instruction makes or takes a mask.
func masked(i *ir.Instruction) bool { return slices.Contains(i.Operands, operand.Op(reg.K1)) }
