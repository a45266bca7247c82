package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

const (
	widened  = 64       // inputs whose weights a Go kernel widens at a time: 4 KiB beside the panel in the first cache
	rounded  = 32 << 10 // bytes of integers that a tile of samples may take: they stay in the first cache with a panel
	sampleBy = 8191     // integers of inputs where the step follows from the sample: 14 bits with the sign
	rangeBy  = 127      // where it is fixed
)

// hold decides how the blocks are held in the program's format. Matrices are made by the products that read them.
func (l *lowerer) hold() {
	for _, p := range l.p.Params {
		p.Reduced = &plan.Reduced{}
		if p.Weight != "" && p.Fixed && !p.Frozen { // a codebook: few numbers, by which codes are compared
			p.Reduced.Values = &plan.Matrix{Field: p.Field, In: p.In, Out: p.Out, Group: 1}
			continue
		}
		if p.Bias != "" {
			p.Reduced.Bias = l.fields.unique(p.Field + "Bias")
		}
		if p.Weight != "" && l.p.Precision.Format == plan.Int8 {
			p.Reduced.Steps = l.fields.unique(p.Field + "Steps")
		}
	}
}

// matrix returns the weight of a block in the layout of x·W or x·Wᵀ, made on its first use.
func (l *lowerer) matrix(w *plan.Param, transposed bool) *plan.Matrix {
	place, name, in, out := &w.Reduced.Values, w.Field, w.In, w.Out
	if transposed {
		place, name, in, out = &w.Reduced.Transposed, w.Field+"Transposed", w.Out, w.In
	}
	if *place != nil {
		return *place
	}
	m := &plan.Matrix{Field: name, Format: l.p.Precision.Format, In: in, Out: out, Group: 1}
	if transposed {
		m.Field = l.fields.unique(name)
	}
	if m.Format == plan.Int8 {
		m.Group = 2
		if l.p.Precision.Ranges != nil {
			m.Group = 4
		}
	}
	*place = m
	return m
}

// reducedProduct is product in a program of another format than float32.
func (l *lowerer) reducedProduct(op ir.Dense, v *ir.Value) *plan.Kernel {
	w, b := l.block(v.Args[1]), l.block(v.Args[2])
	m := l.matrix(w, op.TransW)
	p := &plan.ReducedProduct{Weights: w, Bias: b, Transposed: op.TransW, Activation: op.Activation}
	if m.Format == plan.Int8 {
		p.Inputs = l.inputs(plan.Factor{Weight: w.Weight, Transposed: op.TransW})
	} else {
		p.Widened = min(widened, m.In)
	}
	p.Fast = l.reducedFast(m, p)
	type key struct {
		m   *plan.Matrix
		b   *plan.Param
		act nn.Activation
	}
	return l.kernel(b.Field, variant(op.Activation), p, key{m, b, op.Activation}, v)
}

// inputs decides how the inputs of a product become integers. A range of 0, of inputs that were all 0, is any.
func (l *lowerer) inputs(f plan.Factor) plan.Inputs {
	if l.p.Precision.Ranges == nil {
		return plan.Inputs{Most: sampleBy}
	}
	bound, found := l.p.Precision.Ranges[f]
	if !found {
		panic(fmt.Sprintf("internal error: no range of the inputs of %s", f.Weight))
	}
	return plan.Inputs{Most: rangeBy, Range: max(bound, 1e-30)}
}

// reducedFast decides how a product runs by assembly functions, or that it does not: where one sample by one panel is too
// much for a call, or functions take too much text already.
func (l *lowerer) reducedFast(m *plan.Matrix, p *plan.ReducedProduct) *plan.ReducedFast {
	v := l.target.Vector
	if !l.vector() {
		return nil
	}
	f := &plan.ReducedFast{}
	shape := plan.ReducedShape{Matrix: *m, Most: p.Inputs.Most, Scaled: m.Format == plan.Int8 && !p.Transposed, Activation: p.Activation, Unroll: min(v.Unroll, m.Rows())}
	shape.Matrix.Field, shape.Matrix.Out = "", 0
	if !inRegisters(p.Activation) {
		after := plan.Apply{Activation: p.Activation}
		f.After = l.values("apply"+suffixOf(p.Activation), m.Out, &after, after)
		f.Go = f.After == nil
		shape.Activation = nn.Activation{}
	}
	panel := plan.ReducedPanel{ReducedShape: shape, Narrow: v.Narrow.Single}
	switch m.Group {
	case 1:
		panel.Wide = v.Wide.Single
	case 4:
		panel.Narrow = fewer(panel.Narrow) // the magnitudes of inputs take the registers of a sample
	}
	f.Samples = min(samplesOfCall, l.most(&panel, 0))
	round := plan.Round{In: m.In, Inputs: p.Inputs, Factors: p.Transposed}
	if m.Format == plan.Int8 {
		f.Samples = min(f.Samples, l.most(&round, 0), max(1, rounded/(plan.Padded(m.In)*p.Inputs.Bytes())))
	}
	if f.Samples == 0 {
		return nil
	}
	if m.Format == plan.Int8 {
		f.Round = l.function(fmt.Sprintf("round%d%s", m.In, tiedSuffix(p)), &round, round)
	}
	name := fmt.Sprintf("%d%s%s%s", m.In, title(m.Format.String()), tiedSuffix(p), suffixOf(shape.Activation))
	f.Panel = l.function("panel"+name, &panel, panel)
	l.reducedRows(f, m, shape, name)
	return f
}

// fewer are the sizes without the largest.
func fewer(s plan.Sizes) plan.Sizes {
	copy(s[:], s[1:])
	s[len(s)-1] = 0
	return s
}

// reducedRows decides how one sample goes through: in groups of panels, and what remains in a smaller group.
func (l *lowerer) reducedRows(f *plan.ReducedFast, m *plan.Matrix, shape plan.ReducedShape, name string) {
	op := plan.ReducedRow{ReducedShape: shape, Panels: l.target.Vector.Panels}
	for f.Call = l.most(&op, 0); f.Call == 0; f.Call = l.most(&op, 0) {
		op.Panels--
	}
	row := func(op plan.ReducedRow) *plan.Function {
		return l.function(fmt.Sprintf("row%dOf%s", op.Panels*plan.Panel, name), &op, op)
	}
	if f.Groups = m.Out / plan.Panel / op.Panels; f.Groups > 0 {
		f.Row = row(op)
	}
	if op.Panels = m.Panels() - f.Groups*op.Panels; op.Panels > 0 {
		f.Rest = row(op)
	}
}

// tiedSuffix is a product by integers of Wᵀ as part of a name: it has no steps of outputs.
func tiedSuffix(p *plan.ReducedProduct) string {
	if p.Transposed && p.Matrix().Format == plan.Int8 {
		return "Tied"
	}
	return ""
}
