package plan

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// An Explanation says how a score is taken apart, a part a value of the input: after the steps of Score, the loss of each value of Logits
// against the same value of Targets, in float64. Of a record, a part is the loss of a field. Of a sampled code, the parts of values are means over its
// draws, and there is one part more, the code's. The parts are then settled, so that they sum to the score.
type Explanation struct {
	Score           *Routine
	Logits, Targets *Buffer // of Score, still there after its last step
	Loss            nn.Loss
	Fields          *FieldLoss // of a record; then Targets are its features, and Rows the record
	Rows            *Buffer
	LogStd          *Param  // of a deviation that is learned, or nil
	Draws           []*Step // of a sampled code: the steps of Score that compute the loss of a draw; parts of values are taken right after each
	Divergence      *Buffer // of a sampled code: its divergence from the prior
	Width           int     // parts of values or fields
	At              source.Span
}

// Parts is the number of parts of a score.
func (e *Explanation) Parts() int {
	if e.Divergence != nil {
		return e.Width + 1
	}
	return e.Width
}

// String is the explanation in the plan's text.
func (e *Explanation) String() string {
	if e.Fields != nil {
		return fmt.Sprintf("explain: after %s, the %d fields of %s by %s and %s", e.Score.Name, e.Width, e.Rows.Name, e.Logits.Name, e.Targets.Name)
	}
	if e.Divergence != nil {
		return fmt.Sprintf("explain: in %s, the means of the %d values of %d draws against those of %s by %v, and %s",
			e.Score.Name, e.Width, len(e.Draws), e.Targets.Name, e.Loss, e.Divergence.Name)
	}
	return fmt.Sprintf("explain: after %s, the %d values of %s against those of %s by %v", e.Score.Name, e.Width, e.Logits.Name, e.Targets.Name, e.Loss)
}

// verify returns an error unless the last step of Score reads the buffers that the explanation does.
func (e *Explanation) verify() error {
	if e.Divergence != nil {
		return e.verifyDraws()
	}
	last, width := e.Score.Steps[len(e.Score.Steps)-1], e.Width
	if e.Fields != nil {
		width = e.Fields.Record.Width()
	}
	if !slices.Contains(last.Args, e.Logits) || !slices.Contains(last.Args, e.Targets) || e.Logits.Width != width || e.Targets.Width != width {
		return fmt.Errorf("explain: %s and %s of width %d are not what the last step of %s reads", e.Logits.Name, e.Targets.Name, e.Width, e.Score.Name)
	}
	return nil
}

// verifyDraws is verify of a sampled code.
func (e *Explanation) verifyDraws() error {
	last := e.Score.Steps[len(e.Score.Steps)-1]
	if !slices.Contains(last.Args, e.Divergence) || len(e.Draws) == 0 {
		return fmt.Errorf("explain: %s is not what the last step of %s reads, or there is none of %d draws", e.Divergence.Name, e.Score.Name, len(e.Draws))
	}
	for _, s := range e.Draws {
		if !slices.Contains(e.Score.Steps, s) || s.Args[1].Width != e.Width || s.Args[2] != e.Targets {
			return fmt.Errorf("explain: %s is no step of %s that compares %d values with %s", s.Kernel.Name, e.Score.Name, e.Width, e.Targets.Name)
		}
	}
	return nil
}
