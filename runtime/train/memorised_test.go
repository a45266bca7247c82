package train

import (
	"math"
	"testing"
)

// TestMemorised plays courses of the two losses.
func TestMemorised(t *testing.T) {
	for _, c := range []struct {
		name             string
		first            float64
		loss, validation []float64
		lowest           int // epoch, 0 where nothing is to be said
		shared           float64
	}{
		{"both fall", 10, []float64{8, 4, 1}, []float64{8, 5, 3}, 0, 0},
		{"validation turns, near training", 10, []float64{8, 4, 2}, []float64{8, 2.5, 2.75}, 0, 0},
		{"validation turns, far from training", 10, []float64{8, 4, 2}, []float64{8, 5, 6}, 2, 0.5},
		{"validation never falls", 10, []float64{8, 4, 0}, []float64{9.5, 9.6, 12}, 1, -0.2},
		{"nothing falls", 10, []float64{9, 10, 11}, []float64{9, 20, 30}, 0, 0},
		{"training rises again", 10, []float64{8, 4, 5}, []float64{8, 7, 9}, 0, 0},
	} {
		var l loop
		l.First = c.first
		for i, loss := range c.loss {
			l.Epoch, l.Loss, l.Validation = i+1, loss, &c.validation[i]
			l.watch()
		}
		got := l.memorised()
		switch {
		case got == nil && c.lowest == 0:
		case got == nil || c.lowest == 0:
			t.Errorf("%s: %+v", c.name, got)
		default:
			last := len(c.loss) - 1
			want := Memorised{c.loss[last], c.validation[last], c.validation[c.lowest-1], c.lowest, c.shared}
			if *got != want {
				t.Errorf("%s: %+v, want %+v", c.name, *got, want)
			}
		}
	}
	l := loop{First: 10, Loss: 1, Epoch: 3}
	if l.watch(); l.memorised() != nil {
		t.Error("without validation, something was said")
	}
}

// TestMemorisedRuns plays the ends of runs on Fashion-MNIST that were validated on images that they did not learn from. Runs are said to
// memorise from a tenth on that validation lacks of what training has gained.
func TestMemorisedRuns(t *testing.T) {
	for _, c := range []struct {
		run                     string
		first, loss, validation float64
		epochs                  int
		training, lowest        float64 // in the epoch of the lowest validation loss
		epoch                   int
		missing                 float64 // what validation lacks of the gain
		says                    bool
	}{
		{"capacity.ae, 200 images and a code of one number", 0.20958, 0.00062284, 0.0862151, 10_000, 0.0523626, 0.0595071, 71, 0.4096, true},
		{"fashion.ae, 1,000 images", 557.2222, 200.1029, 239.1150, 400, 210.5472, 234.8185, 134, 0.1092, true},
		{"fashion.ae, 5,000 images", 556.3266, 208.8694, 221.2964, 150, 209.0276, 220.4682, 147, 0.0358, false},
		{"fashion.ae, 60,000 images", 556.5342, 211.3008, 213.4507, 20, 211.5079, 213.4067, 19, 0.0062, false},
	} {
		l := loop{First: c.first, Epoch: c.epoch, Loss: c.training, Validation: &c.lowest}
		l.watch()
		l.Epoch, l.Loss, l.Validation = c.epochs, c.loss, &c.validation
		l.watch()
		if missing := (c.validation - c.loss) / (c.first - c.loss); math.Abs(missing-c.missing) > 1e-4 {
			t.Errorf("%s: validation lacks %.4f, want %.4f", c.run, missing, c.missing)
		}
		if got := l.memorised(); (got != nil) != c.says {
			t.Errorf("%s: %+v", c.run, got)
		}
	}
}

// TestARunSaysThatItMemorises trains on samples that have nothing in common with those of validation, and resumes from the middle.
func TestARunSaysThatItMemorises(t *testing.T) {
	cfg := config
	cfg.Epochs, cfg.Schedule = 40, Schedule{}
	run := func(epochs int, val []sample, opt Options) Result {
		cfg.Epochs = epochs
		r, err := Run(t.Context(), newLinear(3), cfg, data, val, opt)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	whole := run(40, misleading, Options{})
	if whole.Memorised == nil || whole.Memorised.Training != whole.Loss || whole.Memorised.Validation != *whole.Validation || whole.Memorised.LowestEpoch >= 40 {
		t.Errorf("%+v says %+v", whole, whole.Memorised)
	}
	if r := run(40, data, Options{}); r.Memorised != nil {
		t.Errorf("validated on the training samples, the run says %+v", r.Memorised)
	}
	path := t.TempDir() + "/checkpoint"
	run(20, misleading, Options{Checkpoint: path})
	if r := run(40, misleading, Options{Checkpoint: path, Resume: true}); r.Memorised == nil || *r.Memorised != *whole.Memorised {
		t.Errorf("resumed, the run says %+v, not %+v", r.Memorised, whole.Memorised)
	}
}
