package job

import "github.com/aegen/aegen/runtime/train"

// A Kind is what a child is to do.
type Kind string

const (
	Train       Kind = "train"       // Data → weights in Output
	Eval        Kind = "eval"        // Weights, Data → a Scores message
	Encode      Kind = "encode"      // Weights, Data → codes in Output
	Reconstruct Kind = "reconstruct" // Weights, Data → reconstructions in Output, in the units of the data
	Score       Kind = "score"       // Weights, Data → one loss a sample in Output
	Sample      Kind = "sample"      // Weights → samples of the model in Output, in the units of the data
	Explain     Kind = "explain"     // Weights, Data → a row of float64 a sample in Output: the score, then its parts
	Check       Kind = "check"       // Data, or also Weights → all that the model makes of them in Output
	Bench       Kind = "bench"       // Data, or also Weights → Measured messages
)

// A Job is what the parent writes to the child's standard input: one JSON object, then the end of the stream.
//
// Data and Validation are raw little-endian float32, samples × width without a header, in the units of the spec's input
// (before `scale`). Targets, of a model that has any, are raw in the same way, or class numbers as int32, one a sample or one a place; encode and reconstruct
// need none. Outputs are raw in the same way, and appear whole or not at all; weights are safetensors, and so is what
// check writes: tensors Reconstructions, ScoresOf, the Losses of CheckedSteps training steps on the first Batch samples, and the
// weights after them. Without Weights, check and bench start from those of the spec's seed.
type Job struct {
	Kind    Kind   `json:"kind"`
	Data    string `json:"data"`              // all but sample
	Targets string `json:"targets,omitempty"` // of Data
	Output  string `json:"output,omitempty"`  // all but eval and bench
	Weights string `json:"weights,omitempty"` // all but train
	Threads int    `json:"threads,omitempty"` // 0 means one for each core

	// For train only.
	Validation        string `json:"validation,omitempty"`
	ValidationTargets string `json:"validationTargets,omitempty"`
	Epochs            int    `json:"epochs,omitempty"`     // instead of the spec's, if above 0
	Checkpoint        string `json:"checkpoint,omitempty"` // written at every epoch's end, every Every seconds, and when interrupted
	Resume            bool   `json:"resume,omitempty"`     // go on from Checkpoint; from the beginning if there is no such file yet
	Every             int    `json:"every,omitempty"`      // seconds between checkpoints within an epoch; 0 means 60
	Start             string `json:"start,omitempty"`      // safetensors with the weights to begin with, by their names, instead of the seed's
	Encoder           string `json:"encoder,omitempty"`    // safetensors of the spec whose encoder the model has
	Origin            string `json:"origin,omitempty"`     // says how Start was made: see train.Options
	First             string `json:"first,omitempty"`      // file to write the weights to that training begins with

	// For eval of a code that is sampled: draws of the importance-weighted bound, 0 for none.
	Draws int `json:"draws,omitempty"`

	// For sample only.
	Samples int    `json:"samples,omitempty"` // how many
	Seed    uint64 `json:"seed,omitempty"`    // below 2³²
	Noise   bool   `json:"noise,omitempty"`   // draw values from the likelihood too, instead of their means

	// For bench only.
	Infer   []int   `json:"infer,omitempty"`   // batches to reconstruct
	Steps   []int   `json:"steps,omitempty"`   // batches to make training steps of, at most the spec's
	Seconds float64 `json:"seconds,omitempty"` // that one measurement takes, beside a quarter to warm up
	Bytes   int     `json:"bytes,omitempty"`   // of the weights: what reading memory is measured with
}

// Names of the tensors that check writes beside the weights.
const (
	Reconstructions = "reconstructions" // [samples, width]
	ScoresOf        = "scores"          // [samples]
	Losses          = "losses"          // [CheckedSteps]
)

// CheckedSteps is the number of training steps of a check.
const CheckedSteps = 3

