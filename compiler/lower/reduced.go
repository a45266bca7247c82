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

// reducedFast decides how a product runs by assembly functions.
func (l *lowerer) reducedFast(m *plan.Matrix, p *plan.ReducedProduct) *plan.ReducedFast {
	v := l.target.Vector
	if v.Rows == 0 {
		return nil
	}
	f := &plan.ReducedFast{}
	f.Samples = max(v.Rows, min(32, v.FLOPs/(2*plan.Panel*m.In)))
	shape := plan.ReducedShape{Matrix: *m, Most: p.Inputs.Most, Scaled: m.Format == plan.Int8 && !p.Transposed, Activation: p.Activation, Unroll: min(v.Unroll, m.Rows())}
	shape.Matrix.Field, shape.Matrix.Out = "", 0
	switch {
	case inRegisters(p.Activation):
	case applied(p.Activation):
		f.After = l.apply(p.Activation)
		shape.Activation = nn.Activation{}
	default:
		f.Go = true
		shape.Activation = nn.Activation{}
	}
	rows := v.Rows
	if m.Format == plan.Int8 {
		f.Samples = max(1, min(f.Samples, rounded/(plan.Padded(m.In)*p.Inputs.Bytes())))
		round := plan.Round{In: m.In, Inputs: p.Inputs, Factors: p.Transposed}
		f.Round = l.function(fmt.Sprintf("round%d%s", m.In, tiedSuffix(p)), &round, round)
		if m.Group == 4 {
			rows-- // the magnitudes of inputs take a register
		}
	}
	name := fmt.Sprintf("%d%s%s%s", m.In, title(m.Format.String()), tiedSuffix(p), suffixOf(shape.Activation))
	panel := plan.ReducedPanel{ReducedShape: shape, Rows: rows}
	f.Panel = l.function("panel"+name, &panel, panel)
	l.reducedRows(f, m, shape, name)
	return f
}

// reducedRows decides how one sample's product runs: as many panels at a time as for float32 weights.
func (l *lowerer) reducedRows(f *plan.ReducedFast, m *plan.Matrix, shape plan.ReducedShape, name string) {
	v := l.target.Vector
	row := func(panels int) *plan.Function {
		op := plan.ReducedRow{ReducedShape: shape, Panels: panels}
		return l.function(fmt.Sprintf("row%dOf%s", panels*plan.Panel, name), &op, op)
	}
	f.Groups = m.Out / plan.Panel / v.Panels
	f.Call = max(1, v.FLOPs/10/(v.Panels*plan.Panel*m.In))
	if f.Groups > 0 {
		f.Row = row(v.Panels)
	}
	if rest := m.Panels() - f.Groups*v.Panels; rest > 0 {
		f.Rest = row(rest)
	}
}

// tiedSuffix is a product by integers of Wᵀ as part of a name: it has no steps of outputs.
func tiedSuffix(p *plan.ReducedProduct) string {
	if p.Transposed && p.Matrix().Format == plan.Int8 {
		return "Tied"
	}
	return ""
}
