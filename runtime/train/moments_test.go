package train

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestMoments(t *testing.T) {
	for _, c := range []struct {
		values          []float64
		mean, deviation float64
	}{
		{[]float64{2, 4, 4, 4, 5, 5, 7, 9}, 5, 2},
		{[]float64{1e9 + 1, 1e9 + 2, 1e9 + 3}, 1e9 + 2, math.Sqrt(2.0 / 3)},
		{[]float64{0.1, 0.1, 0.1}, 0.1, 1}, // a column that never varies
		{[]float64{-3}, -3, 1},
		{nil, 0, 1},
	} {
		var m Moments
		for _, v := range c.values {
			m.Add(v)
		}
		mean, log := m.Standard()
		if mean != float32(c.mean) || math.Abs(math.Exp(float64(log))-c.deviation) > 1e-6 {
			t.Errorf("%v: mean %v, deviation %v; want %v and %v", c.values, mean, math.Exp(float64(log)), c.mean, c.deviation)
		}
	}
}

// standardising is a trainer that notes when it learned of how many samples.
type standardising struct {
	*linear
	learned int
	err     error
}

func (s *standardising) Standardise(x []sample) error {
	if s.linear.steps > 0 {
		panic("after a step")
	}
	s.learned += len(x)
	return s.err
}

// TestStandardiseComesFirst holds that a fresh run has its trainer learn of all samples before the first step, and a resumed one does not.
func TestStandardiseComesFirst(t *testing.T) {
	data, path := data[:20], t.TempDir()+"/ckpt"
	cfg := Config{Batch: 4, Epochs: 1, Rate: 0.1}
	first := &standardising{linear: newLinear(1)}
	if _, err := Run[sample](t.Context(), first, cfg, data, nil, Options{Checkpoint: path}); err != nil || first.learned != 20 {
		t.Errorf("%v: learned of %d samples, want 20", err, first.learned)
	}
	cfg.Epochs = 2
	second := &standardising{linear: newLinear(1)}
	if _, err := Run[sample](t.Context(), second, cfg, data, nil, Options{Checkpoint: path, Resume: true}); err != nil || second.learned != 0 {
		t.Errorf("%v: a resumed run learned of %d samples", err, second.learned)
	}
	third := &standardising{linear: newLinear(1), err: errors.New("sample 3: bytes: a finite number expected")}
	if _, err := Run[sample](t.Context(), third, cfg, data, nil, Options{}); err == nil || !strings.Contains(err.Error(), "sample 3") {
		t.Errorf("a sample that is refused: %v", err)
	}
}

// TestChecksumOfStructs holds that padding between fields does not count.
func TestChecksumOfStructs(t *testing.T) {
	type event struct {
		Flag  bool
		Load  float32
		Class uint8
		Hits  uint32
	}
	a, b := []event{{true, 1.5, 2, 7}}, []event{{true, 1.5, 2, 7}}
	if describe(a) != describe(b) || !strings.HasPrefix(describe(a), "1 samples of 4 fields with checksum ") {
		t.Errorf("%s and %s", describe(a), describe(b))
	}
	b[0].Class++
	if describe(a) == describe(b) {
		t.Errorf("another class has the same checksum %s", describe(a))
	}
}
