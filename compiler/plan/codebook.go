package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

type (
	// Quantize replaces each group of Book.In values by the nearest column of Book: the first of equals, and NaN where no distance is finite. With
	// Numbers, those of the columns are kept. Args: z, h; with Numbers z, numbers, h.
	Quantize struct {
		Width   int
		Book    *Param
		Numbers bool
		Fast    *Function // a NearestPanels for the full panels, or nil
	}
	// Commit is Beta·Σ(h - z)² of each sample. Args: s, h, z.
	Commit struct {
		Width int
		Beta  float64
	}
	// CommitGrad is d and the derivative of the batch's mean Commit by h. Args: y, d, h, z.
	CommitGrad struct {
		Width int
		Beta  float64
	}
)

func (*Quantize) op()   {}
func (*Commit) op()     {}
func (*CommitGrad) op() {}

// NearestPanels goes over n panels of 16 vectors of Dim values. It sets y[c] to the least squared distance from x of the vectors number c of the panels,
// and y[16+c] to the panel's number, as a float; the first of equals. It takes y, x, w, n, and n is above 0.
type NearestPanels struct{ Dim int }

func (*NearestPanels) functionOp() {}

// Full is the number of panels without padding.
func (op *Quantize) Full() int { return op.Book.Out / Panel }

// Groups is the number of vectors of a sample.
func (op *Quantize) Groups() int { return op.Width / op.Book.In }

func codebookText(op Op) string {
	switch op := op.(type) {
	case *Quantize:
		return fmt.Sprintf("z = the nearest of %d vectors of %s, %d of %d values", op.Book.Out, op.Book.Field, op.Groups(), op.Book.In)
	case *Commit:
		return fmt.Sprintf("%g·Σ(h - z)² of each sample, width %d", op.Beta, op.Width)
	case *CommitGrad:
		return fmt.Sprintf("y = d + the derivative of %g·Σ(h - z)², width %d", op.Beta, op.Width)
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

func codebookWidths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *Quantize:
		if op.Numbers {
			return 2, []int{op.Width, op.Groups(), op.Width}
		}
		return 1, []int{op.Width, op.Width}
	case *Commit:
		return 1, []int{1, op.Width, op.Width}
	case *CommitGrad:
		return 1, []int{op.Width, op.Width, op.Width, op.Width}
	}
	panic(fmt.Sprintf("internal error: no widths for %T", op))
}

// A BookUpdate is how a codebook moves after a step. It is shared between workers by vectors, and each adds up what its own ones replaced, the
// samples in their order, so the number of workers does not matter. It comes after the updates, for a step whose loss is not finite
// changes nothing.
type BookUpdate struct {
	nn.Codebook
	Book       *Param
	H, Numbers *Buffer // what the encoder made of the batch, and the numbers of the vectors that replaced it
	Key        int     // of the step's numbers by which vectors start again
	Split      Split   // of the vectors
}

// Groups is the number of vectors of a sample.
func (u *BookUpdate) Groups() int { return u.Numbers.Width }

// Quantized is the step that replaces values by vectors of a codebook, or nil where there is none.
func (p *Program) Quantized() *Quantize {
	for _, k := range p.Kernels {
		if op, ok := k.Op.(*Quantize); ok {
			return op
		}
	}
	return nil
}
