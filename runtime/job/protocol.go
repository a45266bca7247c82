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
)

// A Job is what the parent writes to the child's standard input: one JSON object, then the end of the stream.
//
// Data and Validation are raw little-endian float32, samples × width without a header, in the units of the spec's input
// (before `scale`). Outputs are raw in the same way, and appear whole or not at all; weights are safetensors.
type Job struct {
	Kind    Kind   `json:"kind"`
	Data    string `json:"data"`
	Output  string `json:"output,omitempty"`  // all but eval
	Weights string `json:"weights,omitempty"` // all but train
	Threads int    `json:"threads,omitempty"` // 0 means one for each core

	// For train only.
	Validation string `json:"validation,omitempty"`
	Epochs     int    `json:"epochs,omitempty"`     // instead of the spec's, if above 0
	Checkpoint string `json:"checkpoint,omitempty"` // written at every epoch's end, every Every seconds, and when interrupted
	Resume     bool   `json:"resume,omitempty"`     // go on from Checkpoint; from the beginning if there is no such file yet
	Every      int    `json:"every,omitempty"`      // seconds between checkpoints within an epoch; 0 means 60
}

// A Message is one line of the child's standard output: a JSON object with exactly one field set.
// Nothing else is written there. Standard error is for panics only.
//
// A child that exits with Done has ended with Trained, Scores or Written; with Failed, with Error; with Cancelled,
// with Interrupted. Any other status, or no such last line, means that it was killed or crashed.
type Message struct {
	Started  *train.Started  `json:"started,omitempty"`  // train: first
	Progress *train.Progress `json:"progress,omitempty"` // train: a few times a second
	Epoch    *train.Epoch    `json:"epoch,omitempty"`    // train: each epoch's end
	Saved    *train.Saved    `json:"saved,omitempty"`    // train: each checkpoint
	Advance  *Advance        `json:"advance,omitempty"`  // other kinds: a few times a second

	Trained     *Trained     `json:"trained,omitempty"`
	Scores      *Scores      `json:"scores,omitempty"`
	Written     *Written     `json:"written,omitempty"`
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

// Scores is what eval measures. Errors are in the units that the network sees (after `scale`).
type Scores struct {
	Samples int     `json:"samples"`
	Loss    float64 `json:"loss"` // the spec's loss, mean over samples
	MSE     float64 `json:"mse"`  // squared error, mean over all values
	SSE     float64 `json:"sse"`  // squared error summed over a sample, mean over samples
	// NLL is nats a sample, under the spec's likelihood. For an mse spec that is the Gaussian of variance 1.
	NLL float64 `json:"nll"`
}

// Written is the end of encode, reconstruct and score: Samples × Width float32 are in Path.
type Written struct {
	Path    string `json:"path"`
	Samples int    `json:"samples"`
	Width   int    `json:"width"`
}

// Interrupted is the end of a child that got SIGINT or SIGTERM. No output was written.
type Interrupted struct {
	Checkpoint string `json:"checkpoint,omitempty"` // train: where it can be resumed from, if anywhere
	Epoch      int    `json:"epoch,omitempty"`      // train: finished epochs
}

// Error is the end of a child that could not do its job.
type Error struct {
	Message string `json:"message"`
}

// Exit statuses of the child. The parent ends it by SIGINT or SIGTERM; all further such signals are ignored while it
// writes its checkpoint, since a terminal's ^C reaches both. A child whose parent has died ends at its next message.
const (
	Done      = 0
	Failed    = 1
	Cancelled = 130
)
