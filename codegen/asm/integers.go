package asm

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/plan"
)

// Registers of sums of four products at a time: the magnitudes of the inputs, and sixteen times 1.
var magnitudes, ones = reg.Y10, reg.Y11

// integerSums sets the accumulators to the sums of products as float32, rounded once.
//
// A run of inputs is summed in int32, which holds it whatever the values. Several runs are added in float64, which
// holds them all.
func (k *reduced) integerSums(samples, panels int) {
	sums, rows, run := k.all[:2*samples*panels], k.Matrix.Rows(), k.Run()
	if rows <= run {
		k.clear(sums)
		k.groups(rows, k.products(samples, panels))
		for _, s := range sums {
			k.VCVTDQ2PS(s, s)
		}
		return
	}
	k.VXORPS(v0, v0, v0)
	for half := range 2 * len(sums) {
		k.VMOVUPS(v0, k.total(half))
	}
	k.MOVQ(xAt, xRun)
	k.MOVQ(wAt, wRun)
	again := k.label("run")
	k.MOVQ(operand.U32(rows/run), runs)
	k.Label(again)
	k.oneRun(run, samples, panels)
	k.DECQ(runs)
	k.JNZ(operand.LabelRef(again))
	if rest := rows % run; rest > 0 {
		k.oneRun(rest, samples, panels)
	}
	for i, s := range sums {
		k.VCVTPD2PSY(k.total(2*i), s.AsX())
		k.VCVTPD2PSY(k.total(2*i+1), v0.AsX())
		k.VINSERTF128(operand.Imm(1), v0.AsX(), s, s)
	}
}

// oneRun adds the products of the next n groups to the totals. All runs but the last are whole iterations of its loop.
func (k *reduced) oneRun(n, samples, panels int) {
	sums := k.all[:2*samples*panels]
	k.clear(sums)
	k.run(n, k.products(samples, panels))
	for i, s := range sums {
		k.VCVTDQ2PD(s.AsX(), v0)
		k.VADDPD(k.total(2*i), v0, v0)
		k.VMOVUPS(v0, k.total(2*i))
		k.VEXTRACTI128(operand.Imm(1), s, v0.AsX())
		k.VCVTDQ2PD(v0.AsX(), v0)
		k.VADDPD(k.total(2*i+1), v0, v0)
		k.VMOVUPS(v0, k.total(2*i+1))
	}
}

// total is the place of four of the totals.
func (k *reduced) total(i int) operand.Mem {
	m := k.totals
	m.Disp += 32 * i
	return m
}

func (k *reduced) clear(sums []reg.VecPhysical) {
	for _, s := range sums {
		k.VPXOR(s, s, s)
	}
}

// products adds the products of a group of inputs to the accumulators.
func (k *reduced) products(samples, panels int) func(row int) {
	return func(row int) {
		for p := range panels {
			w := at(wRun, p*k.Matrix.Stride()+row*k.Matrix.RowBytes())
			k.weights(w)
			for i := range samples {
				if p == 0 {
					k.VPBROADCASTD(at(xRun, 4*row+i*k.inputBytes()), v0)
					if k.Matrix.Group == 4 {
						k.VPABSB(v0, magnitudes)
					}
				}
				for half, w := range []reg.VecPhysical{w0, w1} {
					k.multiply(w, k.v(2*(i*panels+p)+half))
				}
			}
		}
	}
}

// weights loads a row: pairs as int16, or fours as they are.
func (k *reduced) weights(m operand.Mem) {
	high := m
	high.Disp += k.Matrix.RowBytes() / 2
	if k.Matrix.Group == 4 {
		k.VMOVDQU(m, w0)
		k.VMOVDQU(high, w1)
		return
	}
	k.VPMOVSXBW(m, w0)
	k.VPMOVSXBW(high, w1)
}

// multiply adds the products of eight groups of weights with the inputs in v0. The sums of two products of fours are
// within ±2·127·127, which an int16 holds.
func (k *reduced) multiply(w, sum reg.VecPhysical) {
	if k.Matrix.Group == 4 {
		k.VPSIGNB(v0, w, v1)
		k.VPMADDUBSW(v1, magnitudes, v1)
		k.VPMADDWD(ones, v1, v1)
	} else {
		k.VPMADDWD(v0, w, v1)
	}
	k.VPADDD(v1, sum, sum)
}

// scale multiplies sums by the steps of their sample and of their output, and adds the biases.
func (k *reduced) scale(samples, panels int) {
	for i := range samples {
		k.VBROADCASTSS(at(sampleSteps, 4*i), v0)
		for half := range 2 * panels {
			sum, step := k.v(2*i*panels+half), v0
			if k.Scaled {
				k.VMULPS(at(outputSteps, 32*half), v0, v1)
				step = v1
			}
			k.VMULPS(step, sum, sum)
			k.VADDPS(at(bAt, 32*half), sum, sum)
		}
	}
}

