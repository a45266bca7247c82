package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// Floats is the type f32 of the given dimensions.
func Floats(dims ...int) Type { return Type{Dims: dims} }

// Samples is the type f32[B, n].
func Samples(n int) Type { return Floats(Batch, n) }

// Classes is the type i32[B].
func Classes() Type { return Type{Elem: I32, Dims: []int{Batch}} }

// Labels is the type i32[B, places].
func Labels(places int) Type { return Type{Elem: I32, Dims: []int{Batch, places}} }

// Equal reports whether t and u are the same type.
func (t Type) Equal(u Type) bool { return t.Elem == u.Elem && slices.Equal(t.Dims, u.Dims) }

// String is the type as the text form shows it: f32[B,784].
func (t Type) String() string {
	if t.Elem == Effect {
		return "effect"
	}
	dims := make([]string, len(t.Dims))
	for i, d := range t.Dims {
		if dims[i] = strconv.Itoa(d); d == Batch {
			dims[i] = "B"
		}
	}
	return map[Elem]string{F32: "f32[", I32: "i32["}[t.Elem] + strings.Join(dims, ",") + "]"
}

// infer returns the type that op gives to arguments of the given types, or why they do not fit.
// Input, Param and Fill have the type that they are given: declared.
func infer(op Op, args []Type, declared Type) (Type, error) {
	switch op := op.(type) {
	case Input, Param, Fill:
		return declared, want(args)
	case Affine, Activate:
		return first(args), want(args, first(args))
	case Standardise:
		n := Floats(width(args, 0))
		return first(args), want(args, Samples(width(args, 0)), n, n)
	case Features, FieldsNLL, Likeliest, FieldsNLLGrad, FieldsStdGrad:
		return inferFields(op, args)
	case TopK:
		if op.K < 1 || op.K > width(args, 0) {
			return Type{}, fmt.Errorf("%d of %d values", op.K, width(args, 0))
		}
		return first(args), want(args, Samples(width(args, 0)))
	case BatchTopK, Above:
		return first(args), want(args, Samples(width(args, 0)), Floats(1))
	case DeadTopK:
		return first(args), want(args, Samples(width(args, 0)), first(args))
	case KeptGrad:
		return first(args), want(args, Samples(width(args, 0)), first(args))
	case Corrupt, Dropout, Softmax:
		return first(args), want(args, Samples(width(args, 0)))
	case Sample:
		same := Samples(width(args, 0))
		if op.Draw.Kind == nn.GivenDraw {
			return same, want(args, same, same, same)
		}
		return same, want(args, same, same)
	case Relax, RelaxGrad, Choose, ClassKL, ClassKLGrad, AddClassKLGrad:
		return classes(op, args)
	case Quantize, QuantizeBatch, Commit, CommitGrad, AddCommitGrad:
		return quantized(op, args)
	case KL:
		return Floats(Batch), want(args, Samples(width(args, 0)), Samples(width(args, 0)))
	case MatMul:
		return matMul(op, args)
	case Sub:
		return first(args), want(args, Samples(width(args, 0)), first(args))
	case AddBias, SubBias:
		if err := want(args, first(args), Floats(width(args, 0))); err != nil {
			return Type{}, err
		}
		return args[0], samples(args[0])
	case Add:
		return first(args), want(args, first(args), first(args))
	case NLL:
		return Floats(Batch), want(args, Samples(width(args, 0)), target(op.Loss, args))
	case LinkNLL:
		return Floats(Batch), want(args, Samples(width(args, 0)), target(op.Loss, args))
	case UnitSlope, UnitSlopeGrad, ActivateCurve, Squares, SquaresGrad, SquaresMean:
		return inferJacobian(op, args)
	case Conv, Deconv, ConvWeightGrad, ConvLayer, ConvBack, AddChannels, SumChannels, MaxPool, MaxUnpool, MaxGather, AvgPool, AvgPoolGrad, Upsample, UpsampleGrad,
		Concat, Channels, ChannelsGrad:
		return inferSpatial(op, args)
	case Penalize:
		return Floats(Batch), want(args, Samples(width(args, 0)))
	case MeanSamples:
		return Floats(width(args, 0)), want(args, Samples(width(args, 0)))
	case PenalizeMeans:
		return Floats(), want(args, Floats(width(args, 0)))
	case MeanSamplesGrad:
		return Samples(width(args, 0)), want(args, Floats(width(args, 0)))
	case PenalizeMeansGrad:
		return first(args), want(args, Floats(width(args, 0)), Floats())
	case PenalizeMeansSlope:
		return first(args), want(args, Floats(width(args, 0)))
	case AddMeanGrad:
		types := []Type{Samples(width(args, 0)), Floats(width(args, 0))}
		if op.Slope.Func != nn.Identity {
			types = append(types, first(args))
		}
		return first(args), want(args, types...)
	case ColumnSquares:
		return Floats(width(args, 0)), want(args, first(args))
	case Contract:
		return Floats(Batch), want(args, Samples(width(args, 0)), Floats(width(args, 0)))
	case Orthogonal:
		return Floats(), want(args, first(args))
	case ColumnSquaresGrad:
		return first(args), want(args, first(args), Floats(width(args, 0)))
	case ContractGrad:
		return first(args), want(args, Samples(width(args, 0)), Floats(width(args, 0)), Floats(Batch))
	case ContractNormGrad:
		return Floats(width(args, 0)), want(args, Samples(width(args, 0)), Floats(Batch))
	case OrthogonalGrad:
		return first(args), want(args, first(args), Floats())
	case AddContractGrad:
		return first(args), want(args, Samples(width(args, 0)), first(args), Floats(width(args, 0)))
	case ContractNormMean:
		return Floats(width(args, 0)), want(args, Samples(width(args, 0)))
	case OrthogonalSlope:
		return first(args), want(args, first(args))
	case AddWeightGrad:
		return first(args), addWeightGrad(args)
	case MeanBatch:
		return Floats(), want(args, Floats(Batch))
	case ActivateGrad:
		return first(args), want(args, first(args), first(args))
	case SoftmaxGrad:
		return first(args), want(args, Samples(width(args, 0)), Samples(width(args, 0)))
	case NLLGrad:
		return first(args), want(args, Samples(width(args, 0)), target(op.Loss, args), Floats(Batch))
	case GaussianNLL:
		return Floats(Batch), want(args, Samples(width(args, 0)), Samples(width(args, 0)), Floats(1))
	case GaussianNLLGrad:
		first := 1
		if op.Mean {
			first = 0
		}
		n := width(args, first)
		types := []Type{Floats(Batch), Samples(n), Samples(n), Floats(1)}[1-first:]
		if op.Std {
			return Samples(1), want(args, types...)
		}
		return Samples(n), want(args, types...)
	case SampleGrad, PosteriorGrad:
		return first(args), want(args, Samples(width(args, 0)), Samples(width(args, 0)), Samples(width(args, 0)))
	case KLGrad:
		return Samples(width(args, 1)), want(args, Floats(Batch), Samples(width(args, 1)), Samples(width(args, 1)))
	case PenalizeGrad:
		return first(args), want(args, Samples(width(args, 0)), Floats(Batch))
	case AddPenalizeGrad:
		return first(args), want(args, Samples(width(args, 0)), first(args))
	case MeanBatchGrad:
		return Floats(Batch), want(args, Floats())
	case LinkNLLGrad:
		return first(args), want(args, Samples(width(args, 0)), target(op.Loss, args))
	case SumBatch:
		return Floats(width(args, 0)), want(args, Samples(width(args, 0)))
	case GradNorm:
		return Floats(), nil
	case ClipToNorm:
		return first(args), want(args, first(args), Floats())
	case ClipToValue:
		return first(args), want(args, first(args))
	case Update:
		return Type{Elem: Effect}, updateArgs(op, args)
	case Dense:
		return dense(op.TransW, args)
	case DenseGrad:
		return denseGrad(op, args)
	case WeightGrad:
		return weightGrad(op, args)
	case WeightUpdate:
		return Type{Elem: Effect}, weightUpdate(op, args)
	}
	panic(fmt.Sprintf("internal error: no type rule for %T", op))
}

