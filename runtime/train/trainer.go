package train

import "github.com/aegen/aegen/runtime/weights"

// A Trainer is what a generated package gives to the loop. X is its Input type.
type Trainer[X any] interface {
	// Step makes one update from at most Config.Batch samples and returns their mean loss before it. Where that is not finite it
	// changes nothing.
	Step(x []X) float64
	// ScoreBatch sets s[i] to the loss of x[i] under the current weights. The lengths are equal.
	ScoreBatch(s []float32, x []X)
	// Diagnose returns the first number that is not finite, or nil: of the trainer's state, in x, or in what the next step computes
	// from x. X may be empty.
	Diagnose(x []X) *Fault
	Learner
}

// A Learner is what every generated trainer offers beside steps.
type Learner interface {
	// SetRate sets the learning rate of the following steps.
	SetRate(rate float64)
	// SetEpoch sets the time of the following step in epochs, counted in fractions from 0: what rises over a run follows from it.
	SetEpoch(epoch float64)
	// State returns a copy of all that a later Restore needs to go on to the same bits.
	State() weights.File
	// Restore replaces the trainer's state, or leaves it as it was and returns an error.
	Restore(weights.File) error
	// Weights returns a copy of the current weights as Model.Save would write them.
	Weights() weights.File
}

// A Standardiser is a Trainer of a model that learns means and deviations of the data before its first step.
type Standardiser[X any] interface {
	// Standardise learns them from all samples of training. It fails for a sample that the model cannot take.
	Standardise(x []X) error
}

// Standardise has a trainer learn means and deviations of samples, if it does.
func Standardise[X any](t any, x []X) error {
	if s, ok := t.(Standardiser[X]); ok {
		return s.Standardise(x)
	}
	return nil
}
