package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Numbers of a step, in the order of its argument c: five for biases, then five for weights. Rate is over 1-β1ᵗ for adam, root is 1/√(1-β2ᵗ),
// keep is what decoupled decay leaves of a weight, decay is coupled, factor clips gradients by their norm.
const (
	stepRate = iota
	stepRoot
	stepKeep
	stepDecay
	stepFactor

	weightNumbers = 4 * (stepFactor + 1) // bytes to those of weights
)

// Registers of a step. Numbers is where c points.
var (
	weightsAt, momentAt, squareAt = reg.RDI, reg.R8, reg.R10
	numbers                       = reg.RDX
)

// slotAt is the register of an optimiser's slot.
func slotAt(name string) reg.Register {
	if name == "v" {
		return squareAt
	}
	return momentAt
}

// loadSlots reads the arguments of a step.
func (e *emitter) loadSlots(o nn.Optimizer) {
	e.load("w", weightsAt)
	for _, name := range o.Slots() {
		e.load(name, slotAt(name))
	}
	e.load("c", numbers)
}

// advanceSlots moves weights and slots by some bytes.
func (e *emitter) advanceSlots(o nn.Optimizer, bytes int) {
	e.ADDQ(imm(bytes), weightsAt)
	for _, name := range o.Slots() {
		e.ADDQ(imm(bytes), slotAt(name))
	}
}

// step is the update of values by their gradients.
func (e *emitter) step(op *plan.OptimizerStep) {
	e.loadSlots(op.Optimizer)
	gradient := xAt
	e.load("dw", gradient)
	e.load("n", samples)
	loop := e.label("values")
	e.Label(loop)
	for i := 0; i < plan.Panel; i += e.lanes {
		e.VMOVUPS(at(gradient, 4*i), e.v(0))
		e.update(op, 4*i, 0, e.v(0), e.v(1), e.v(2), e.v(3))
	}
	e.advanceSlots(op.Optimizer, 4*plan.Panel)
	e.ADDQ(imm(4*plan.Panel), gradient)
	e.SUBQ(imm(plan.Panel), samples)
	e.JNZ(operand.LabelRef(loop))
}

// update moves a register of weights at an offset by their gradient d, with the numbers at an offset. It needs three more registers.
func (e *emitter) update(op *plan.OptimizerStep, offset, numbersAt int, d, a, b, t reg.VecPhysical) {
	w := at(weightsAt, offset)
	number := func(i int) reg.VecPhysical {
		e.VBROADCASTSS(at(numbers, numbersAt+4*i), t)
		return t
	}
	// mean sets y to c·memory + (1-c)·x and stores it.
	mean := func(slot string, c float64, x, y reg.VecPhysical) {
		memory := at(slotAt(slot), offset)
		e.VMOVUPS(memory, y)
		e.VMULPS(e.constant(c), y, y)
		e.VFMADD231PS(e.constant(1-c), x, y)
		e.VMOVUPS(y, memory)
	}
	if op.Factor {
		e.VMULPS(number(stepFactor), d, d)
	}
	if op.Clip != 0 {
		e.VMINPS(d, e.full(op.Clip, a), d)
		e.VMAXPS(d, e.full(-op.Clip, a), d)
	}
	switch op.Decay {
	case nn.NoDecay:
	case nn.L2Decay:
		e.VFMADD231PS(w, number(stepDecay), d)
	case nn.L1Decay: // with the sign of w, and 0 where w is 0
		e.VMOVUPS(w, a)
		e.VANDPS(e.otherBits(), a, b)
		e.above(b, t, b)
		e.VANDPS(e.signBit(), a, a)
		e.VORPS(number(stepDecay), a, a)
		e.VANDPS(b, a, a)
		e.VADDPS(a, d, d)
	}
	switch o := op.Optimizer; o.Method {
	case nn.SGD:
		if o.Momentum != 0 {
			memory := at(momentAt, offset)
			e.VMOVUPS(memory, a)
			e.VFMADD213PS(d, e.full(o.Momentum, b), a)
			e.VMOVUPS(a, memory)
			if o.Nesterov {
				e.VFMADD231PS(a, b, d)
			} else {
				e.VMOVAPS(a, d)
			}
		}
		e.VMOVUPS(w, b)
		e.VFNMADD231PS(number(stepRate), d, b)
	case nn.Adam, nn.AdamW:
		mean("m", o.Beta1, d, a)
		e.VMULPS(d, d, d)
		mean("v", o.Beta2, d, b)
		e.VSQRTPS(b, b)
		e.VMULPS(number(stepRoot), b, b)
		e.VADDPS(e.constant(o.Eps), b, b)
		e.VMULPS(number(stepRate), a, a)
		e.VDIVPS(b, a, a)
		e.VMOVUPS(w, b)
		if o.Method == nn.AdamW && o.Decay != 0 {
			e.VMULPS(number(stepKeep), b, b)
		}
		e.VSUBPS(a, b, b)
	case nn.RMSProp:
		e.VMULPS(d, d, a)
		mean("v", o.Alpha, a, b)
		e.VSQRTPS(b, b)
		e.VADDPS(e.constant(o.Eps), b, b)
		e.VMULPS(number(stepRate), d, d)
		e.VDIVPS(b, d, d)
		e.VMOVUPS(w, b)
		e.VSUBPS(d, b, b)
	default:
		panic(fmt.Sprintf("internal error: no assembly of %s", o.Method.Name()))
	}
	e.VMOVUPS(b, w)
}
