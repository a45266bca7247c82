package train

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"
)

var (
	data   = samples(50, 1)
	val    = samples(20, 2)
	config = Config{Batch: 16, Epochs: 5, Seed: 3, Rate: 0.05, Schedule: Schedule{Curve: Cosine, Floor: 0.1, Warmup: 1}}
)

func TestRunLearns(t *testing.T) {
	l := newLinear(3)
	cfg := config
	cfg.Epochs = 60
	before, result := math.NaN(), Result{}
	result, err := Run(t.Context(), l, cfg, data, val, Options{Event: func(e Event) {
		if e, ok := e.(*Epoch); ok && e.Epoch == 1 {
			before = *e.Validation
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if result.End != Finished || result.Epochs != 60 || result.Kept != 60 || !(*result.Validation < 0.01) || !(before > 0.2) {
		t.Errorf("result %+v with validation %g, after one epoch %g", result, *result.Validation, before)
	}
}

func TestEachEpochTakesEachSampleOnce(t *testing.T) {
	l := newLinear(3)
	var epochs []*Epoch
	_, err := Run(t.Context(), l, config, data, nil, Options{Event: func(e Event) {
		if e, ok := e.(*Epoch); ok {
			epochs = append(epochs, e)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Repeat([]int{16, 16, 16, 2}, 5); !slices.Equal(l.sizes, want) {
		t.Errorf("batches of %v, want %v", l.sizes, want)
	}
	if len(epochs) != 5 || epochs[4].Epoch != 5 || epochs[0].Validation != nil {
		t.Errorf("epochs %+v", epochs)
	}
	if got, want := l.rates[1], 0.05*0.25*(0.1+0.9*(1+math.Cos(math.Pi*0.25/5))/2); math.Abs(got-want) > 1e-15 {
		t.Errorf("rate of step 1 is %g, want %g", got, want)
	}
	if l.times[0] != 0 || l.times[1] != 0.25 || l.times[19] != 4.75 {
		t.Errorf("steps at the times %v", l.times)
	}
}

// TestEpochsFollowTheirOrder sees which samples the steps of two epochs get.
func TestEpochsFollowTheirOrder(t *testing.T) {
	cfg := config
	cfg.Epochs = 2
	l := newLinear(3)
	if _, err := Run(t.Context(), l, cfg, data, nil, Options{}); err != nil {
		t.Fatal(err)
	}
	var want []sample
	for epoch := range 2 {
		order := make([]int32, len(data))
		Order(order, cfg.Seed, epoch)
		for _, i := range order {
			want = append(want, data[i])
		}
	}
	if !slices.Equal(l.seen, want) {
		t.Error("the steps got other samples than Order says")
	}
	if slices.Equal(want[:len(data)], want[len(data):]) || slices.Equal(want[:len(data)], data) {
		t.Error("epochs have the same order")
	}
}

// TestTheLossIsWeightedByBatches: an epoch without learning has the mean loss of its samples, a short batch included.
func TestTheLossIsWeightedByBatches(t *testing.T) {
	l := newLinear(3)
	cfg := config
	cfg.Rate, cfg.Epochs = 0, 1
	result, err := Run(t.Context(), l, cfg, data, data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(result.Loss-*result.Validation) > 1e-7 {
		t.Errorf("loss %g, of the same samples scored %g", result.Loss, *result.Validation)
	}
}

func TestSchedule(t *testing.T) {
	for _, c := range []struct {
		s           Schedule
		epoch, want float64
	}{
		{Schedule{Curve: Constant}, 7, 1},
		{Schedule{Curve: Constant, Warmup: 4}, 1, 0.25},
		{Schedule{Curve: Constant, Warmup: 4}, 0, 0},
		{Schedule{Curve: Constant, Warmup: 4}, 4, 1},
		{Schedule{Curve: Step, Every: 2, Factor: 0.5}, 1.99, 1},
		{Schedule{Curve: Step, Every: 2, Factor: 0.5}, 2, 0.5},
		{Schedule{Curve: Step, Every: 2, Factor: 0.5, Warmup: 8}, 4, 0.125},
		{Schedule{Curve: Cosine, Floor: 0.2}, 0, 1},
		{Schedule{Curve: Cosine, Floor: 0.2}, 5, 0.6},
		{Schedule{Curve: Cosine, Floor: 0.2}, 10, 0.2},
	} {
		if got := c.s.At(c.epoch, 10); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%+v at %g is %g, want %g", c.s, c.epoch, got, c.want)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	_, err := Run(t.Context(), newLinear(3), config, nil, nil, Options{})
	fails(t, err, "train: there are no samples")
	_, err = Run(t.Context(), newLinear(3), Config{Stop: Stop{Patience: 1}, Batch: 1}, data, nil, Options{})
	fails(t, err, "train: early stopping needs validation samples, and there are none")
	_, err = Run(t.Context(), newLinear(3), Config{}, data, nil, Options{})
	fails(t, err, "train: a batch of 0 samples")
}

func fails(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestEarlyStoppingKeepsTheBest: validation samples of another kind get worse soon.
func TestEarlyStoppingKeepsTheBest(t *testing.T) {
	cfg := Config{Batch: 16, Epochs: 200, Seed: 3, Rate: 0.05, Stop: Stop{Patience: 4}}
	l := newLinear(3)
	history := []float64{math.Inf(1)}
	states := []string{""}
	result, err := Run(t.Context(), l, cfg, data, misleading, Options{Event: func(e Event) {
		if e, ok := e.(*Epoch); ok {
			history, states = append(history, *e.Validation), append(states, weightBits(l))
			if e.Best != (*e.Validation == slices.Min(history)) {
				t.Errorf("epoch %d says best %v, history %v", e.Epoch, e.Best, history)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	best := slices.Index(history, slices.Min(history))
	if best < 2 || result.End != Early || result.Epochs != best+4 || result.Kept != best || *result.Validation != history[best] {
		t.Errorf("best epoch %d, result %+v, history %v", best, result, history)
	}
	if weightBits(l) != states[best] {
		t.Errorf("the trainer does not hold the weights of epoch %d", best)
	}
}

// misleading improves at first, while the plane of data is found, and then gets worse.
var misleading = func() []sample {
	x := samples(20, 2)
	for i := range x {
		x[i][3] = -x[i][3] * 0.3
	}
	return x
}()

func weightBits(l *linear) string { c := linear{w: l.w}; return c.bits() }

func TestDeltaIsTheLeastImprovement(t *testing.T) {
	cfg := config
	cfg.Stop = Stop{Patience: 2, Delta: 10}
	result, err := Run(t.Context(), newLinear(3), cfg, data, val, Options{})
	if err != nil || result.End != Early || result.Epochs != 3 || result.Kept != 1 {
		t.Errorf("result %+v, error %v", result, err)
	}
}

func TestProgressIsThrottled(t *testing.T) {
	l := newLinear(3)
	l.loss = func(int) float64 { time.Sleep(pace / 10); return 0.5 }
	cfg := config
	cfg.Batch, cfg.Epochs = 1, 1
	var all []*Progress
	if _, err := Run(t.Context(), l, cfg, data, nil, Options{Event: func(e Event) {
		if e, ok := e.(*Progress); ok {
			all = append(all, e)
		}
	}}); err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 || len(all) > 10 {
		t.Fatalf("%d events in 50 steps, want about 5", len(all))
	}
	p := all[0]
	if p.Loss != 0.5 || p.Epoch != 1 || p.Steps != 50 || p.Step < 1 || p.Step > 11 || p.Speed > 50.1 || !(p.Left > 0) {
		t.Errorf("%+v", p)
	}
}

func TestACancelledRunIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l := newLinear(3)
	l.loss = func(step int) float64 {
		if step == 6 {
			cancel()
		}
		return 1
	}
	result, err := Run(ctx, l, config, data, val, Options{})
	if err != nil || result.End != Interrupted || result.Epochs != 1 || l.steps != 6 {
		t.Errorf("result %+v after %d steps, error %v", result, l.steps, err)
	}
}