// A Message is one line of the child's standard output: a JSON object with exactly one field set.
// Nothing else is written there. Standard error is for panics only.
//
// A child that exits with Done has ended with Trained, Scores, Written, Checked or its last Measured; with Failed, with Error;
// with Cancelled, with Interrupted. Any other status, or no such last line, means that it was killed or crashed.
type Message struct {
	Started  *train.Started  `json:"started,omitempty"`  // train: first
	Progress *train.Progress `json:"progress,omitempty"` // train: a few times a second
	Epoch    *train.Epoch    `json:"epoch,omitempty"`    // train: each epoch's end
	Saved    *train.Saved    `json:"saved,omitempty"`    // train: each checkpoint
	Advance  *Advance        `json:"advance,omitempty"`  // all but train and bench: a few times a second
	Machine  *Machine        `json:"machine,omitempty"`  // bench: before what is measured on another number of threads
	Measured *Measured       `json:"measured,omitempty"` // bench: each measurement

	Trained     *Trained     `json:"trained,omitempty"`
	Scores      *Scores      `json:"scores,omitempty"`
	Written     *Written     `json:"written,omitempty"`
	Checked     *Checked     `json:"checked,omitempty"`
	Interrupted *Interrupted `json:"interrupted,omitempty"`
	Error       *Error       `json:"error,omitempty"`
}

// Advance says how far a pass over the data is.
type Advance struct {
	Done    int     `json:"done"` // samples
	Samples int     `json:"samples"`
	Speed   float64 `json:"speed"` // samples a second
	Left    float64 `json:"left"`  // seconds
}

// Trained is the end of training: the weights are in Path.
type Trained struct {
	train.Result
	Path string `json:"path"`
}

// Scores is what eval measures. Errors are in the units that the network sees (after `scale`); of records they are 0, against the input or the target; of
// probabilities, against 1 for the class of the sample, or of each place that has one, and 0 for the others: SSE is then the score of Brier 1950.
type Scores struct {
	Samples int     `json:"samples"`
	Loss    float64 `json:"loss"` // the spec's loss, mean over samples
	MSE     float64 `json:"mse"`  // squared error, mean over all values
	SSE     float64 `json:"sse"`  // squared error summed over a sample, mean over samples
	// NLL is nats a sample, under the spec's likelihood. For an mse spec that is the Gaussian of variance 1.
	NLL float64 `json:"nll"`
	// Accuracy is the share of samples, or of places, whose class is the most probable one; nil where the target is no class.
	Accuracy *float64 `json:"accuracy,omitempty"`
	// Segmentation is how well classes of places are told; nil where the target has none.
	Segmentation *Segmentation `json:"segmentation,omitempty"`
	// Code is how much of the code is used; nil where it is not meant to be sparse.
	Code *Activity `json:"code,omitempty"`
	// Evidence is what the loss is made of; nil unless the code is sampled.
	Evidence *Evidence `json:"evidence,omitempty"`
	// Codebook is how much of a codebook is used; nil unless the code is made of its vectors.
	Codebook *Usage `json:"codebook,omitempty"`
}

// Written is the end of encode, reconstruct, score and sample: Samples × Width float32 are in Path. After explain they are float64.
type Written struct {
	Path    string `json:"path"`
	Samples int    `json:"samples"`
	Width   int    `json:"width"`
}

// Checked is the end of check: the results are in Path.
type Checked struct {
	Path string `json:"path"`
}

// Machine is what the machine does at most on so many threads together.
type Machine struct {
	Threads int     `json:"threads"`
	Peak    float64 `json:"peak"`   // float32 operations a second, multiply-adds counted as two
	Read    float64 `json:"read"`   // bytes a second, of a block of Bytes
	AVX2    bool    `json:"avx2"`   // assembly functions run, where the model has any
	AVX512  bool    `json:"avx512"` // and they use AVX-512
}

// Measured is how long a call takes.
type Measured struct {
	Mode    string  `json:"mode"` // "infer", the reconstruction of a batch, or "train", a step
	Batch   int     `json:"batch"`
	Threads int     `json:"threads"`
	Median  float64 `json:"us_median"` // microseconds
	Min     float64 `json:"us_min"`
	N       int     `json:"n"` // samples, each of one call or as many as take 200 µs
}

// Interrupted is the end of a child that got SIGINT or SIGTERM. No output was written.
type Interrupted struct {
	Checkpoint string `json:"checkpoint,omitempty"` // train: where it can be resumed from, if anywhere
	Epoch      int    `json:"epoch,omitempty"`      // train: finished epochs
}

// Error is the end of a child that could not do its job.
type Error struct {
	Message   string           `json:"message"`
	NotFinite *train.NotFinite `json:"notFinite,omitempty"` // train: where numbers left the range of float32
}

// Exit statuses of the child. The parent ends it by SIGINT or SIGTERM; all further such signals are ignored while it
// writes its checkpoint, since a terminal's ^C reaches both. A child whose parent has died ends at its next message.
const (
	Done      = 0
	Failed    = 1
	Cancelled = 130
)
