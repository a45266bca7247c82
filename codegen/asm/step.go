package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Numbers of a step, in the order of its argument c: rate is over 1-β1ᵗ for adam, root is 1/√(1-β2ᵗ),
// keep is what decoupled decay leaves of a weight, decay is coupled, factor clips gradients by their norm.
const (
	stepRate = iota
	stepRoot
	stepKeep
	stepDecay
	stepFactor
)

// step is the update of values by their gradients.
func (e *emitter) step(op *plan.OptimizerStep) {
	pointers := map[string]reg.Register{"w": reg.RDI, "dw": reg.RSI, "m": reg.R8, "v": reg.R9, "momentum": reg.R8}
	names := append([]string{"w", "dw"}, op.Optimizer.Slots()...)
	for _, name := range names {
		e.load(name, pointers[name])
	}
	e.load("c", reg.RAX)
	e.load("n", samples)
	number := func(i int, to reg.VecPhysical) { e.VBROADCASTSS(at(reg.RAX, 4*i), to) }
	rate, root, keep, factor, decay := reg.Y15, reg.Y14, reg.Y13, reg.Y12, reg.Y11
	number(stepRate, rate)
	number(stepRoot, root)
	number(stepKeep, keep)
	number(stepDecay, decay)
	number(stepFactor, factor)
	loop := e.label("values")
	e.Label(loop)
	for half := range 2 {
		memory := func(name string) operand.Mem { return at(pointers[name], 32*half) }
		d, w := reg.Y0, reg.Y1
		e.VMOVUPS(memory("dw"), d)
		e.VMOVUPS(memory("w"), w)
		if op.Factor {
			e.VMULPS(factor, d, d)
		}
		if op.Clip != 0 {
			e.load8(op.Clip, reg.Y2)
			e.VMINPS(d, reg.Y2, d)
			e.load8(-op.Clip, reg.Y2)
			e.VMAXPS(d, reg.Y2, d)
		}
		if op.Decay {
			e.VFMADD231PS(decay, w, d)
		}
		e.rule(op.Optimizer, memory, d, w, rate, root, keep)
		e.VMOVUPS(w, memory("w"))
	}
	for _, name := range names {
		e.ADDQ(imm(4*plan.Panel), pointers[name])
	}
	e.SUBQ(imm(plan.Panel), samples)
	e.JNZ(operand.LabelRef(loop))
}

// rule moves w by the gradient d. Y2 to Y6 are free.
func (e *emitter) rule(o nn.Optimizer, memory func(string) operand.Mem, d, w, rate, root, keep reg.VecPhysical) {
	// mean sets y to c·memory + (1-c)·y and stores it.
	mean := func(name string, c float64, y reg.VecPhysical) {
		e.VMULPS(e.constant(1-c), y, y)
		e.VMOVUPS(memory(name), reg.Y6)
		e.VFMADD231PS(e.constant(c), reg.Y6, y)
		e.VMOVUPS(y, memory(name))
	}
	m, v := reg.Y2, reg.Y3
	switch o.Method {
	case nn.SGD:
		if o.Momentum == 0 {
			e.VFNMADD231PS(rate, d, w)
			return
		}
		e.VMOVAPS(d, m)
		e.VMOVUPS(memory("momentum"), reg.Y6)
		e.VFMADD231PS(e.constant(o.Momentum), reg.Y6, m)
		e.VMOVUPS(m, memory("momentum"))
		if o.Nesterov {
			e.VFMADD231PS(e.constant(o.Momentum), m, d)
			e.VFNMADD231PS(rate, d, w)
			return
		}
		e.VFNMADD231PS(rate, m, w)
	case nn.Adam, nn.AdamW:
		e.VMOVAPS(d, m)
		mean("m", o.Beta1, m)
		e.VMULPS(d, d, v)
		mean("v", o.Beta2, v)
		e.VSQRTPS(v, v)
		e.VMULPS(root, v, v)
		e.VADDPS(e.constant(o.Eps), v, v)
		e.VMULPS(rate, m, m)
		e.VDIVPS(v, m, m)
		if o.Method == nn.AdamW && o.Decay != 0 {
			e.VMULPS(keep, w, w)
		}
		e.VSUBPS(m, w, w)
	case nn.RMSProp:
		e.VMULPS(d, d, v)
		mean("v", o.Alpha, v)
		e.VSQRTPS(v, v)
		e.VADDPS(e.constant(o.Eps), v, v)
		e.VMULPS(rate, d, d)
		e.VDIVPS(v, d, d)
		e.VSUBPS(d, w, w)
	default:
		panic(fmt.Sprintf("internal error: no assembly of %s", o.Method.Name()))
	}
}
