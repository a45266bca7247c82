package train

// An Event says how a run goes: *Started, *Progress, *Epoch or *Saved. Each encodes as a JSON object.
// The numbers in it are finite.
type Event interface{ event() }

// Started is the first event of a run.
type Started struct {
	Samples    int `json:"samples"`
	Validation int `json:"validation"` // samples of it
	Epochs     int `json:"epochs"`
	Steps      int `json:"steps"` // of one epoch
	Batch      int `json:"batch"`
	// Resumed says that the run goes on from a checkpoint: after Epoch finished epochs and Step steps of the next.
	// A run that was told to resume and found no file starts at the beginning and says false.
	Resumed bool `json:"resumed"`
	Epoch   int  `json:"epoch"`
	Step    int  `json:"step"`
}

// Progress comes a few times a second within an epoch, after a step.
type Progress struct {
	Epoch   int     `json:"epoch"` // the current one, from 1
	Step    int     `json:"step"`  // done in it
	Steps   int     `json:"steps"`
	Rate    float64 `json:"rate"`    // learning rate of the step
	Loss    float64 `json:"loss"`    // mean over the epoch's samples so far
	Speed   float64 `json:"speed"`   // samples a second
	Seconds float64 `json:"seconds"` // since the run started or resumed
	Left    float64 `json:"left"`    // seconds until all epochs are done at this speed
}

// Epoch comes at the end of each epoch.
type Epoch struct {
	Epoch      int      `json:"epoch"` // from 1
	Rate       float64  `json:"rate"`  // learning rate of its last step
	Loss       float64  `json:"loss"`  // mean over the samples, each scored before the update that used it
	Validation *float64 `json:"validation,omitempty"`
	Best       bool     `json:"best,omitempty"` // early stopping keeps these weights so far
	Speed      float64  `json:"speed"`
	Seconds    float64  `json:"seconds"`
	Left       float64  `json:"left"`
}

// Saved comes after a checkpoint has been written.
type Saved struct {
	Path  string `json:"path"`
	Epoch int    `json:"epoch"` // finished epochs
	Step  int    `json:"step"`  // done in the next one
}

func (*Started) event()  {}
func (*Progress) event() {}
func (*Epoch) event()    {}
func (*Saved) event()    {}

// An End is why a run returned.
type End string

const (
	Finished    End = "finished"      // all epochs are done
	Early       End = "stopped early" // validation did not improve for Stop.Patience epochs
	Interrupted End = "interrupted"   // the context was cancelled
)

// A Result is what a run came to.
type Result struct {
	End        End      `json:"end"`
	Epochs     int      `json:"epochs"`               // finished
	Loss       float64  `json:"loss"`                 // of the last finished epoch
	Validation *float64 `json:"validation,omitempty"` // of the weights that the trainer now holds
	// Kept is the epoch whose weights the trainer now holds: with early stopping the best, else the last.
	Kept      int        `json:"kept"`
	Memorised *Memorised `json:"memorised,omitempty"`
	Seconds   float64    `json:"seconds"` // since the run started or resumed
}
