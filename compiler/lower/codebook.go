package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// quantize schedules the replacement of values by vectors of a codebook. In training the numbers of the vectors are kept.
func (s *schedule) quantize(v *ir.Value, numbers bool) *plan.Buffer {
	op := &plan.Quantize{Width: width(v), Book: s.block(v.Args[1]), Numbers: numbers}
	if f := (plan.NearestPanels{Dim: op.Book.In}); op.Full() > 0 {
		op.Fast = s.values("nearestPanels", op.Full(), &f, f)
	}
	s.layer[v] = s.layer[v.Args[0]]
	k := s.kernel("quantize", "Batch", op, *op, v)
	h, z := s.at[v.Args[0]], s.result(v, "quantized")
	if !numbers {
		s.step(k, v, 1, z, h)
		return nil
	}
	n := s.buffer("nearest", op.Groups(), v.At)
	s.step(k, v, 2, z, n, h)
	return n
}

// quantizeBatch schedules the same in training, and notes how the codebook moves.
func (s *schedule) quantizeBatch(t *plan.Training, op ir.QuantizeBatch, v *ir.Value) {
	u := &plan.BookUpdate{Codebook: op.Codebook, Book: s.block(v.Args[1]), H: s.at[v.Args[0]], Key: len(t.Draws)}
	u.Numbers = s.quantize(v, true)
	t.Draws = append(t.Draws, nn.BookStream)
	work := bookCost * u.Dim * (u.Codes + t.Config.Batch*u.Groups())
	u.Split = panelTasks(u.Codes, int(s.micros(work, 0))/s.target.Fork)
	t.Book = u
	t.Penalties = append(t.Penalties, fmt.Sprintf("quantize(%d, dim: %d) %s", u.Codes, u.Dim, u.Rule()))
}

// commit makes the kernel of what keeps the encoder near the codebook.
func (s *schedule) commit(v *ir.Value) {
	switch op := v.Op.(type) {
	case ir.Commit:
		n := width(v.Args[0])
		k := s.kernel("commitment", "", &plan.Commit{Width: n, Beta: op.Beta}, elementwise{n, op}, v)
		s.step(k, v, 1, s.result(v, "committed"), s.at[v.Args[0]], s.at[v.Args[1]])
	case ir.AddCommitGrad:
		s.layer[v] = s.layer[v.Args[1]]
		k := s.kernel("addCommitmentGradient", "", &plan.CommitGrad{Width: width(v), Beta: op.Beta}, elementwise{width(v), op}, v)
		s.step(k, v, 1, s.result(v, "sum"+title(s.layer[v])), s.at[v.Args[0]], s.at[v.Args[1]], s.at[v.Args[2]])
	default:
		panic(fmt.Sprintf("internal error: %v: no quantised code by %s", v.At, ir.Word(v.Op)))
	}
}
