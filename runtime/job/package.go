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
//
//		model "scratch/fashion"
//	)
//
//	func main() {
//		job.Main(job.Package[model.Input, model.Code, *model.Model, *model.Trainer]{
//			Low: 0, High: 255, // of `scale range(0, 255)`; left out without it
//			Nats: true, // left out for `reconstruct mse`
//			New: model.New, Load: model.Load, NewTrainer: model.NewTrainer, Training: model.Training,
//			NewTeam: func(m *model.Model, workers int) job.Team[model.Input] { return model.NewTeam(m, workers) },
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

// A Model is what a generated Model offers. X is its Input, an array of float32 or with Rows a struct, and Z its Code, an array.
// All methods may be called from several goroutines.
type Model[X, Z any] interface {
	Reconstruct(r, x *X)
	EncodeBatch(z []Z, x []X)
	ReconstructBatch(r, x []X)
	ScoreBatch(s []float32, x []X)
}

// A Trainer is what a generated Trainer offers.
type Trainer[X any] interface {
	train.Trainer[X]
	Close()
}

// A Team is what a generated Team offers: a model's batch forms on several workers.
type Team[X any] interface {
	ReconstructBatch(r, x []X)
	Close()
}

// A Package is a generated package as a value. One that only infers has no New, NewTrainer and Training, and T is Trainer[X].
type Package[X, Z any, M Model[X, Z], T Trainer[X]] struct {
	Low, High float64  // the range that `scale` takes to [0, 1]; both 0 without it
	Rows      *Rows[X] // of an X that is a struct; nil for arrays of float32
	Nats      bool     // a score is a negative log-likelihood in nats; else it is a mean squared error

	New        func(seed uint64) M
	Load       func(io.Reader) (M, error)
	NewTeam    func(m M, workers int) Team[X]
	NewTrainer func(m M, workers int) T
	Training   func() train.Config
}
