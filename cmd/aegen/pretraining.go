package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/block"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
)

// A stage is the training of one layer of greedy layer-wise pretraining.
type stage struct {
	Number int    `json:"number"` // from 1
	Of     int    `json:"of"`
	Layer  string `json:"layer"` // "encoder.0"
	In     int    `json:"in"`
	Out    int    `json:"out"`
}

func (s *stage) String() string {
	return fmt.Sprintf("layer %d of %d, %s, %d → %d: ", s.Number, s.Of, s.Layer, s.In, s.Out)
}

// stageCheckpoint is the file of a stage's checkpoint, beside that of the whole run. Its last one is kept until the joint
// training has a checkpoint of its own: a resumed run goes through the finished stages without a step.
func stageCheckpoint(checkpoint string, number int) string {
	if checkpoint == "" {
		return ""
	}
	return checkpoint + "." + strconv.Itoa(number)
}

// pretrain trains the layers of the model one after the other, each on what those before it make of the samples of the job, and has the job begin
// with their weights. Files are kept in dir. With a checkpoint of the joint training to resume there is nothing left to do.
func (t *training) pretrain(c *compiler.Compilation, j *job.Job, dir string) error {
	stages := c.Pretraining()
	for i := range stages {
		t.leftovers = append(t.leftovers, stageCheckpoint(j.Checkpoint, i+1))
	}
	p := c.Model.Training.Pretrain
	j.Origin = fmt.Sprintf("pretrain layers(epochs: %d, lr: %g)", p.Epochs, p.Rate)
	if j.Checkpoint == "" {
		t.leftovers = nil
	} else if !j.Resume {
		for _, path := range append(t.leftovers, j.Checkpoint) { // of an older run
			if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	} else if _, err := os.Stat(j.Checkpoint); err == nil {
		if j.First != "" {
			return fmt.Errorf("-pretrained %s: the checkpoint %s is beyond pretraining", j.First, j.Checkpoint)
		}
		return nil
	}
	programs := make([]string, len(stages))
	for i, s := range stages {
		program, remove, err := scratch.Build(s.Program)
		if err != nil {
			return err
		}
		defer remove()
		programs[i] = program
	}
	w := initial(c.Program.Params, c.Model.Training.Seed)
	work := *j
	work.Validation, work.Epochs, work.Origin, work.First = "", 0, "", ""
	for i := range stages {
		layer := c.Program.Train.Stages[i]
		t.stage = &stage{Number: i + 1, Of: len(stages), Layer: layer.Layer, In: layer.In, Out: layer.Out}
		work.Checkpoint = stageCheckpoint(j.Checkpoint, i+1)
		if err := t.trainStage(programs[i], work, &w, filepath.Join(dir, "stage")); err != nil {
			return err
		}
		if i == len(stages)-1 {
			break
		}
		codes := filepath.Join(dir, "codes"+strconv.Itoa(i))
		if err := scratch.Run(programs[i], job.Job{Kind: job.Encode, Data: work.Data, Weights: filepath.Join(dir, "stage"), Output: codes, Threads: j.Threads}, t.show); err != nil {
			return err
		}
		if work.Data != j.Data {
			os.Remove(work.Data)
		}
		work.Data = codes
	}
	t.stage = nil
	j.Start = filepath.Join(dir, "pretrained")
	return writeWeights(j.Start, w)
}

// trainStage trains one layer from its weights in w and puts those that it ends with there and into a file.
func (t *training) trainStage(program string, j job.Job, w *weights.File, output string) error {
	j.Start, j.Output = output+".start", output
	if err := writeWeights(j.Start, *w); err != nil {
		return err
	}
	if err := scratch.Run(program, j, t.show); err != nil {
		return err
	}
	f, err := os.Open(output)
	if err != nil {
		return err
	}
	defer f.Close()
	trained, err := weights.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", output, err)
	}
	for i := range w.Tensors {
		for _, t := range trained.Tensors {
			if t.Name == w.Tensors[i].Name {
				w.Tensors[i] = t
			}
		}
	}
	return nil
}

// initial are the weights that a model has at the start, by the seed.
func initial(params []*plan.Param, seed uint64) weights.File {
	var blocks []block.Block
	for _, p := range params {
		blocks = append(blocks, block.Block{Weight: p.Weight, Bias: p.Bias, In: p.In, Out: p.Out, Bound: p.Bound, Panels: make([]float32, p.Floats())})
	}
	block.Init(blocks, seed)
	return weights.File{Tensors: block.Tensors(blocks, "")}
}

func writeWeights(path string, w weights.File) error {
	return atomicfile.Write(path, func(out io.Writer) error { return weights.Write(out, w) })
}

// removeLeftovers removes the checkpoints of stages: they are not needed beside one of the joint training.
func (t *training) removeLeftovers() {
	for _, path := range t.leftovers {
		os.Remove(path)
	}
	t.leftovers = nil
}

// encoding shows how far the samples are that the next layer is trained on.
func (t *training) encoding(a *job.Advance) {
	t.line.Status("%scodes for the next layer  %d of %d samples  %s left", t.stage, a.Done, a.Samples, terminal.Duration(a.Left))
}
