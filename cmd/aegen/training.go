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
	validation  string // the last, as shown
	brief       bool   // epochs never are lines of their own, and the end says no next command
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
	if val != nil {
		if j.Validation, err = writeRaw(dir, "val", val); err != nil {
			return err
		}
	}
	for _, path := range []*string{&j.Output, &j.Checkpoint} {
		if *path != "" {
			if *path, err = filepath.Abs(*path); err != nil {
				return err
			}
		}
	}
	err = scratch.Run(program, j, t.show)
	t.line.Clear()
	if errors.Is(err, scratch.ErrInterrupted) {
		if t.checkpoint != "" {
			return fmt.Errorf("interrupted; to go on: %s", commandLine(t.cmd, t.spec, "resume")+" -resume")
		}
		return errors.New("interrupted; nothing was written (-checkpoint FILE keeps the state of a run)")
	}
	return err
}

// show shows one message.
func (t *training) show(m job.Message) {
	if t.json {
		text, err := json.Marshal(m)
		if err == nil {
			fmt.Fprintf(t.cmd.OutOrStdout(), "%s\n", text)
		}
		return
	}
	switch {
	case m.Trained != nil:
		t.trained(m.Trained)
	case t.quiet:
	case m.Started != nil:
		s := m.Started
		from := ""
		if s.Resumed {
			from = fmt.Sprintf(", resumed after %d epochs and %d steps", s.Epoch, s.Step)
		}
		t.line.Say("%d samples, %d for validation; %d epochs of %d steps%s", s.Samples, s.Validation, s.Epochs, s.Steps, from)
	case m.Progress != nil:
		p := m.Progress
		t.line.Status("epoch %d  step %d/%d  loss %.6g%s  rate %.3g  %s samples/s  %s left", p.Epoch, p.Step, p.Steps, p.Loss, t.validation, p.Rate, terminal.Count(p.Speed), terminal.Duration(p.Left))
	case m.Epoch != nil:
		e := m.Epoch
		if e.Validation != nil {
			t.validation = fmt.Sprintf("  validation %.6g", *e.Validation)
		}
		show := t.line.Say
		if t.brief || t.line.Rewrites() {
			show = t.line.Status
		}
		show("epoch %d  loss %.6g%s  rate %.3g  %s samples/s  %s left", e.Epoch, e.Loss, t.validation, e.Rate, terminal.Count(e.Speed), terminal.Duration(e.Left))
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
	next := []string{"aegen eval", quoted(t.spec)}
	if set := t.cmd.Flags().Lookup("set"); set.Changed {
		next = append(next, flagWords(set)...)
	}
	t.line.Say("weights: %s\nnext: %s -weights %s -data FILE", path, strings.Join(next, " "), quoted(path))
}
