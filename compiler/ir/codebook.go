package ir

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// What makes a quantised code.
type (
	// Quantize replaces each group of values of h [B, n] by the nearest vector of a codebook [dim, codes]. Its derivative passes through to h.
	// Args: h, codebook.
	Quantize struct{}
	// QuantizeBatch is Quantize in training: the codebook, which is not trained by a gradient, moves towards what it replaced. Args: h, codebook.
	QuantizeBatch struct{ Codebook nn.Codebook }
	// Commit is Beta·Σ(h - z)² of each sample, [B]: what keeps the encoder near the codebook. Args: h, z, [B, n], of which z counts as constant.
	Commit struct{ Beta float64 }
	// CommitGrad is the derivative of Commit by h, times ds [B]. Args: h, z, ds.
	CommitGrad struct{ Beta float64 }
	// AddCommitGrad is d and the derivative by h of the batch's mean Commit: d + 2·Beta·(h - z)/B. Args: d, h, z.
	AddCommitGrad struct{ Beta float64 }
)

func (Quantize) op()      {}
func (QuantizeBatch) op() {}
func (Commit) op()        {}
func (CommitGrad) op()    {}
func (AddCommitGrad) op() {}

// quantized is the type of an operation on a quantised code, or why its arguments do not fit.
func quantized(op Op, args []Type) (Type, error) {
	same := Samples(width(args, 0))
	switch op := op.(type) {
	case Commit:
		return Floats(Batch), want(args, same, same)
	case CommitGrad:
		return same, want(args, same, same, Floats(Batch))
	case AddCommitGrad:
		return same, want(args, same, same, same)
	case QuantizeBatch:
		if err := want(args, same, Floats(op.Codebook.Dim, op.Codebook.Codes)); err != nil {
			return Type{}, err
		}
	}
	if len(args) != 2 || len(args[1].Dims) != 2 || args[1].Dims[0] < 1 || width(args, 0)%args[1].Dims[0] != 0 {
		return Type{}, fmt.Errorf("want values and a codebook of vectors of a part of them")
	}
	return same, want(args[:1], same)
}

// quantizedWord is such an operation as the text form names it.
func quantizedWord(op Op) string {
	switch op := op.(type) {
	case Quantize:
		return "quantize"
	case QuantizeBatch:
		return "quantize_batch[" + op.Codebook.String() + "]"
	case Commit:
		return "commit[" + number(op.Beta) + "]"
	case CommitGrad:
		return "commit_grad[" + number(op.Beta) + "]"
	}
	return "add_commit_grad[" + number(op.(AddCommitGrad).Beta) + "]"
}
