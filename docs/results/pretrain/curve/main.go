// Command curve trains a spec and prints the squared error of held-out samples after each epoch against the time.
//
//	go run ./docs/results/pretrain/curve AEGEN HELD TRAIN-ARGUMENTS…
//
// AEGEN is the program, HELD the held-out samples, and the arguments are those of aegen train, the spec first. Seconds are counted from the first
// event of training to the end of an epoch: pretraining, the codes between its stages and checkpoints are counted, building
// the models is not. The weights of each epoch are kept by a second name of its checkpoint, and judged when training is over. It prints a JSON object a
// line: {"seconds":…,"epoch":…,"sse":…}; epoch 0 is the end of pretraining.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: curve AEGEN HELD SPEC …")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "curve:", err)
		os.Exit(1)
	}
}

// event is a line of aegen train -json.
type event struct {
	Stage *struct {
		Number int `json:"number"`
	} `json:"stage"`
	job.Message
}

// A point is an epoch's end, and the file of its weights.
type point struct {
	Seconds float64 `json:"seconds"`
	Epoch   int     `json:"epoch"`
	SSE     float64 `json:"sse"`
	path    string
}

func run(aegen, held string, args []string) error {
	dir, err := os.MkdirTemp("", "curve-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	points, err := train(aegen, dir, args)
	if err != nil {
		return err
	}
	for _, p := range points {
		if p.SSE, err = sse(aegen, args[0], held, p.path); err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(p); err != nil {
			return err
		}
	}
	return nil
}

// train runs aegen train and keeps the weights of each epoch in dir.
func train(aegen, dir string, args []string) ([]point, error) {
	checkpoint, first := filepath.Join(dir, "checkpoint"), filepath.Join(dir, "first")
	command := append([]string{"train"}, args...)
	command = append(command, "-json", "-checkpoint", checkpoint, "-o", filepath.Join(dir, "last"))
	text, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	layers := strings.Contains(string(text), "pretrain")
	if layers {
		command = append(command, "-pretrained", first)
	}
	cmd := exec.Command(aegen, command...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	points, err := follow(out, checkpoint, dir)
	if layers && len(points) > 0 {
		points[0].path = first
	} else if len(points) > 0 {
		points = points[1:] // the weights of the seed
	}
	return points, errors.Join(err, cmd.Wait())
}

// follow reads events. The first point is the beginning of the joint training.
func follow(out io.Reader, checkpoint, dir string) ([]point, error) {
	var points []point
	var began time.Time
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, err
		}
		if e.Started != nil && began.IsZero() {
			began = time.Now()
		}
		p := point{Seconds: time.Since(began).Seconds()}
		switch {
		case e.Stage != nil:
		case e.Started != nil:
			points = append(points, p)
		case e.Saved != nil && e.Saved.Step == 0:
			p.Epoch, p.path = e.Saved.Epoch, filepath.Join(dir, fmt.Sprint(e.Saved.Epoch))
			if err := os.Link(checkpoint, p.path); err != nil {
				return nil, err
			}
			points = append(points, p)
		}
	}
	return points, lines.Err()
}

// sse has aegen eval judge the weights of a checkpoint or of a file of weights.
func sse(aegen, spec, held, path string) (float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err != nil {
		return 0, err
	}
	// The optimiser's state is beside the weights.
	file.Tensors = slices.DeleteFunc(file.Tensors, func(t weights.Tensor) bool { return strings.HasPrefix(t.Name, "adam.") })
	only := path + ".weights"
	if err := atomicfile.Write(only, func(w io.Writer) error { return weights.Write(w, file) }); err != nil {
		return 0, err
	}
	text, err := exec.Command(aegen, "eval", spec, "-weights", only, "-data", held, "-json").Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	var scores job.Scores
	return scores.SSE, errors.Join(json.Unmarshal(text, &scores), nilOr(scores.SSE > 0, "no sse"))
}

// nilOr is an error unless a condition holds.
func nilOr(holds bool, text string) error {
	if holds {
		return nil
	}
	return errors.New(text)
}
