package asm

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// Signature is the Go type of a function. A gradient is dw: to the assembler, g is a register.
func Signature(op plan.FunctionOp) string {
	switch op := op.(type) {
	case *plan.PanelProduct:
		pointers := []string{"y"}
		if op.Slope.Func != nn.Identity {
			pointers = append(pointers, "at")
		}
		pointers = append(pointers, "x")
		if op.Bias {
			pointers = append(pointers, "b")
		}
		return signature(append(pointers, "w"), "stride", "n")
	case *plan.RowProduct:
		if op.Bias {
			return signature([]string{"y", "x", "b", "w"}, "n")
		}
		return signature([]string{"y", "x", "w"}, "n")
	case *plan.Network:
		return signature([]string{"y", "x", "w"}, "n")
	case *plan.Gradient:
		return signature([]string{"dw", "x", "d"}, "n", "stride", "columns", "tiles", "ends")
	case *plan.GradientStep:
		return signature(append(append([]string{"w", "x", "d"}, op.Optimizer.Slots()...), "c"), "n", "stride", "columns", "tiles", "ends")
	case *plan.OptimizerStep:
		return signature(append(append([]string{"w", "dw"}, op.Optimizer.Slots()...), "c"), "n")
	case *plan.Transposition:
		return signature([]string{"t", "w"}, "n", "rest")
	case *plan.Apply:
		return signature([]string{"y", "x"}, "n")
	case *plan.ApplySlope:
		return signature([]string{"y", "d", "at"}, "n")
	case *plan.AddValues:
		return signature([]string{"y", "a", "b"}, "n")
	case *plan.ScaleValues:
		return signature([]string{"y", "x"}, "n")
	case *plan.CorruptValues:
		return "func(y, x *float32, k *uint64, n int)"
	case *plan.LossRows:
		if op.Gradient {
			return "func(s, d, a, t *float32, n int, share float32)"
		}
		return signature([]string{"s", "a", "t"}, "n")
	}
	panic(fmt.Sprintf("internal error: no signature of %T", op))
}

func signature(pointers []string, ints ...string) string {
	return fmt.Sprintf("func(%s *float32, %s int)", strings.Join(pointers, ", "), strings.Join(ints, ", "))
}
