package train

// A Memorised is what a run came to that learned its samples by heart: the training loss fell on while the validation loss did not.
type Memorised struct {
	Training   float64 `json:"training"`   // loss of the last epoch
	Validation float64 `json:"validation"` // after the last epoch
	Lowest     float64 `json:"lowest"`     // validation loss, after LowestEpoch
	// LowestEpoch, from 1, is before the last. Training is lower than the training loss was then.
	LowestEpoch int     `json:"lowestEpoch"`
	Shared      float64 `json:"shared"` // of what training has gained since before its first step, the part that validation has
}

// unshared is the part of what training gains that has to be missing in validation before a run is said to memorise. Only differences
// of losses count, since a loss in nats may have any number as its least. What every run gains is the mean of the data: one that
// tells nothing but the mean of new samples lacks (loss of the mean − last) / (first − last), two fifths for images of Fashion-MNIST.
// A quarter of that is said. Where data is ample less than a hundredth is missing, and validation rises and falls by
// chance in the last epochs (see TestMemorisedRuns).
const unshared = 0.1

// lowest is the validation loss at its lowest, and the training loss of that epoch.
type lowest struct {
	Epoch      int     `json:"epoch"` // 0 before any
	Validation float64 `json:"validation"`
	Training   float64 `json:"training"`
}

// watch notes an epoch that has ended.
func (l *loop) watch() {
	if v := l.Validation; v != nil && (l.Lowest.Epoch == 0 || *v < l.Lowest.Validation) {
		l.Lowest = lowest{l.Epoch, *v, l.Loss}
	}
}

// memorised compares the last epoch with the one whose validation loss was the lowest: nil if validation fell with training, or lost
// little of what training gained.
func (l *loop) memorised() *Memorised {
	low := l.Lowest
	if l.Validation == nil || low.Epoch == l.Epoch || l.Loss >= low.Training || l.Loss >= l.First {
		return nil
	}
	shared := (l.First - *l.Validation) / (l.First - l.Loss)
	if shared > 1-unshared {
		return nil
	}
	return &Memorised{Training: l.Loss, Validation: *l.Validation, Lowest: low.Validation, LowestEpoch: low.Epoch, Shared: shared}
}