// want reports where the types of arguments are not those wanted.
func want(args []Type, types ...Type) error {
	if len(args) != len(types) {
		return fmt.Errorf("%d arguments, want %d", len(args), len(types))
	}
	for i, t := range types {
		if !args[i].Equal(t) {
			return fmt.Errorf("argument %d is %v, want %v", i, args[i], t)
		}
	}
	return nil
}

// target is the type that a loss wants of its second argument: values as many as those of the first, or classes, of samples or of their places.
func target(loss nn.Loss, args []Type) Type {
	if loss.Labels != nil {
		return Labels(width(args, 0) / loss.Labels.Classes)
	}
	if loss.Likelihood == nn.Categorical && len(args) > 1 && args[1].Equal(Classes()) {
		return Classes()
	}
	return Samples(width(args, 0))
}

func samples(t Type) error {
	if t.Elem != F32 || len(t.Dims) != 2 || t.Dims[0] != Batch {
		return fmt.Errorf("%v, want f32[B,n]", t)
	}
	return nil
}

func first(args []Type) Type {
	if len(args) == 0 {
		return Type{}
	}
	return args[0]
}

// width is the last dimension of an argument, or 0.
func width(args []Type, i int) int {
	if i >= len(args) || len(args[i].Dims) == 0 {
		return 0
	}
	return args[i].Dims[len(args[i].Dims)-1]
}

// transposed swaps the dimensions of a matrix if so asked.
func transposed(t Type, swap bool) Type {
	if swap && len(t.Dims) == 2 {
		return Floats(t.Dims[1], t.Dims[0])
	}
	return t
}
