package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// function returns the assembly function of an operation, made on its first use. Operations are compared by value.
func (l *lowerer) function(name string, op plan.FunctionOp, key any) *plan.Function {
	if f := l.functions[key]; f != nil {
		return f
	}
	f := &plan.Function{Name: l.names.unique(name), Op: op, Most: l.mostOf(op)}
	l.functions[key] = f
	l.p.Functions = append(l.p.Functions, f)
	return f
}

// vector reports whether there may be more assembly functions.
func (l *lowerer) vector() bool { return l.p.TextBytes() < l.target.Vector.Text }

// inRegisters are activations that a product applies to its sums before it stores them: they need few registers.
func inRegisters(a nn.Activation) bool {
	return a.Func == nn.Identity || a.Func == nn.ReLU || a.Func == nn.LeakyReLU || a.Func == nn.Softshrink || a.Func == nn.JumpReLU
}

// arithmetic are activations whose derivative is a little arithmetic on their output.
func arithmetic(a nn.Activation) bool {
	switch a.Func {
	case nn.Identity, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SELU, nn.Sigmoid, nn.Tanh, nn.Softshrink, nn.JumpReLU:
		return true
	}
	return false
}

// samplesOfCall is how many samples a call of a product takes at most: whole tiles of 6, 8 and 12.
const samplesOfCall = 48

// fast decides how a product of in inputs and out outputs runs by assembly functions. Stride is the floats between panels,
// biasStride those between the rows that sums start from, 0 without a bias.
func (l *lowerer) fast(in, out, stride, biasStride int, activation, slope nn.Activation) *plan.Fast {
	v := l.target.Vector
	if !l.vector() {
		return nil
	}
	strip := v.Strip
	most := func() int { return l.most(&plan.PanelProduct{In: in, Panels: strip}, 0) }
	if most() < v.Wide.Strip[0] { // no call takes a whole tile
		strip = 1
	}
	f := &plan.Fast{Samples: min(samplesOfCall, most())}
	if f.Samples == 0 {
		return nil
	}
	after := !inRegisters(activation) || !arithmetic(slope)
	l.panels(f, strip, out, plan.PanelProduct{In: in, Stride: stride, BiasStride: biasStride, Bias: biasStride != 0, Activation: activation, Slope: slope, After: after,
		Fetch: l.weightBytes() > v.Near})
	if slope.Func == nn.Identity && biasStride != 0 { // derivatives of one sample are not worth a function of their own
		l.rows(f, out, plan.RowProduct{In: in, Stride: stride, BiasStride: biasStride, Bias: true, Activation: activation, After: after, Unroll: min(v.Unroll, in)})
	}
	return f
}

// panels decides how several samples go through: in strips of full panels, and at the end what remains.
func (l *lowerer) panels(f *plan.Fast, strip, out int, op plan.PanelProduct) {
	v := l.target.Vector
	suffix := suffixOf(op.Activation) + backSuffix(op.Slope, !op.Bias)
	function := func(name string, op plan.PanelProduct) *plan.Function {
		single := op.Panels == 1
		op.Narrow, op.Wide = cut(v.Narrow.Strip, v.Narrow), cut(v.Wide.Strip, v.Wide)
		if single {
			op.Narrow, op.Wide = cut(v.Narrow.Single, v.Narrow), cut(v.Wide.Single, v.Wide)
			op.Fetch, op.Stride, op.BiasStride = false, 0, 0
		}
		return l.function(name+suffix, &op, op)
	}
	panels := (out + plan.Panel - 1) / plan.Panel
	if f.Strips = out / plan.Panel / strip; f.Strips > 0 {
		op.Panels = strip
		f.Strip = function(fmt.Sprintf("strip%d", op.In), op)
	}
	if op.Panels = panels - f.Strips*strip; op.Panels > 0 {
		op.Last = out % plan.Panel
		f.End = function(fmt.Sprintf("end%dby%d", op.In, out-f.Strips*strip*plan.Panel), op)
	}
}

func cut(s plan.Sizes, r plan.Registers) plan.Cut { return plan.Cut{Sizes: s, Unroll: r.Unroll} }

// rows decides how one sample goes through: in groups of panels, and what remains in a smaller group.
func (l *lowerer) rows(f *plan.Fast, out int, op plan.RowProduct) {
	op.Panels = l.target.Vector.Panels
	for f.Call = l.most(&op, 0); f.Call == 0; f.Call = l.most(&op, 0) {
		op.Panels--
	}
	if f.Groups = out / plan.Panel / op.Panels; f.Groups > 0 {
		row := op
		f.Row = l.function(rowName(row), &row, row)
	}
	if op.Panels = (out+plan.Panel-1)/plan.Panel - f.Groups*op.Panels; op.Panels > 0 {
		op.Last = out % plan.Panel
		f.Rest = l.function(rowName(op), &op, op)
	}
}

