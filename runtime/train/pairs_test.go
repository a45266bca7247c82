package train

import (
	"path/filepath"
	"testing"
)

// labelled is a trainer of pairs that does not look at its targets.
type labelled struct{ *linear }

func (l labelled) Step(x []sample, _ []int32) float64            { return l.linear.Step(x) }
func (l labelled) ScoreBatch(s []float32, x []sample, _ []int32) { l.linear.ScoreBatch(s, x) }
func (l labelled) Diagnose(x []sample, _ []int32) *Fault         { return l.linear.Diagnose(x) }

func labels(n int) []int32 {
	y := make([]int32, n)
	for i := range y {
		y[i] = int32(i % 3)
	}
	return y
}

// TestACheckpointBelongsToItsTargets resumes with the same targets, and with others.
func TestACheckpointBelongsToItsTargets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	run := func(y []int32, resume bool) error {
		_, err := RunPairs(t.Context(), labelled{newLinear(3)}, config, Pairs[sample, int32]{data, y}, Pairs[sample, int32]{}, Options{Checkpoint: path, Resume: resume})
		return err
	}
	y := labels(len(data))
	for _, resume := range []bool{false, true} {
		if err := run(y, resume); err != nil {
			t.Fatal(err)
		}
	}
	y[7]++
	if err := run(y, true); err == nil {
		t.Error("a checkpoint of other targets was taken up")
	}
}

func TestTargetsAreAsManyAsSamples(t *testing.T) {
	_, err := RunPairs(t.Context(), labelled{newLinear(3)}, config, Pairs[sample, int32]{data, labels(3)}, Pairs[sample, int32]{}, Options{})
	fails(t, err, "train: 50 targets expected, one for each sample, 3 found")
}
