package train

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/weights"
)

// A checkpoint is the trainer's state, as a safetensors file, with more in it: the loop and the terms in the metadata
// under names that start with own, and the best weights under names that start with bestPrefix.
const (
	own        = "train."
	keyLoop    = own + "loop"
	bestPrefix = "best."
)

// saveWithin writes a checkpoint inside an epoch if it is time for one. The epoch's end has its own.
func (r *run[X, Y]) saveWithin() error {
	steps := r.opt.EverySteps > 0 && r.Step%r.opt.EverySteps == 0
	if r.Step < r.steps && (steps || r.opt.Every > 0 && time.Since(r.saved) >= r.opt.Every) {
		return r.save()
	}
	return nil
}

// save writes a checkpoint, if the run has any.
func (r *run[X, Y]) save() error {
	if r.opt.Checkpoint == "" {
		return nil
	}
	file := r.t.State()
	if err := r.sound(file); err != nil {
		return err
	}
	where, err := json.Marshal(r.loop)
	if err != nil {
		panic(fmt.Sprintf("internal error: %v", err))
	}
	file.Metadata[keyLoop] = string(where)
	for _, t := range r.terms {
		if t.value != "" {
			file.Metadata[own+t.name] = t.value
		}
	}
	for _, t := range r.best {
		t.Name = bestPrefix + t.Name
		file.Tensors = append(file.Tensors, t)
	}
	err = atomicfile.Write(r.opt.Checkpoint, func(w io.Writer) error { return weights.Write(w, file) })
	if err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	r.saved = time.Now()
	r.opt.Event(&Saved{Path: r.opt.Checkpoint, Epoch: r.Epoch, Step: r.Step})
	return nil
}

// resume takes up the checkpoint if it is wanted and there.
func (r *run[X, Y]) resume() (bool, error) {
	r.saved = time.Now()
	if r.opt.Checkpoint == "" {
		return false, nil
	}
	r.terms = append(terms(r.cfg, r.data, r.val), term{"origin", r.opt.Origin})
	if !r.opt.Resume {
		return false, nil
	}
	f, err := os.Open(r.opt.Checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		defer f.Close()
		err = r.load(f)
	}
	if err != nil {
		return false, fmt.Errorf("train: checkpoint %s: %w", r.opt.Checkpoint, err)
	}
	return true, nil
}

func (r *run[X, Y]) load(f io.Reader) error {
	file, err := weights.Read(f)
	if err != nil {
		return err
	}
	current := r.t.State().Metadata
	if err := file.Check(current[weights.KeyModel], current[weights.KeyFingerprint]); err != nil {
		return err
	}
	where, ok := file.Metadata[keyLoop]
	if !ok {
		return errors.New("these are weights without the state of a run")
	}
	for _, t := range r.terms {
		if found := file.Metadata[own+t.name]; found != t.value {
			return fmt.Errorf("%s: %s expected, %s found: it belongs to another run", t.name, cmp.Or(t.value, "none"), cmp.Or(found, "none"))
		}
	}
	var at loop
	if err := json.Unmarshal([]byte(where), &at); err != nil {
		return fmt.Errorf("%s: %w", keyLoop, err)
	}
	if at.Epoch < 0 || at.Step < 0 || at.Step > r.steps || at.BestEpoch < 0 || at.BestEpoch > at.Epoch {
		return fmt.Errorf("%s: %s is no place in this run", keyLoop, where)
	}
	state, best := split(file)
	if at.BestEpoch > 0 {
		if err := (weights.File{Tensors: best}).Only(names(r.t.Weights())); err != nil {
			return fmt.Errorf("best weights: %w", err)
		}
	}
	if err := r.t.Restore(state); err != nil {
		return err
	}
	r.loop, r.best = at, best
	return nil
}

// split separates the trainer's state from the loop's.
func split(file weights.File) (state weights.File, best []weights.Tensor) {
	state.Metadata = map[string]string{}
	for key, value := range file.Metadata {
		if !strings.HasPrefix(key, own) {
			state.Metadata[key] = value
		}
	}
	for _, t := range file.Tensors {
		name, isBest := strings.CutPrefix(t.Name, bestPrefix)
		if !isBest {
			state.Tensors = append(state.Tensors, t)
			continue
		}
		t.Name = name
		best = append(best, t)
	}
	return state, best
}

func names(f weights.File) []string {
	var names []string
	for _, t := range f.Tensors {
		names = append(names, t.Name)
	}
	return names
}
