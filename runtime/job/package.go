// Package job is what a child process of aegen does: it trains a generated package's model, runs it over a file,
// or times it.
//
// The parent writes the spec's package into a scratch module, and beside it this program, which is then built and gets
// a Job on its standard input:
//
//	package main
//
//	import (
//		"github.com/aegen/aegen/runtime/job"
//		"github.com/aegen/aegen/runtime/train"
//
//		model "scratch/fashion"
//	)
//
//	func main() {
//		job.Main(job.Package[model.Input, train.None, model.Code, model.Input, *model.Model]{
//			Low: 0, High: 255, // of `scale range(0, 255)`; left out without it
//			Nats: true, // left out for `reconstruct mse`
//			New: model.New, Load: model.Load, Training: model.Training,
//			NewTeam: func(m *model.Model, workers int) job.Team[model.Input, model.Input] { return model.NewTeam(m, workers) },
//			NewTrainer: func(m *model.Model, workers int) job.Trainer[model.Input, train.None] {
//				return job.Alone(model.NewTrainer(m, workers))
//			},
//			Score: job.ScoreAlone[model.Input, *model.Model],
//		})
//	}
package job

import (
	"io"

	"github.com/aegen/aegen/runtime/train"
)

// Rows says how samples that are structs become rows of Width numbers, which is how files hold them, and back.
type Rows[X any] struct {
	Width int
	Get   func(x *X, row []float32)
	Set   func(x *X, row []float32)
	Check func(x *X) error // whether a sample can be taken
}

// A Model is what a generated Model offers. X is its Input, Z its Code and R what it decodes to: arrays of float32, or X and R one struct
// with Rows.
// All methods may be called from several goroutines.
type Model[X, Z, R any] interface {
	Reconstruct(r *R, x *X)
	EncodeBatch(z []Z, x []X)
	ReconstructBatch(r []R, x []X)
}

// A Trainer is what a generated Trainer offers. Y is the model's target, an array of float32 or a number of 32 bits, or train.None.
type Trainer[X, Y any] interface {
	train.PairTrainer[X, Y]
	Close()
}

// Alone makes the trainer of a model without targets one of pairs.
func Alone[X any](t interface {
	train.Trainer[X]
	Close()
}) Trainer[X, train.None] {
	return alone[X]{train.Alone(t), t}
}

type alone[X any] struct {
	train.PairTrainer[X, train.None]
	closer interface{ Close() }
}

func (t alone[X]) Close() { t.closer.Close() }

// Standardise makes it a train.Standardiser, as what it holds may be one.
func (t alone[X]) Standardise(x []X) error { return train.Standardise(t.PairTrainer, x) }

// ScoreAlone scores samples of a model without targets.
func ScoreAlone[X any, M interface{ ScoreBatch(s []float32, x []X) }](m M, s []float32, x []X, _ []train.None) {
	m.ScoreBatch(s, x)
}

// A Team is what a generated Team offers: a model's batch forms on several workers.
type Team[X, R any] interface {
	ReconstructBatch(r []R, x []X)
	Close()
}

// A Package is a generated package as a value. One that only infers has no New, NewTrainer and Training.
type Package[X any, Y comparable, Z, R any, M Model[X, Z, R]] struct {
	Low, High float64  // the range that `scale` takes to [0, 1]; both 0 without it
	Rows      *Rows[X] // of samples that are structs; nil for arrays of float32
	Nats      bool     // a score is a negative log-likelihood in nats; else it is a mean squared error

	Sampled *Sampled[X, Y, Z, R, M] // nil unless the code is sampled

	Codebook *Codebook[Z, R, M] // nil unless the code is made of vectors of a codebook

	Deviations func(m M) []float32 // of the values, where they are scaled by what was learned of the data; else nil

	Sparse bool // the code is meant to be sparse: eval says how much of it is used

	New        func(seed uint64) M
	Load       func(io.Reader) (M, error)
	NewTeam    func(m M, workers int) Team[X, R]
	NewTrainer func(m M, workers int) Trainer[X, Y]
	Training   func() train.Config
	// NewFrom is New with the encoder of another spec's weights; nil where the encoder is the model's own.
	NewFrom func(seed uint64, encoder io.Reader) (M, error)
	// Score sets s to the losses of samples with their targets.
	Score func(m M, s []float32, x []X, y []Y)
	// Explain sets parts to the Parts parts of the score of a sample, which it returns; nil where a score has none.
	Explain func(m M, parts []float64, x *X) float32
	Parts   int
	// Class is the most probable class of probabilities, of a model whose target is one; else nil.
	Class func(r *R) Y
	// Labels is how a model is judged whose target has a class for each place; else nil.
	Labels *Labels[Y, R]
}
