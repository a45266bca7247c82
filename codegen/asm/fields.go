package asm

import (
	"fmt"
	"math"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

const (
	frameAlign = 64        // the most that it takes to begin on a cache line
	laneBytes  = plan.Lane // between columns in a frame
)

// General registers of functions on records beside those of a loss.
var (
	recordAt, slopeStdAt = reg.R11, reg.R13
	column, entry        = reg.RAX, reg.RBX // the first column of a field; bytes from the first entries of a run to those of the field
	class, classes       = reg.RDX, reg.R15
)

// A fieldsFunction is the printing of a function on records: lanes are samples. A tile of them is taken from rows to columns, the fields
// go one after the other, and what they make is taken back.
type fieldsFunction struct {
	*emitter
	*plan.FieldShape
	plan.FieldFrame
	gradient bool
}

func fieldSignature(op plan.FunctionOp) string {
	var list []string
	var shape *plan.FieldShape
	end, deviations := ", n int", false
	switch op := op.(type) {
	case *plan.FeatureRows:
		list, shape = []string{"u", "x"}, &op.FieldShape
	case *plan.FieldLossRows:
		list, shape, deviations = []string{"s"}, &op.FieldShape, op.Deviations > 0
		if op.Gradient {
			list, end = append(list, "d"), end+", share float32"
			if deviations {
				list = append(list, "e")
			}
		}
		list = append(list, "o", "u", "x")
	}
	if shape.Standards > 0 {
		list = append(list, "mean", "logDeviation")
	}
	if deviations {
		list = append(list, "logStd")
	}
	return fmt.Sprintf("func(%s *float32%s)", strings.Join(list, ", "), end)
}

// findFrame points to the frame.
func (e *emitter) findFrame() {
	e.LEAQ(e.local.Offset(frameAlign-1), frameAt)
	e.ANDQ(operand.I32(-frameAlign), frameAt)
}

// fieldLossRows is the loss of each sample: terms in float32, added in the order of the fields in float64.
func (e *emitter) fieldLossRows(op *plan.FieldLossRows) {
	f := fieldsFunction{e, &op.FieldShape, op.Frame(), op.Gradient}
	e.findFrame()
	f.standards(false)
	f.variances()
	e.load("s", scoreAt)
	if op.Gradient {
		e.load("d", slopeAt)
		if op.Deviations > 0 {
			e.load("e", slopeStdAt)
		}
	}
	e.load("o", logitAt)
	e.load("u", goalAt)
	e.load("x", recordAt)
	e.load("n", samples)
	f.tiles(func(i int, p plan.FieldPart) {
		first, width := p.First(), 4*op.Width
		in := []tileArray{{logitAt, 4 * first.Feature, width, p.Columns(), f.O}, {goalAt, 4 * first.Feature, width, p.Columns(), f.U}}
		if p.Has(nn.CountField) {
			in = append(in, tileArray{recordAt, 4 * first.Field, 4 * op.Fields, p.Fields(), f.X})
		}
		e.takeColumns(in)
		f.terms(i, p)
		if !op.Gradient {
			return
		}
		out := []tileArray{{slopeAt, 4 * first.Feature, width, p.Columns(), f.O}}
		if p.Deviations() > 0 {
			out = append(out, tileArray{slopeStdAt, 4 * first.Deviation, 4 * op.Deviations, p.Deviations(), f.E})
		}
		e.giveColumns(out)
	}, map[reg.Register]int{scoreAt: 1, slopeAt: op.Width, logitAt: op.Width, goalAt: op.Width, recordAt: op.Fields, slopeStdAt: op.Deviations})
}

// narrowTile is where tiles of narrow registers begin.
const narrowTile = "narrow_tile"

// tiles takes the samples through all parts, as many at a time as there are lanes. What does not fill wide registers is left to narrow ones.
// Widths are the floats of a sample in the arrays.
func (f fieldsFunction) tiles(part func(i int, p plan.FieldPart), widths map[reg.Register]int) {
	tile := narrowTile
	if f.isWide() {
		tile = f.label("tile")
	}
	f.Label(tile)
	if f.isWide() {
		f.CMPQ(samples, imm(f.lanes))
		f.JLT(operand.LabelRef(narrowTile))
	}
	for i, p := range f.Parts {
		part(i, p)
	}
	for _, array := range []reg.Register{scoreAt, slopeAt, logitAt, goalAt, recordAt, slopeStdAt} {
		if width := widths[array]; width > 0 {
			f.ADDQ(imm(4*width*f.lanes), array)
		}
	}
	f.SUBQ(imm(f.lanes), samples)
	f.JG(operand.LabelRef(tile))
}

// runs goes over the fields of a part, a field at a time.
func (f fieldsFunction) runs(p plan.FieldPart, field func(r plan.FieldRun)) {
	first := p.First()
	for _, r := range p {
		f.comment("fields from %d on: %v", r.Field, r)
		f.LEAQ(at(frameAt, laneBytes*(r.Feature-first.Feature)), column)
		f.XORL(entry.As32(), entry.As32())
		loop := f.label("field")
		if r.Count > 1 {
			f.MOVQ(operand.U32(r.Count), count)
			f.Label(loop)
		}
		field(r)
		if r.Count > 1 {
			f.ADDQ(imm(laneBytes*r.Width), column)
			f.ADDQ(imm(4), entry)
			f.DECQ(count)
			f.JNZ(operand.LabelRef(loop))
		}
	}
}

// of is the entry of the field in a block of the frame, where the run's first one is number i.
func (f fieldsFunction) of(block, i int) operand.Mem {
	return operand.Mem{Base: frameAt, Index: entry, Scale: 1, Disp: block + 4*i}
}

// spread sets a register to the entry in all lanes.
func (f fieldsFunction) spread(block, i int, to reg.VecPhysical) reg.VecPhysical {
	f.VBROADCASTSS(f.of(block, i), to)
	return to
}

// besides is a column of the run that moves with its features, which are one a field: that of an array of the frame with so many columns
// before the run's.
func (f fieldsFunction) besides(p plan.FieldPart, r plan.FieldRun, array, before int) operand.Mem {
	return at(column, array+laneBytes*(before-(r.Feature-p.First().Feature)))
}

// standards sets the blocks of means and of deviations, or with inverse 1 over them, and else of their logarithms.
func (f fieldsFunction) standards(inverse bool) {
	if f.Standards == 0 {
		return
	}
	f.comment("means and deviations")
	f.load("mean", rowsFrom)
	f.load("logDeviation", columnsTo)
	f.panels(f.Standards, func(i int) {
		mean, log := f.v(0), f.v(1)
		f.VMOVUPS(at(rowsFrom, i), mean)
		f.VMOVUPS(mean, at(frameAt, f.Mean+i))
		f.VMOVUPS(at(columnsTo, i), log)
		if inverse {
			f.VXORPS(f.signBit(), log, log)
		} else {
			f.VMOVUPS(log, at(frameAt, f.LogDeviation+i))
		}
		f.expOf(log, f.all[2:7])
		f.VMOVUPS(log, at(frameAt, f.Deviation+i))
	})
}

// panels goes over the registers of a block of n entries: i is the bytes before one.
func (f fieldsFunction) panels(n int, register func(i int)) {
	for i := 0; i < (n+plan.Panel-1)/plan.Panel*laneBytes; i += f.bytes() {
		register(i)
	}
}

// variances sets the blocks of 1/v, ½ log v + ½ log 2π, and half the derivative of log v by ρ, for the variance v = e^2ρ + nn.LeastVariance. With
// h = e^-|2ρ - log least|, log v is max(2ρ, log least) + log(1+h).
func (f fieldsFunction) variances() {
	if f.Deviations == 0 {
		return
	}
	f.comment("variances")
	f.load("logStd", rowsFrom)
	least := math.Log(nn.LeastVariance)
	f.panels(f.Deviations, func(i int) {
		rho, apart, h, most, one, free := f.v(0), f.v(1), f.v(2), f.v(7), f.v(8), f.all[3:7]
		f.VMOVUPS(at(rowsFrom, i), rho)
		f.VADDPS(rho, rho, rho)
		f.VMAXPS(rho, f.full(least, most), most) // the result where one is NaN is the first operand
		f.VSUBPS(f.constant(least), rho, apart)
		f.negative(apart, h)
		f.exp(h, free)
		f.VADDPS(f.constant(1), h, one)
		f.VDIVPS(one, f.full(1, free[0]), one)
		f.VMULPS(h, one, free[0])
		f.blend(apart, free[0], one, rho)
		f.VMOVUPS(rho, at(frameAt, f.VarianceSlope+i))
		f.log1p(h, free)
		f.VADDPS(most, h, h)
		f.VMULPS(f.constant(0.5), h, h)
		f.VADDPS(f.constant(math.Log(2*math.Pi)/2), h, h)
		f.VMOVUPS(h, at(frameAt, f.HalfLogVariance+i))
		f.VXORPS(f.signBit(), most, most)
		f.expOf(most, free)
		f.VMULPS(one, most, most)
		f.VMOVUPS(most, at(frameAt, f.InverseVariance+i))
	})
}