// weightBytes is the size of all blocks.
func (l *lowerer) weightBytes() int {
	n := 0
	for _, p := range l.p.Params {
		n += 4 * p.Floats()
	}
	return n
}

// rowName is the name of a product of one sample.
func rowName(op plan.RowProduct) string {
	out := op.Panels * plan.Panel
	if op.Last > 0 {
		out += op.Last - plan.Panel
	}
	return fmt.Sprintf("row%dby%d%s", op.In, out, suffixOf(op.Activation))
}

// suffixOf is an activation as part of a name.
func suffixOf(a nn.Activation) string {
	if a.Func == nn.Identity {
		return ""
	}
	return title(camel(a.Func.Name()))
}

// backSuffix is a derivative as part of a name: products without a bias are those of the way back.
func backSuffix(a nn.Activation, back bool) string {
	if !back {
		return ""
	}
	return "Back" + suffixOf(a)
}

// lossRows returns the function of a loss over samples, or nil where there is none.
func (l *lowerer) lossRows(op plan.LossRows) *plan.Function {
	if !l.vector() || op.Width < 8 && op.Loss.Likelihood != nn.Categorical {
		return nil
	}
	if l.most(&op, 0) == 0 {
		return nil
	}
	name := "lossRows"
	if op.Gradient {
		name = "lossGradientRows"
	}
	return l.function(name, &op, op)
}

// fastUpdate decides how the gradient of a block over samples and its copy run by assembly functions, and whether gradient and update are
// one function.
func (l *lowerer) fastUpdate(update *plan.Update, t *plan.Training, samples int, together bool) *plan.FastUpdate {
	v, p := l.target.Vector, update.Param
	if !l.vector() || p.In == 0 || p.ByRow || p.Kernel != nil {
		return nil
	}
	u := &plan.FastUpdate{Tiles: p.In / v.Inputs, Rows: v.Inputs, Samples: samples}
	op := plan.Gradient{In: p.In, Rows: v.Inputs, Rest: p.In % v.Inputs, Bias: p.Bias != "",
		Narrow: plan.Part{Inputs: v.Narrow.Inputs, Unroll: v.Narrow.Unroll}, Wide: plan.Part{Inputs: v.Wide.Inputs, Unroll: v.Wide.Unroll}}
	step := plan.GradientStep{Gradient: op, OptimizerStep: stepOf(t)}
	inputs := l.most(&step, u.Samples)
	for ; inputs < 2*op.Rows; inputs = l.most(&step, u.Samples) { // fewer samples a call, and the sums go through memory
		u.Samples, together = u.Samples/2, false
	}
	if u.TileCall = u.Tiles; inputs < p.In {
		u.TileCall = (inputs - op.Rest) / op.Rows
	}
	u.Gradient = l.function(fmt.Sprintf("gradient%d", p.In), &op, op)
	if together {
		u.Step = l.function(fmt.Sprintf("%s%d", t.Config.Optimizer.Method.Name(), p.In), &step, step)
	}
	if p.Transposed {
		l.copies(u, p)
	}
	return u
}

// copies decides how panels go into the transposed copy of a block.
func (l *lowerer) copies(u *plan.FastUpdate, p *plan.Param) {
	op := plan.Transposition{Stride: p.Out * plan.Panel, Rest: p.In % plan.Panel, Columns: plan.Panel}
	rest := ""
	if op.Rest > 0 {
		rest = fmt.Sprintf("Rest%d", op.Rest)
	}
	if p.Out >= plan.Panel {
		full := op
		u.Copy = l.function(fmt.Sprintf("copyTo%d%s", p.Out, rest), &full, full)
	}
	if op.Columns = p.Out % plan.Panel; op.Columns > 0 {
		u.CopyLast = l.function(fmt.Sprintf("copyLastTo%d%s", p.Out, rest), &op, op)
	}
}

func stepOf(t *plan.Training) plan.OptimizerStep {
	return plan.OptimizerStep{Optimizer: t.Config.Optimizer, Factor: t.Materialize, Clip: t.ClipValue, Decay: t.Decay.Kind}
}

// step returns the function of an optimiser, or nil where there is none.
func (l *lowerer) step(t *plan.Training) *plan.Function {
	if l.target.Vector.Text == 0 {
		return nil
	}
	op := stepOf(t)
	return l.function("stepOf"+title(t.Config.Optimizer.Method.Name()), &op, op)
}
