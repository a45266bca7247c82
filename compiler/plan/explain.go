package plan

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// An Explanation says how a score is taken apart, a part a value of the input: after the steps of Score, the loss of each value of Logits
// against the same value of Targets, in float64. Of a record, a part is the loss of a field. The parts are then settled, so that they sum to the score.
type Explanation struct {
	Score           *Routine
	Logits, Targets *Buffer // of Score, still there after its last step
	Loss            nn.Loss
	Fields          *FieldLoss // of a record; then Targets are its features, and Rows the record
	Rows            *Buffer
	LogStd          *Param // of a deviation that is learned, or nil
	Width           int
	At              source.Span
}

// String is the explanation in the plan's text.
func (e *Explanation) String() string {
	if e.Fields != nil {
		return fmt.Sprintf("explain: after %s, the %d fields of %s by %s and %s", e.Score.Name, e.Width, e.Rows.Name, e.Logits.Name, e.Targets.Name)
	}
	return fmt.Sprintf("explain: after %s, the %d values of %s against those of %s by %v", e.Score.Name, e.Width, e.Logits.Name, e.Targets.Name, e.Loss)
}

// verify returns an error unless the last step of Score reads the buffers that the explanation does.
func (e *Explanation) verify() error {
	last, width := e.Score.Steps[len(e.Score.Steps)-1], e.Width
	if e.Fields != nil {
		width = e.Fields.Record.Width()
	}
	if !slices.Contains(last.Args, e.Logits) || !slices.Contains(last.Args, e.Targets) || e.Logits.Width != width || e.Targets.Width != width {
		return fmt.Errorf("explain: %s and %s of width %d are not what the last step of %s reads", e.Logits.Name, e.Targets.Name, e.Width, e.Score.Name)
	}
	return nil
}
