package reduced

import (
	"math"
	"slices"
	"testing"
)

func TestByLargest(t *testing.T) {
	minus0 := float32(math.Copysign(0, -1))
	for _, c := range []struct {
		name       string
		x, factors []float32
		want       []int16
		step       float32
	}{
		{"ties to even", []float32{8191, 0.5, 1.5, -2.5, minus0}, nil, []int16{8191, 0, 2, -2, 0}, 1},
		{"negative largest", []float32{-4095.5, 1}, nil, []int16{-8191, 2}, 0.5},
		{"factors", []float32{4, 3, 1}, []float32{2, 0, -2047.75}, []int16{32, 0, -8191}, 0.25},
		{"zeros", []float32{0, minus0}, nil, []int16{0, 0}, 0},
		{"tiny values count as zeros", []float32{0x1.fp-101, -math.SmallestNonzeroFloat32}, nil, []int16{0, 0}, 0},
		{"the least that count", []float32{0x1p-100, 0x1p-113}, nil, []int16{8191, 1}, 0x1p-100 / 8191},
		{"the largest", []float32{math.MaxFloat32, -math.MaxFloat32}, nil, []int16{8191, -8191}, math.MaxFloat32 / 8191},
	} {
		q := make([]int16, len(c.x))
		for i := range q {
			q[i] = 77 // must be overwritten
		}
		if step := ByLargest(q, c.x, c.factors, 8191); step != c.step || !slices.Equal(q, c.want) {
			t.Errorf("%s: %v in steps of %v, want %v in steps of %v", c.name, q, step, c.want, c.step)
		}
	}
}

func TestByRange(t *testing.T) {
	q := make([]int8, 6)
	step := ByRange(q, []float32{1, -1, 5, -1e38, 0.02, 0}, nil, 254, 127)
	if want := []int8{0, 0, 2, -127, 0, 0}; step != 2 || !slices.Equal(q, want) {
		t.Errorf("%v in steps of %v, want %v in steps of 2", q, step, want)
	}
	ByRange(q, []float32{254, 255, -1e9, math.MaxFloat32, 3, 130}, []float32{1, 1, 1, 1, 1, 0.5}, 254, 127)
	if want := []int8{127, 127, -127, 127, 2, 32}; !slices.Equal(q, want) {
		t.Errorf("%v, want %v", q, want)
	}
}

// TestInputsThatAreNotFinite holds that one makes the step NaN.
func TestInputsThatAreNotFinite(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, v := range []float32{inf, -inf, float32(math.NaN())} {
		if step := ByLargest(make([]int16, 3), []float32{1, v, 2}, nil, 8191); step == step {
			t.Errorf("by the largest, with %v: step %v, want NaN", v, step)
		}
		if step := ByRange(make([]int8, 3), []float32{1, v, 2}, nil, 1, 127); step == step {
			t.Errorf("by range, with %v: step %v, want NaN", v, step)
		}
	}
	if step := ByLargest(make([]int16, 1), []float32{2e38}, []float32{2}, 8191); step == step {
		t.Errorf("a factor that takes an input beyond float32: step %v, want NaN", step)
	}
}
