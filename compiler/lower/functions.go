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

// inRegisters are activations that a product applies to its sums before it stores them.
func inRegisters(a nn.Activation) bool {
	return a.Func == nn.Identity || a.Func == nn.ReLU || a.Func == nn.LeakyReLU
}

// arithmetic are activations whose derivative is a little arithmetic on their output.
func arithmetic(a nn.Activation) bool {
	switch a.Func {
	case nn.Identity, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SELU, nn.Sigmoid, nn.Tanh:
		return true
	}
	return false
}

// applied are activations with an assembly function of their own.
func applied(a nn.Activation) bool { return a.Func == nn.Sigmoid }

// fast decides how a product of in inputs and out outputs runs by assembly functions. Stride is the floats between panels,
// biasStride those between the rows that sums start from, 0 without a bias.
func (l *lowerer) fast(in, out, stride, biasStride int, activation, slope nn.Activation) *plan.Fast {
	v := l.target.Vector
	if v.Rows == 0 {
		return nil
	}
	f := &plan.Fast{Samples: min(32, l.most(&plan.PanelProduct{In: in}, 0))}
	if f.Samples == 0 {
		return nil
	}
	if !inRegisters(activation) {
		f.After = l.apply(activation, out)
		f.Go = f.After == nil
		activation = nn.Activation{}
	}
	if !arithmetic(slope) {
		f.Go, slope = true, nn.Activation{}
	}
	panel := plan.PanelProduct{In: in, Bias: biasStride != 0, Activation: activation, Slope: slope, Rows: v.Rows, Unroll: min(v.Unroll, in)}
	if l.weightBytes() > v.Near {
		panel.Stride = stride
	}
	f.Panel = l.function(fmt.Sprintf("panel%d%s%s", in, suffixOf(activation), backSuffix(slope, biasStride == 0)), &panel, panel)
	if slope.Func != nn.Identity || biasStride == 0 {
		return f // derivatives of one sample are not worth a function of their own
	}
	row := plan.RowProduct{In: in, Stride: stride, BiasStride: biasStride, Bias: true, Activation: activation, Panels: v.Panels, Unroll: min(v.Unroll, in)}
	for f.Call = l.most(&row, 0); f.Call == 0; f.Call = l.most(&row, 0) {
		row.Panels--
	}
	f.Groups = out / plan.Panel / row.Panels
	if f.Groups > 0 {
		f.Row = l.function(rowName(row), &row, row)
	}
	rest := row
	if rest.Panels = (out+plan.Panel-1)/plan.Panel - f.Groups*row.Panels; rest.Panels > 0 {
		f.Rest = l.function(rowName(rest), &rest, rest)
	}
	return f
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
	return fmt.Sprintf("row%dby%d%s", op.In, op.Panels*plan.Panel, suffixOf(op.Activation))
}

// apply returns the function of an activation over samples of a width, or nil where there is none.
func (l *lowerer) apply(a nn.Activation, width int) *plan.Function {
	op := plan.Apply{Activation: a}
	if l.target.Vector.Rows == 0 || !applied(a) || l.most(&op, 0) < width {
		return nil
	}
	return l.function("apply"+suffixOf(a), &op, op)
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
func (l *lowerer) lossRows(loss nn.Loss, width int, gradient bool) *plan.Function {
	if l.target.Vector.Rows == 0 || width < 8 {
		return nil
	}
	op := plan.LossRows{Width: width, Loss: loss, Gradient: gradient}
	if l.most(&op, 0) == 0 {
		return nil
	}
	name := "lossRows"
	if gradient {
		name = "lossGradientRows"
	}
	return l.function(name, &op, op)
}

// fastUpdate decides how the gradient of a block and its copy run by assembly functions.
func (l *lowerer) fastUpdate(p *plan.Param, t *plan.Training, pairs int) *plan.FastUpdate {
	v := l.target.Vector
	if v.Rows == 0 || p.In == 0 {
		return nil
	}
	op := plan.Gradient{In: p.In, Rows: v.Rows, Unroll: v.Unroll}
	gather := min(t.Config.Batch, v.Gather)
	u := &plan.FastUpdate{Tiles: p.In / v.Rows, Gather: gather, Call: l.most(&plan.GradientStep{Gradient: op, OptimizerStep: stepOf(t)}, gather)}
	if u.Tiles > 0 {
		u.Tile = l.function(fmt.Sprintf("gradient%d", p.In), &op, op)
	}
	rest := op
	if rest.Rows = p.In % v.Rows; rest.Rows > 0 {
		u.Rest = l.function(fmt.Sprintf("gradient%dRest", p.In), &rest, rest)
	}
	if pairs == 1 && !t.Materialize && t.Config.Batch <= gather {
		step := plan.GradientStep{Gradient: op, OptimizerStep: stepOf(t)}
		method := title(t.Config.Optimizer.Method.Name())
		if u.Tiles > 0 {
			u.Step = l.function(fmt.Sprintf("gradient%dAnd%s", p.In, method), &step, step)
		}
		if rest.Rows > 0 {
			step := plan.GradientStep{Gradient: rest, OptimizerStep: stepOf(t)}
			u.StepRest = l.function(fmt.Sprintf("gradient%dRestAnd%s", p.In, method), &step, step)
		}
	}
	if p.Bias != "" {
		bias := plan.Gradient{Unroll: v.Unroll}
		u.Bias = l.function("gradientBias", &bias, bias)
	}
	if p.Transposed && p.In >= plan.Panel && p.Out >= plan.Panel {
		op := plan.Transposition{Stride: p.Out * plan.Panel}
		u.Transpose = l.function(fmt.Sprintf("transposeInto%d", p.Out), &op, op)
	}
	return u
}

func stepOf(t *plan.Training) plan.OptimizerStep {
	return plan.OptimizerStep{Optimizer: t.Config.Optimizer, Factor: t.Materialize, Clip: t.ClipValue, Decay: t.Decay != 0}
}

// step returns the function of an optimiser, or nil where there is none.
func (l *lowerer) step(t *plan.Training) *plan.Function {
	if l.target.Vector.Rows == 0 {
		return nil
	}
	op := stepOf(t)
	return l.function("stepOf"+title(t.Config.Optimizer.Method.Name()), &op, op)
}
