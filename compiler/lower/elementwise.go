package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// elementwise is the key of kernels that depend on a width only.
type elementwise struct {
	width int
	op    any
}

// values returns the assembly function of an elementwise operation on samples of a width, or nil where there is none.
func (l *lowerer) values(name string, width int, op plan.FunctionOp, key any) *plan.Function {
	if !l.vector() || l.most(op, 0) < width {
		return nil
	}
	return l.function(name, op, key)
}

func (l *lowerer) affine(op ir.Affine, v *ir.Value) *plan.Kernel {
	base := "unscale"
	if _, input := v.Args[0].Op.(ir.Input); input {
		base = "scale"
	} else if len(v.Type.Dims) == 1 { // the sum of the losses of fixed draws
		base = "meanOfDraws"
	}
	f := plan.ScaleValues{Scale: op.Scale, Shift: op.Shift}
	affine := &plan.Affine{Width: width(v), Scale: op.Scale, Shift: op.Shift, Fast: l.values(base+"Values", width(v), &f, f)}
	return l.kernel(base, "", affine, elementwise{width(v), op}, v)
}

func (l *lowerer) activate(op ir.Activate, v *ir.Value) *plan.Kernel {
	f := plan.Apply{Activation: op.Activation}
	activate := &plan.Activate{Width: width(v), Activation: op.Activation, Fast: l.values("apply"+suffixOf(op.Activation), width(v), &f, f)}
	name := fmt.Sprintf("%sOf%d", camel(op.Activation.Func.Name()), width(v))
	return l.kernel(name, "", activate, elementwise{width(v), op}, v)
}

func (l *lowerer) activateGrad(op ir.ActivateGrad, v *ir.Value) *plan.Kernel {
	f := plan.ApplySlope{Activation: op.Activation}
	suffix := suffixOf(op.Activation)
	back := &plan.ActivateGrad{Width: width(v), Activation: op.Activation, Fast: l.values("apply"+suffix+"Slope", width(v), &f, f)}
	return l.kernel(fmt.Sprintf("back%sOf%d", suffix, width(v)), "", back, elementwise{width(v), op}, v)
}

func (l *lowerer) add(v *ir.Value) *plan.Kernel {
	add := &plan.Add{Width: width(v), Fast: l.values("addValues", width(v), &plan.AddValues{}, plan.AddValues{})}
	return l.kernel(fmt.Sprintf("add%d", width(v)), "", add, elementwise{width(v), ir.Add{}}, v)
}
