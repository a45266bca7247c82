package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/runtime/job"
	"github.com/spf13/cobra"
)

// training shows one run.
type training struct {
	cmd         *cobra.Command
	spec        string
	checkpoint  string
	line        *terminal.Line
	quiet, json bool
	validation  string   // the last, as shown
	roomy       bool     // whether the decoder could hold the samples by heart
	brief       bool     // epochs never are lines of their own, and the end says no next command
	stage       *stage   // of pretraining, or nil
	leftovers   []string // checkpoints of stages, until the joint training has one
}

func (t *training) run(c *compiler.Compilation, data, val *dataset.Table, j job.Job) error {
	if !t.quiet && !t.json {
		t.line.Status("building the model")
	}
	program, remove, err := scratch.Build(c.Program)
	if err != nil {
		return err
	}
	defer remove()
	dir, err := os.MkdirTemp("", "aegen-data-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if j.Data, err = writeRaw(dir, "data", data); err != nil {
		return err
	}
	if j.Targets, err = writeTargets(dir, "targets", data, c.Program); err != nil {
		return err
	}
	if val != nil {
		if j.Validation, err = writeRaw(dir, "val", val); err != nil {
			return err
		}
		if j.ValidationTargets, err = writeTargets(dir, "val-targets", val, c.Program); err != nil {
			return err
		}
	}
	for _, path := range []*string{&j.Output, &j.Checkpoint, &j.First} {
		if *path != "" {
			if *path, err = filepath.Abs(*path); err != nil {
				return err
			}
		}
	}
	if len(c.Model.Stages) > 0 {
		err = t.pretrain(c, &j, dir)
	}
	if err == nil {
		err = scratch.Run(program, j, t.show)
	}
	t.line.Clear()
	if errors.Is(err, scratch.ErrInterrupted) {
		if t.checkpoint != "" {
			return fmt.Errorf("interrupted; to go on: %s", commandLine(t.cmd, t.spec, "resume")+" -resume")
		}
		return errors.New("interrupted; nothing was written (-checkpoint FILE keeps the state of a run)")
	}
	return err
}

// event is a line of -json: a message, and the stage of pretraining that it is of.
type event struct {
	Stage *stage `json:"stage,omitempty"`
	job.Message
}

// of begins what is said of a stage of pretraining.
func (t *training) of() string {
	if t.stage == nil {
		return ""
	}
	return t.stage.String()
}

// show shows one message.
func (t *training) show(m job.Message) {
	if m.Saved != nil && t.stage == nil {
		t.removeLeftovers()
	}
	if t.json {
		text, err := json.Marshal(event{t.stage, m})
		if err == nil {
			fmt.Fprintf(t.cmd.OutOrStdout(), "%s\n", text)
		}
		return
	}
	switch {
	case m.Trained != nil && t.stage == nil:
		t.trained(m.Trained)
	case t.quiet:
	case m.Trained != nil:
		t.line.Say("%sloss %.6g after %d epochs in %s", t.of(), m.Trained.Loss, m.Trained.Epochs, terminal.Duration(m.Trained.Seconds))
	case m.Advance != nil:
		t.encoding(m.Advance)
	case m.Started != nil:
		s := m.Started
		from := ""
		if s.Resumed {
			from = fmt.Sprintf(", resumed after %d epochs and %d steps", s.Epoch, s.Step)
		}
		t.line.Say("%s%d samples, %d for validation; %d epochs of %d steps%s", t.of(), s.Samples, s.Validation, s.Epochs, s.Steps, from)
	case m.Progress != nil:
		p := m.Progress
		t.line.Status("%sepoch %d  step %d/%d  loss %.6g%s  rate %.3g  %s samples/s  %s left", t.of(), p.Epoch, p.Step, p.Steps, p.Loss, t.validation, p.Rate, terminal.Count(p.Speed), terminal.Duration(p.Left))
	case m.Epoch != nil:
		e := m.Epoch
		if e.Validation != nil {
			t.validation = fmt.Sprintf("  validation %.6g", *e.Validation)
		}
		show := t.line.Say
		if t.brief || t.line.Rewrites() {
			show = t.line.Status
		}
		show("%sepoch %d  loss %.6g%s  rate %.3g  %s samples/s  %s left", t.of(), e.Epoch, e.Loss, t.validation, e.Rate, terminal.Count(e.Speed), terminal.Duration(e.Left))
	}
}

func (t *training) trained(r *job.Trained) {
	val := ""
	if r.Validation != nil {
		val = fmt.Sprintf(", validation %.6g", *r.Validation)
	}
	path := r.Path
	if wd, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(wd, r.Path); err == nil && len(short) < len(path) {
			path = short
		}
	}
	t.line.Say("%s after %d epochs in %s: loss %.6g%s", r.End, r.Epochs, terminal.Duration(r.Seconds), r.Loss, val)
	if t.brief {
		return
	}
	t.memorised(r)
	next := []string{"aegen eval", quoted(t.spec)}
	if set := t.cmd.Flags().Lookup("set"); set.Changed {
		next = append(next, flagWords(set)...)
	}
	if labels, _ := t.cmd.Flags().GetString("labels"); labels != "" {
		next = append(next, "-labels FILE")
	}
	t.line.Say("weights: %s\nnext: %s -weights %s -data FILE", path, strings.Join(next, " "), quoted(path))
}
