package alarm

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func TestChiSquareTail(t *testing.T) { // tables of the distribution, and closed forms
	for _, c := range []struct {
		x       float64
		freedom int
		want    float64
	}{
		{3.841458820694124, 1, 0.05}, {5.991464547107979, 2, 0.05}, {16.918977604620448, 9, 0.05}, {27.877164871256568, 9, 0.001},
		{7, 2, math.Exp(-3.5)}, {7, 4, math.Exp(-3.5) * 4.5}, {0, 9, 1}, {0, 8, 1}, {3, 0, 1},
	} {
		if got := chiSquareTail(c.x, c.freedom); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("χ² of %d above %v: %v, want %v", c.freedom, c.x, got, c.want)
		}
	}
}

// drawn is a calibration of n normal numbers, and a Drift that has counted m of mean shift.
func drawn(t *testing.T, r *rand.Rand, n, m int, shift float64) *Drift {
	t.Helper()
	scores := make([]float32, n)
	for i := range scores {
		scores[i] = float32(r.NormFloat64())
	}
	c, err := Calibrate(scores, Rate{1, 10}, "nats")
	if err != nil {
		t.Fatal(err)
	}
	d := NewDrift(c)
	for range m {
		d.Add(float32(r.NormFloat64() + shift))
	}
	return d
}

// TestDriftWithoutDrift holds the mean of the statistic, and how often it is large, with few and with many live scores.
func TestDriftWithoutDrift(t *testing.T) {
	const rounds = 2000
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range []struct{ n, m int }{{2000, 100}, {300, 300}, {200, 3000}} {
		mean, squares, rare := 0.0, 0.0, 0
		for range rounds {
			report := drawn(t, r, size.n, size.m, 0).Report()
			mean += report.Statistic / rounds
			squares += report.Statistic * report.Statistic / rounds
			if report.P < 0.05 {
				rare++
			}
			if report.Freedom != 9 || report.Samples != size.m {
				t.Fatalf("%+v", report)
			}
		}
		if e := 5 * math.Sqrt((squares-mean*mean)/rounds); math.Abs(mean-9) > e {
			t.Errorf("%v: the mean of the statistic is %v, 9 ± %v expected", size, mean, e)
		}
		if share := float64(rare) / rounds; math.Abs(share-0.05) > 0.02 {
			t.Errorf("%v: P is below 0.05 for %v of the reports", size, share)
		}
	}
}

func TestDriftIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, shift := range []float64{-0.5, 0.5} {
		if report := drawn(t, r, 1000, 1000, shift).Report(); !report.Differs {
			t.Errorf("scores moved by %v of their deviation: %+v", shift, report)
		}
	}
	if report := drawn(t, r, 1000, 40, 5).Report(); report.Differs || report.P != 1 {
		t.Errorf("40 scores, less than 5 expected in a bin: %+v", report)
	}
	d := drawn(t, r, 1000, 100, 5)
	if report := d.Report(); report.Alarms != 100 {
		t.Errorf("%d alarms of 100 scores far away", report.Alarms)
	}
	d.Reset()
	if report := d.Report(); report.Samples != 0 || report.Alarms != 0 || report.Differs {
		t.Errorf("after a reset: %+v", report)
	}
	d.Add(float32(math.NaN()))
	if report := d.Report(); report.Alarms != 1 || report.Samples != 1 {
		t.Errorf("after a score that is not a number: %+v", report)
	}
}

// TestEqualScores calibrates on scores of which many are equal.
func TestEqualScores(t *testing.T) {
	scores := slices.Repeat([]float32{1, 1, 1, 2}, 50)
	c, err := Calibrate(scores, Rate{1, 10}, "nats")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Bounds, []float32{1, 2}) || !slices.Equal(c.Counts, []int{150, 50, 1}) {
		t.Fatalf("bounds %v, counts %v", c.Bounds, c.Counts)
	}
	d := NewDrift(c)
	for _, s := range slices.Repeat(scores, 2) {
		d.Add(s)
	}
	if report := d.Report(); report.Differs {
		t.Errorf("the calibrated scores themselves: %+v", report)
	}
}

func TestDriftFromManyGoroutines(t *testing.T) {
	d := drawn(t, rand.New(rand.NewPCG(7, 8)), 100, 0, 0)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 10_000 {
				d.Add(float32(i % 3))
			}
		})
	}
	group.Wait()
	if report := d.Report(); report.Samples != 80_000 {
		t.Errorf("%d of 80000 scores counted", report.Samples)
	}
	if n := testing.AllocsPerRun(100, func() { d.Add(1) }); n != 0 {
		t.Errorf("Add allocates %v times", n)
	}
}
