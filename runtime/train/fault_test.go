package train

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/aegen/aegen/runtime/weights"
)

// TestLossThatIsNotFinite ends a run by its loss: with the reason where there is one, in a weight, in a sample, and without.
func TestLossThatIsNotFinite(t *testing.T) {
	const end = ". A lower learning rate or `clip norm(1)` may help"
	infinite := func(step int) float64 { return map[bool]float64{false: 1, true: math.Inf(1)}[step == 7] }
	for _, c := range []struct {
		name  string
		spoil func(l *linear)
		want  string
	}{
		{"no reason", func(*linear) {}, "train: the loss is not finite in epoch 2, step 3 of 4, at learning rate 0.04072516817658065" + end},
		{"a weight", func(l *linear) { l.w[3] = float32(math.Inf(-1)) }, "train: the loss is not finite in epoch 2, step 3 of 4, at learning rate 0.04072516817658065: " +
			"the first such number is -Inf, value 3 of E, computed by update[sgd] at linear.ae:3:1; the largest before it is 0.5" + end},
		{"the optimiser's", func(l *linear) { l.v[1] = float32(math.NaN()) }, "train: the loss is not finite in epoch 2, step 3 of 4, at learning rate 0.04072516817658065: " +
			"the first such number is NaN, value 1 of v, computed by update[sgd]; the largest before it is 0.5" + end},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLinear(3)
			l.loss = func(step int) float64 {
				if step == 7 {
					for i := range l.w {
						l.w[i], l.v[i] = 0.5, 0
					}
					c.spoil(l)
				}
				return infinite(step)
			}
			_, err := Run(t.Context(), l, config, data, nil, Options{})
			fails(t, err, c.want)
			var e *NotFinite
			if !errors.As(err, &e) || e.Epoch != 2 || e.Step != 3 || e.What != "the loss" || (e.Fault == nil) != (c.name == "no reason") {
				t.Errorf("%+v", e)
			}
		})
	}
}

// TestAVarianceThatIsInfinite is told what bounds it.
func TestAVarianceThatIsInfinite(t *testing.T) {
	e := &NotFinite{Epoch: 1, Step: 6, Steps: 43, Rate: 1e-3, What: "the loss", Fault: &Fault{Value: "+Inf", Of: "kl", Op: "sample[stream 0x1000000000]", Place: "v.ae:6:17", Largest: 9.84e24}}
	fails(t, e, "train: the loss is not finite in epoch 1, step 6 of 43, at learning rate 0.001: the first such number is +Inf, value 0 of kl, computed by sample[stream 0x1000000000] at v.ae:6:17; "+
		"the largest before it is 9.84e+24. A variance is e to what a layer makes: an activation with bounds before it, as `tanh`, helps where samples lie far from the others; a lower learning rate or `clip norm(1)` may")
}

// TestASampleThatIsInfinite names the sample among all of training, and the kernel.
func TestASampleThatIsInfinite(t *testing.T) {
	l := newLinear(3)
	huge := append([]sample(nil), data...)
	huge[5][2] = float32(math.Inf(1))
	cfg := config
	cfg.Batch = 1
	_, err := Run(t.Context(), l, cfg, huge, nil, Options{})
	var e *NotFinite
	if !errors.As(err, &e) || e.Fault == nil || e.Fault.Sample == nil || *e.Fault.Sample != 5 || e.Fault.Op == "" {
		t.Errorf("%v, want one that names sample 5", err)
	}
}

// TestValidationThatIsNotFinite names the first such sample.
func TestValidationThatIsNotFinite(t *testing.T) {
	l := newLinear(3)
	huge := append([]sample(nil), val...)
	huge[2][0] = float32(math.Inf(1))
	_, err := Run(t.Context(), l, config, data, huge, Options{})
	var e *NotFinite
	if !errors.As(err, &e) || e.What != "the validation loss" || e.Epoch != 1 || e.Step != 4 || e.Fault == nil || *e.Fault.Sample != 2 {
		t.Errorf("%v, want one of the validation loss that names sample 2", err)
	}
}

// TestCheckpointsAreFinite: weights that leave the range of float32 while the loss does not, at the end of an epoch. The checkpoint is
// still that of the epoch before, and a run without checkpoints fails as well.
func TestCheckpointsAreFinite(t *testing.T) {
	run := func(path string, epochs, bad int) error {
		l := newLinear(3)
		l.loss = func(step int) float64 {
			if step == bad {
				l.w[0] = float32(math.NaN())
			}
			return 1
		}
		cfg := config
		cfg.Epochs, cfg.Schedule = epochs, Schedule{}
		_, err := Run(t.Context(), l, cfg, data, nil, Options{Checkpoint: path})
		return err
	}
	whole, path := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "checkpoint")
	if err := run(whole, 1, 0); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, ""} {
		err := run(path, 2, 8)
		var e *NotFinite
		if !errors.As(err, &e) || e.What != "the state" || e.Epoch != 2 || e.Step != 4 || e.Fault == nil || e.Fault.Of != "E" || e.Fault.Place != "linear.ae:3:1" {
			t.Errorf("with checkpoint %q: %v", path, err)
		}
	}
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the checkpoint is not that of the epoch before (%v)", err)
	}
	if _, err := weights.Read(bytes.NewReader(got)); err != nil {
		t.Error(err)
	}
}
