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
	f := &plan.Function{Name: l.names.unique(name), Op: op}
	l.functions[key] = f
	l.p.Functions = append(l.p.Functions, f)
	return f
}

// inRegisters are activations that a product applies to its sums before it stores them: they need few registers.
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

// fast decides how a product of in inputs and out outputs runs by assembly functions. Stride is the floats between panels,
// biasStride those between the rows that sums start from, 0 without a bias.
func (l *lowerer) fast(in, out, stride, biasStride int, activation, slope nn.Activation) *plan.Fast {
	v := l.target.Vector
	if v.Unroll == 0 {
		return nil
	}
	f := &plan.Fast{Samples: max(v.Wide.Strip[0], min(48, v.FLOPs/(2*v.Strip*plan.Panel*in)))}
	after := !inRegisters(activation) || !arithmetic(slope)
	l.panels(f, out, plan.PanelProduct{In: in, Stride: stride, BiasStride: biasStride, Bias: biasStride != 0, Activation: activation, Slope: slope, After: after,
		Fetch: l.weightBytes() > v.Near})
	if slope.Func == nn.Identity && biasStride != 0 { // derivatives of one sample are not worth a function of their own
		l.rows(f, out, plan.RowProduct{In: in, Stride: stride, BiasStride: biasStride, Bias: true, Activation: activation, After: after, Unroll: min(v.Unroll, in)})
	}
	return f
}

// panels decides how several samples go through: in strips of panels, and what remains one panel at a time.
func (l *lowerer) panels(f *plan.Fast, out int, op plan.PanelProduct) {
	v := l.target.Vector
	suffix := fmt.Sprintf("%d%s%s", op.In, suffixOf(op.Activation), backSuffix(op.Slope, !op.Bias))
	if f.Strips = out / plan.Panel / v.Strip; f.Strips > 0 {
		strip := op
		strip.Panels, strip.Narrow, strip.Wide = v.Strip, cut(v.Narrow.Strip, v.Narrow), cut(v.Wide.Strip, v.Wide)
		f.Strip = l.function("strip"+suffix, &strip, strip)
	}
	if f.Strips*v.Strip*plan.Panel < out {
		op.Panels, op.Narrow, op.Wide = 1, cut(v.Narrow.Single, v.Narrow), cut(v.Wide.Single, v.Wide)
		op.Fetch, op.Stride, op.BiasStride = false, 0, 0
		f.Panel = l.function("panel"+suffix, &op, op)
	}
}

func cut(s plan.Sizes, r plan.Registers) plan.Cut { return plan.Cut{Sizes: s, Unroll: r.Unroll} }

// rows decides how one sample goes through: in groups of panels, and what remains in a smaller group.
func (l *lowerer) rows(f *plan.Fast, out int, op plan.RowProduct) {
	v := l.target.Vector
	f.Groups = out / plan.Panel / v.Panels
	f.Call = max(1, v.FLOPs/10/(v.Panels*plan.Panel*op.In)) // weights come from a cache or memory, at a tenth of the arithmetic's rate
	if op.Panels = v.Panels; f.Groups > 0 {
		row := op
		f.Row = l.function(rowName(row), &row, row)
	}
	if op.Panels = (out+plan.Panel-1)/plan.Panel - f.Groups*v.Panels; op.Panels > 0 {
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
	return fmt.Sprintf("row%dby%d%s", op.In, op.Panels*plan.Panel, suffixOf(op.Activation))
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
	if l.target.Vector.Unroll == 0 || width < 8 {
		return nil
	}
	op := plan.LossRows{Width: width, Loss: loss, Gradient: gradient}
	name := "lossRows"
	if gradient {
		name = "lossGradientRows"
	}
	return l.function(name, &op, op)
}

// fastUpdate decides how the gradient of a block and its copy run by assembly functions.
func (l *lowerer) fastUpdate(p *plan.Param, t *plan.Training, pairs int) *plan.FastUpdate {
	v := l.target.Vector
	if v.Unroll == 0 || p.In == 0 {
		return nil
	}
	op := plan.Gradient{In: p.In, Rows: v.Inputs, Narrow: plan.Part{Inputs: v.Narrow.Inputs, Unroll: v.Narrow.Unroll}, Wide: plan.Part{Inputs: v.Wide.Inputs, Unroll: v.Wide.Unroll}}
	gather := min(t.Config.Batch, v.Gather)
	u := &plan.FastUpdate{Tiles: p.In / op.Rows, Gather: gather, Call: max(1, v.FLOPs/(2*gather*op.Rows*plan.Panel))}
	if u.Tiles > 0 {
		u.Tile = l.function(fmt.Sprintf("gradient%d", p.In), &op, op)
	}
	rest := op
	if rest.Rows = p.In % op.Rows; rest.Rows > 0 {
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
		bias := plan.Gradient{Narrow: op.Narrow, Wide: op.Wide}
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
	if l.target.Vector.Unroll == 0 {
		return nil
	}
	op := stepOf(t)
	return l.function("stepOf"+title(t.Config.Optimizer.Method.Name()), &op, op)
}