// Registers of the rounding of inputs.
var (
	largest, inverse = reg.Y0, reg.Y1
	most, least      = reg.Y2, reg.Y3
	input            = reg.Y4
	factorsAt        = reg.R8
	qAt              = reg.RDI
)

// roundInputs makes the inputs of samples integers: first the largest magnitude, then the integers.
func (e *emitter) roundInputs(op *plan.Round) {
	e.load("q", qAt)
	e.load("xs", sampleSteps)
	e.load("x", xAt)
	if op.Factors {
		e.load("factors", factorsAt)
	}
	e.load("n", samples)
	e.VMOVUPS(e.constant(float64(op.Inputs.Most)), most)
	e.VMOVUPS(e.constant(-float64(op.Inputs.Most)), least)
	sample := e.label("sample")
	e.Label(sample)
	e.VXORPS(largest, largest, largest)
	e.inputs(op, func() { // magnitudes by their bits, among which a NaN is the largest
		e.VPAND(e.word(0x7fffffff), input, input)
		e.VPMAXSD(input, largest, largest)
	})
	e.comment("the largest of the lanes")
	x := reg.X5
	e.VEXTRACTI128(operand.Imm(1), largest, x)
	e.VPMAXSD(x, reg.X0, reg.X0)
	for _, order := range []uint8{0x4e, 0xb1} {
		e.VPSHUFD(operand.Imm(uint64(order)), reg.X0, x)
		e.VPMAXSD(x, reg.X0, reg.X0)
	}
	e.steps(op.Inputs)
	e.inputs(op, func() {
		e.VMULPS(inverse, input, input)
		e.VMAXPS(least, input, input)
		e.VMINPS(most, input, input)
		e.VCVTPS2DQ(input, input)
		e.VEXTRACTI128(operand.Imm(1), input, x)
		e.VPACKSSDW(x, reg.X4, reg.X4)
		if op.Inputs.Bytes() == 1 {
			e.VPACKSSWB(reg.X4, reg.X4, reg.X4)
			e.VMOVQ(reg.X4, at(qAt, 0))
		} else {
			e.VMOVDQU(reg.X4, at(qAt, 0))
		}
		e.ADDQ(imm(e.lanes*op.Inputs.Bytes()), qAt)
	})
	e.ADDQ(imm(4), sampleSteps)
	e.ADDQ(imm(4*op.In), xAt)
	e.DECQ(samples)
	e.JNZ(operand.LabelRef(sample))
}

// inputs prints each for all vectors of a sample's inputs; the lanes of the last one beyond the inputs are 0.
func (e *emitter) inputs(op *plan.Round, each func()) {
	e.MOVQ(xAt, xRun)
	if op.Factors {
		e.MOVQ(factorsAt, wRun)
	}
	next := func() {
		if op.Factors {
			e.VMULPS(at(wRun, 0), input, input)
			e.ADDQ(imm(32), wRun)
		}
		each()
	}
	if whole := op.In / e.lanes; whole > 0 {
		loop := e.label("vector")
		e.MOVQ(operand.U32(whole), count)
		e.Label(loop)
		e.VMOVUPS(at(xRun, 0), input)
		e.ADDQ(imm(32), xRun)
		next()
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
	}
	if rest := op.In % e.lanes; rest > 0 {
		e.VMOVUPS(e.lanesTable(), input)
		e.VMOVUPS(e.word(uint32(rest)), reg.Y15)
		e.VPCMPGTD(input, reg.Y15, reg.Y15)
		e.VMASKMOVPS(at(xRun, 0), reg.Y15, input)
		next()
	}
}

// steps stores the step of a sample's inputs and sets inverse to all its lanes' inverse. The largest magnitude is in lane 0.
func (e *emitter) steps(in plan.Inputs) {
	step, limit := reg.X6, reg.X7
	if in.Range != 0 {
		bound, most := float32(in.Range), float32(in.Most)
		e.VMOVUPS(e.constant(float64(most/bound)), inverse)
		e.VMOVSS(e.constant(float64(bound/most)), step)
	} else {
		e.VDIVSS(reg.X0, reg.X2, reg.X1)
		e.VDIVSS(reg.X2, reg.X0, step)
		e.comment("0 for both below 2⁻¹⁰⁰")
		e.VMOVSS(e.constant(0x1p-100), limit)
		e.VCMPSS(operand.Imm(2), reg.X0, limit, limit)
		e.VANDPS(limit, reg.X1, reg.X1)
		e.VANDPS(limit, step, step)
		e.VBROADCASTSS(reg.X1, inverse)
	}
	e.comment("NaN where an input is infinite or NaN")
	e.VMOVSS(e.word(math.Float32bits(math.MaxFloat32)), limit)
	e.VPCMPGTD(limit, reg.X0, limit)
	e.VORPS(limit, step, step)
	e.VMOVSS(step, at(sampleSteps, 0))
}
