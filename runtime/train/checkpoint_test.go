package train

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/weights"
)

// stopping runs out of patience after some epochs on misleading samples.
var stopping = Config{Batch: 16, Epochs: 200, Seed: 3, Rate: 0.05, Stop: Stop{Patience: 3},
	Schedule: Schedule{Curve: Step, Every: 2.5, Factor: 0.9}}

// TestResumedIsUninterrupted takes a copy of the checkpoint at every step, and goes on from each.
func TestResumedIsUninterrupted(t *testing.T) {
	for name, cfg := range map[string]Config{"all epochs": config, "early stopping": stopping} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "checkpoint")
			whole := newLinear(3)
			var copies []string
			want, err := Run(t.Context(), whole, cfg, data, misleading, Options{
				Checkpoint: path, EverySteps: 1, Event: func(e Event) {
					if _, ok := e.(*Saved); ok {
						copies = append(copies, filepath.Join(dir, fmt.Sprint(len(copies))))
						if err := os.Link(path, copies[len(copies)-1]); err != nil {
							t.Fatal(err)
						}
					}
				}})
			if err != nil {
				t.Fatal(err)
			}
			if len(copies) != 4*want.Epochs {
				t.Fatalf("%d checkpoints in %d epochs of 4 steps", len(copies), want.Epochs)
			}
			for i, from := range copies {
				l := newLinear(77)
				got, err := Run(t.Context(), l, cfg, data, misleading, Options{Checkpoint: from, Resume: true})
				if err != nil {
					t.Fatal(err)
				}
				if l.bits() != whole.bits() || summary(got) != summary(want) {
					t.Errorf("resumed after %d steps: %s\n%s, want %s\n%s", i+1, summary(got), l.bits(), summary(want), whole.bits())
				}
			}
		})
	}
}

// summary says all of a result but the time.
func summary(r Result) string {
	return fmt.Sprintf("%s after %d epochs, %x, %x of %d", r.End, r.Epochs, r.Loss, *r.Validation, r.Kept)
}

// TestInterruptedOverAndOver cancels the run every few steps.
func TestInterruptedOverAndOver(t *testing.T) {
	whole := newLinear(3)
	if _, err := Run(t.Context(), whole, stopping, data, misleading, Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	for range 1000 {
		ctx, cancel := context.WithCancel(t.Context())
		l := newLinear(3)
		l.interrupt, l.after = cancel, 3
		result, err := Run(ctx, l, stopping, data, misleading, Options{Checkpoint: path, Resume: true})
		if err != nil {
			t.Fatal(err)
		}
		if result.End == Interrupted {
			continue
		}
		if l.bits() != whole.bits() {
			t.Errorf("%s, want %s", l.bits(), whole.bits())
		}
		return
	}
	t.Error("the run does not end")
}

func TestMoreEpochsGoOnWhereFewerEnded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	long := Config{Batch: 16, Epochs: 6, Seed: 3, Rate: 0.05}
	whole, l := newLinear(3), newLinear(3)
	if _, err := Run(t.Context(), whole, long, data, nil, Options{}); err != nil {
		t.Fatal(err)
	}
	short := long
	short.Epochs = 4
	for _, cfg := range []Config{short, long} {
		if _, err := Run(t.Context(), l, cfg, data, nil, Options{Checkpoint: path, Resume: true}); err != nil {
			t.Fatal(err)
		}
	}
	if l.bits() != whole.bits() {
		t.Errorf("%s, want %s", l.bits(), whole.bits())
	}
}

func TestACheckpointOfAnotherRunIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	if _, err := Run(t.Context(), newLinear(3), config, data, val, Options{Checkpoint: path}); err != nil {
		t.Fatal(err)
	}
	altered := samples(50, 1)
	altered[49][3]++
	for _, c := range []struct {
		change func(*Config)
		data   []sample
		want   string
	}{
		{func(c *Config) { c.Batch = 8 }, data, "batch: 8 expected, 16 found"},
		{func(c *Config) { c.Seed = 9 }, data, "seed: 9 expected, 3 found"},
		{func(c *Config) { c.Rate = 0.1 }, data, "rate: 0.1 expected, 0.05 found"},
		{func(c *Config) { c.Epochs = 9 }, data, "schedule: cosine(floor: 0.1) over 9 epochs, warmup: 1 expected, cosine(floor: 0.1) over 5 epochs, warmup: 1 found"},
		{func(c *Config) { c.Stop.Patience = 2 }, data, "stop: early(patience: 2, delta: 0) expected, early(patience: 0, delta: 0) found"},
		{func(*Config) {}, data[:49], "data: " + describe(data[:49]) + " expected, " + describe(data) + " found"},
		{func(*Config) {}, altered, "data: " + describe(altered) + " expected, " + describe(data) + " found"},
	} {
		cfg := config
		c.change(&cfg)
		l := newLinear(3)
		before := l.bits()
		_, err := Run(t.Context(), l, cfg, c.data, val, Options{Checkpoint: path, Resume: true})
		fails(t, err, "train: checkpoint "+path+": "+c.want+": it belongs to another run")
		if l.bits() != before {
			t.Errorf("%s: the trainer has changed", c.want)
		}
	}
	_, err := Run(t.Context(), newLinear(3), config, data, val, Options{Checkpoint: path, Resume: true, Origin: "elsewhere"})
	fails(t, err, "train: checkpoint "+path+": origin: elsewhere expected, none found: it belongs to another run")
}

func TestOtherFilesAreNoCheckpoints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	l := newLinear(3)
	resume := func(want string) {
		t.Helper()
		_, err := Run(t.Context(), l, config, data, val, Options{Checkpoint: path, Resume: true})
		fails(t, err, "train: checkpoint "+path+": "+want)
	}
	os.WriteFile(path, []byte("?"), 0o644)
	resume("weights: not a safetensors file: the file is cut off")
	write(t, path, l.Weights())
	resume("these are weights without the state of a run")
	other := l.Weights()
	other.Metadata["aegen.model"], other.Metadata["aegen.fingerprint"] = "Other", "22"
	write(t, path, other)
	resume("weights: weights of Linear (fingerprint 11) expected, those of Other (fingerprint 22) found")
}

func write(t *testing.T, path string, f weights.File) {
	t.Helper()
	if err := atomicfile.Write(path, func(w io.Writer) error { return weights.Write(w, f) }); err != nil {
		t.Fatal(err)
	}
}

func TestDescribeIsAChecksumOfTheBytes(t *testing.T) {
	// The CRC-32C of 32 zero bytes is 8a9136aa: RFC 3720, B.4.
	if got, want := describe(make([]sample, 2)), "2 samples of 4 values with checksum 8a9136aa"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
