package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// topK makes the kernel that keeps the largest values of samples.
func (l *lowerer) topK(op ir.TopK, v *ir.Value) *plan.Kernel {
	return l.kernel(fmt.Sprintf("topK%dOf%d", op.K, width(v)), "", &plan.TopK{Width: width(v), K: op.K}, elementwise{width(v), op}, v)
}

// keptGrad makes the kernel of the derivative of what keeps some values.
func (l *lowerer) keptGrad(v *ir.Value) *plan.Kernel {
	return l.kernel(fmt.Sprintf("backKeptOf%d", width(v)), "", &plan.KeptGrad{Width: width(v)}, elementwise{width(v), ir.KeptGrad{}}, v)
}
