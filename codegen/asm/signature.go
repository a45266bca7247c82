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
	case *plan.TapDots:
		return signature([]string{"y", "x", "b", "w"}, "n")
	case *plan.TapPanels:
		pointers := []string{"y"}
		if op.Slope.Func != nn.Identity {
			pointers = append(pointers, "at")
		}
		pointers = append(pointers, "x")
		if op.Bias {
			pointers = append(pointers, "b")
		}
		return signature(append(pointers, "w"), "n")
	case *plan.RowProduct:
		if op.Bias {
			return signature([]string{"y", "x", "b", "w"}, "n")
		}
		return signature([]string{"y", "x", "w"}, "n")
	case *plan.Network:
		return signature([]string{"y", "x", "w"}, "n")
	case *plan.ReducedPanel:
		return reducedSignature(op.ReducedShape, "stride, n int")
	case *plan.ReducedRow:
		return reducedSignature(op.ReducedShape, "n int")
	case *plan.Round:
		factors := ""
		if op.Factors {
			factors = ", factors"
		}
		return fmt.Sprintf("func(q *%s, xs, x%s *float32, n int)", integer(op.Inputs.Most), factors)
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
	case *plan.Maxima:
		return signature([]string{"y", "x"}, "n")
	case *plan.Collect:
		return "func(c *uint32, x *float32, n int, bound float32)"
	case *plan.AddScaled:
		return "func(y, x *float32, n int, a float32)"
	case *plan.AddRows:
		return "func(y, b, w, v *float32, places *uint32, n int)"
	case *plan.Dot:
		return signature([]string{"y", "a", "b"}, "n")
	case *plan.RowDots:
		return signature([]string{"y", "w", "d"}, "n")
	case *plan.BilinearRow:
		if op.Back {
			return "func(up, low, d *float32, f float32)"
		}
		return "func(y, up, low *float32, f float32)"
	case *plan.PoolRows:
		return signature(poolArguments(op.Step), "n")
	case *plan.NearestPanels:
		return signature([]string{"y", "x", "w"}, "n")
	case *plan.AddValues:
		return signature([]string{"y", "a", "b"}, "n")
	case *plan.ScaleValues:
		return signature([]string{"y", "x"}, "n")
	case *plan.CorruptValues:
		return "func(y, x *float32, k *uint64, n int)"
	case *plan.ApplyCurve:
		return signature([]string{"y", "d", "e", "at"}, "n")
	case *plan.SquaresRows:
		return "func(s, d, x *float32, n int, by float32)"
	case *plan.PenaltyRows:
		return signature([]string{"s", "z"}, "n")
	case *plan.AddPenalty:
		return signature([]string{"y", "d", "z", "by"}, "n")
	case *plan.LaneFactors:
		return signature([]string{"y", "x"}, "n")
	case *plan.ScaleLanes, *plan.ScaleRows:
		return signature([]string{"x", "by"}, "n")
	case *plan.DrawValues:
		return signature([]string{"y", "mean", "logvar", "e"}, "n")
	case *plan.DivergenceValues:
		return signature([]string{"s", "mean", "logvar"}, "n")
	case *plan.PosteriorValues:
		return "func(y, d, s, mean, logvar *float32, k uint64, n int, beta float32)"
	case *plan.PosteriorSlopes:
		return "func(y, v, dz, d, mean, logvar *float32, n int, weight float32)"
	case *plan.StandardiseRows:
		return signature([]string{"y", "x", "mean", "logDeviation"}, "n")
	case *plan.FeatureRows, *plan.FieldLossRows:
		return fieldSignature(op)
	case *plan.RelaxValues:
		return "func(y, x *float32, k uint64, n int, rate float32)"
	case *plan.ChooseClasses:
		return "func(y, x *float32, noise *float64, n int)"
	case *plan.ClassDivergences:
		return "func(s, x *float32, n int, beta float32)"
	case *plan.ClassSlopes:
		return "func(y, d, x *float32, n int, weight float32)"
	case *plan.LossRows:
		return lossSignature(op)
	case *plan.SoftmaxRows:
		return signature([]string{"y", "x"}, "n")
	}
	panic(fmt.Sprintf("internal error: no signature of %T", op))
}

func lossSignature(op *plan.LossRows) string {
	floats, share := "s, a", ""
	if op.Gradient {
		floats, share = "s, d, a", ", share float32"
	}
	if op.Classes {
		return fmt.Sprintf("func(%s *float32, t *int32, n int%s)", floats, share)
	}
	return fmt.Sprintf("func(%s, t *float32, n int%s)", floats, share)
}

func signature(pointers []string, ints ...string) string {
	return fmt.Sprintf("func(%s *float32, %s int)", strings.Join(pointers, ", "), strings.Join(ints, ", "))
}

// reducedSignature is the Go type of a function of a reduced product. Xs are the steps of samples, ws those of outputs.
func reducedSignature(s plan.ReducedShape, ints string) string {
	if s.Matrix.Format != plan.Int8 {
		return fmt.Sprintf("func(y, x, b *float32, w *uint16, %s)", ints)
	}
	steps := "xs, b"
	if s.Scaled {
		steps = "xs, b, ws"
	}
	return fmt.Sprintf("func(y *float32, x *%s, %s *float32, w *int8, %s)", integer(s.Most), steps, ints)
}

// integer is the Go type of inputs up to a magnitude.
func integer(most int) string { return fmt.Sprintf("int%d", 8*plan.Inputs{Most: most}.Bytes()) }
