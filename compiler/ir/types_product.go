package ir

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
)

func matMul(op MatMul, args []Type) (Type, error) {
	if len(args) != 2 {
		return Type{}, fmt.Errorf("%d arguments, want 2", len(args))
	}
	a, b := transposed(args[0], op.TransA), transposed(args[1], op.TransB)
	if len(a.Dims) != 2 || len(b.Dims) != 2 || a.Dims[1] != b.Dims[0] {
		return Type{}, fmt.Errorf("%v times %v", a, b)
	}
	return Floats(a.Dims[0], b.Dims[1]), nil
}

func dense(trans bool, args []Type) (Type, error) {
	if len(args) != 3 {
		return Type{}, fmt.Errorf("%d arguments, want 3", len(args))
	}
	y, err := matMul(MatMul{TransB: trans}, args[:2])
	if err != nil {
		return Type{}, err
	}
	return y, want(args[2:], Floats(y.Dims[1]))
}

func denseGrad(op DenseGrad, args []Type) (Type, error) {
	if len(args) < 2 {
		return Type{}, fmt.Errorf("%d arguments, want 2 or 3", len(args))
	}
	dx, err := matMul(MatMul{TransB: !op.TransW}, args[:2])
	if err != nil || len(args) == 2 && op.Activation.Func == nn.Identity {
		return dx, err
	}
	return dx, want(args[2:], dx)
}

func weightGrad(op WeightGrad, pairs []Type) (Type, error) {
	if len(pairs) == 0 || len(pairs)%2 != 0 {
		return Type{}, fmt.Errorf("%d arguments, want pairs", len(pairs))
	}
	k, n := width(pairs, 0), width(pairs, 1)
	a, d := Samples(k), Samples(n)
	if op.Window != (nn.Window{}) {
		w := convWeight(op.Window, op.Deconv)
		k, n, a, d = w.Dims[0], w.Dims[1], Samples(op.Window.In.Len()), Samples(op.Window.Out.Len())
		if op.Deconv {
			a, d = d, a
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if err := want(pairs[i:i+2], a, d); err != nil {
			return Type{}, err
		}
	}
	if op.Bias {
		k++
	}
	return Floats(k, n), nil
}

// addWeightGrad checks the gradient of a weight, perhaps with a row for the bias, and what is added to it.
func addWeightGrad(args []Type) error {
	if len(args) != 2 || len(args[0].Dims) != 2 || len(args[1].Dims) != 2 {
		return fmt.Errorf("want a gradient and a term")
	}
	k, n := args[0].Dims[0], args[0].Dims[1]
	if t := args[1].Dims; t[1] != n || t[0] != k && t[0] != k-1 {
		return fmt.Errorf("%v added to %v", args[1], args[0])
	}
	return nil
}

func updateArgs(op Update, args []Type) error {
	if !op.Bias {
		return want(args, first(args), first(args))
	}
	if len(args) != 3 || len(args[0].Dims) != 2 {
		return fmt.Errorf("want a weight, a bias and their gradient")
	}
	k, n := args[0].Dims[0], args[0].Dims[1]
	return want(args[1:], Floats(n), Floats(k+1, n))
}

func weightUpdate(op WeightUpdate, args []Type) error {
	params := 1
	if op.Update.Bias {
		params = 2
	}
	if len(args) < params+2 {
		return fmt.Errorf("%d arguments, want %d or more", len(args), params+2)
	}
	g, err := weightGrad(WeightGrad{Bias: op.Update.Bias, Window: op.Window, Deconv: op.Deconv}, args[params:])
	if err != nil {
		return err
	}
	return updateArgs(op.Update, append(slices.Clone(args[:params]), g))
}
