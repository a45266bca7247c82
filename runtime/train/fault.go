package train

import (
	"fmt"
	"math"
	"strings"

	"github.com/aegen/aegen/runtime/weights"
)

// A Fault is a number of a trainer that is not finite, the first in the order in which numbers are computed.
type Fault struct {
	Value  string `json:"value"`            // "NaN", "+Inf" or "-Inf"
	Of     string `json:"of"`               // a tensor as files name it, or an array of a step as the generated trainer names it
	Op     string `json:"op,omitempty"`     // what computes it, as `aegen dump -stage fused` names it; "" for the input
	Place  string `json:"place,omitempty"`  // where the spec says so: "fashion.ae:8:5"
	Sample *int   `json:"sample,omitempty"` // of the batch from 0, where the array has a row for each; in a NotFinite, of all samples
	Index  int    `json:"index"`            // within the row or the tensor, from 0
	// Largest is the largest magnitude among the finite numbers that come before it.
	Largest float64 `json:"largest"`
}

// String says what was found where.
func (f *Fault) String() string {
	text := fmt.Sprintf("%s, value %d of ", f.Value, f.Index)
	if f.Sample != nil {
		text += fmt.Sprintf("sample %d in ", *f.Sample)
	}
	text += f.Of
	if f.Op != "" {
		text += ", computed by " + f.Op
	}
	if f.Place != "" {
		text += " at " + f.Place
	}
	return text
}

// A Diagnosis looks at the numbers of a training step in their order, until one is not finite. The zero Diagnosis has seen none.
type Diagnosis struct {
	Update  string // the operation that makes weights
	Fault   *Fault
	largest float64
}

// Found looks at an array and reports whether a number that is not finite has been found, in it or before. The array has a row of
// width numbers for each sample, or width 0 where all are of the whole batch.
func (d *Diagnosis) Found(v []float32, width int, of, op, place string) bool {
	if d.Fault != nil {
		return true
	}
	for i, x := range v {
		if finite(float64(x)) {
			d.largest = max(d.largest, math.Abs(float64(x)))
			continue
		}
		d.Fault = &Fault{Value: fmt.Sprint(x), Of: of, Op: op, Place: place, Index: i, Largest: d.largest}
		if width > 0 {
			sample := i / width
			d.Fault.Sample, d.Fault.Index = &sample, i%width
		}
		return true
	}
	return false
}

// State looks at a trainer's state: weights, then what belongs to them, made by the updates before. Places are those of the weights.
func (d *Diagnosis) State(state weights.File, places map[string]string) bool {
	for _, t := range state.Tensors {
		place := ""
		for name, p := range places {
			if t.Name == name || strings.HasSuffix(t.Name, "."+name) {
				place = p
			}
		}
		if d.Found(t.Data, 0, t.Name, d.Update, place) {
			return true
		}
	}
	return false
}

// A NotFinite is the end of a run whose numbers left the range of float32. No checkpoint was written since.
type NotFinite struct {
	Epoch int     `json:"epoch"` // from 1
	Step  int     `json:"step"`  // of the epoch, from 1: the one that failed, or the last done
	Steps int     `json:"steps"`
	Rate  float64 `json:"rate"`            // learning rate of the step
	What  string  `json:"what"`            // what was not finite: "the loss", "the validation loss" or "the state"
	Fault *Fault  `json:"fault,omitempty"` // nil where every number on the way was finite
}

func (e *NotFinite) Error() string {
	text := fmt.Sprintf("train: %s is not finite in epoch %d, step %d of %d, at learning rate %g", e.What, e.Epoch, e.Step, e.Steps, e.Rate)
	if f := e.Fault; f != nil {
		text += fmt.Sprintf(": the first such number is %v; the largest before it is %.3g", f, f.Largest)
		if strings.HasPrefix(f.Op, "sample[") {
			return text + ". A variance is e to what a layer makes: an activation with bounds before it, as `tanh`, helps where samples lie far from the others; " +
				"a lower learning rate or `clip norm(1)` may"
		}
	}
	return text + ". A lower learning rate or `clip norm(1)` may help"
}

// notFinite is the error for what is not finite after a batch, whose samples are those of an order, or after no batch.
func (r *run[X, Y]) notFinite(what string, batch Pairs[X, Y], order []int32) error {
	epoch, step := r.Epoch+1, r.Step
	if step == 0 && r.Epoch > 0 { // an epoch has just ended
		epoch, step = r.Epoch, r.steps
	}
	e := &NotFinite{Epoch: epoch, Step: step, Steps: r.steps, Rate: r.rate, What: what, Fault: r.t.Diagnose(batch.X, batch.Y)}
	if e.Fault != nil && e.Fault.Sample != nil && *e.Fault.Sample < len(order) {
		sample := int(order[*e.Fault.Sample])
		e.Fault.Sample = &sample
	}
	return e
}

// sound returns an error if the trainer's state is not finite.
func (r *run[X, Y]) sound(state weights.File) error {
	var d Diagnosis
	if !d.State(state, nil) {
		return nil
	}
	return r.notFinite("the state", Pairs[X, Y]{}, nil)
}
