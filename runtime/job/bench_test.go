package job

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/weights"
)

func TestCheck(t *testing.T) {
	f := newFolder(t)
	for _, c := range []struct {
		weights string
		w       float64 // at first
	}{{"", 2}, {f.path("weights"), 0.5}} {
		m := last(t, Done, Job{Kind: Check, Data: f.path("few"), Weights: c.weights, Output: f.path("out")})
		if m.Checked == nil || m.Checked.Path != f.path("out") {
			t.Fatalf("%+v", m)
		}
		file, err := os.Open(f.path("out"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		found, err := weights.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		score := func(w float64) float64 { return (math.Pow(3*w, 2) + math.Pow(3*w-1, 2) + math.Pow(3*w-2, 2)) / 12 }
		next := func(w float64) float64 { return w + (1.0/3-w)/8 }
		w1, w2 := next(c.w), next(next(c.w))
		for _, want := range []struct {
			name  string
			shape []int
			start []float64
		}{
			{Reconstructions, []int{3, 3}, []float64{3 * c.w, 3 * c.w, 3 * c.w, 12 * c.w}},
			{ScoresOf, []int{3}, []float64{score(c.w)}},
			{Losses, []int{3}, []float64{score(c.w), score(w1), score(w2)}},
			{"w", nil, []float64{next(w2)}},
		} {
			got, err := found.Tensor(want.name, want.shape...)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range want.start {
				if !near(float64(got[i]), v) {
					t.Errorf("from w = %g, %s %d is %g, want %g", c.w, want.name, i, got[i], v)
				}
			}
		}
	}
}

func TestBench(t *testing.T) {
	f := newFolder(t)
	status, messages := ask(t, t.Context(), Job{
		Kind: Bench, Data: f.path("few"), Threads: 2, Infer: []int{3, 1}, Steps: []int{2}, Seconds: 0.002, Bytes: 5000})
	var told []string
	for _, m := range messages {
		switch {
		case m.Machine != nil:
			told = append(told, fmt.Sprintf("machine %d %t", m.Machine.Threads, m.Machine.Peak > 0 && m.Machine.Read > 0))
		case m.Measured != nil:
			r := m.Measured
			sound := r.N >= 3 && r.Min > 0 && r.Median >= r.Min
			told = append(told, fmt.Sprintf("%s %d %d %t", r.Mode, r.Batch, r.Threads, sound))
		}
	}
	want := []string{"machine 2 true", "infer 3 2 true", "infer 1 2 true", "train 2 2 true"}
	if status != Done || !slices.Equal(told, want) {
		t.Errorf("status %d, %q, want %q", status, told, want)
	}
}

func TestBenchFailures(t *testing.T) {
	f := newFolder(t)
	m := last(t, Failed, Job{Kind: Bench, Data: f.path("few"), Infer: []int{4}})
	if want := f.path("few") + ": 4 samples expected, 3 found"; m.Error == nil || m.Error.Message != want {
		t.Errorf("%+v, want %s", m.Error, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, job := range []Job{
		{Kind: Bench, Data: f.path("few"), Infer: []int{1}, Seconds: 3600},
		{Kind: Check, Data: f.path("few"), Output: f.path("out")},
	} {
		status, messages := ask(t, ctx, job)
		if status != Cancelled || messages[len(messages)-1].Interrupted == nil {
			t.Errorf("%s: status %d, %+v", job.Kind, status, messages)
		}
	}
	if _, err := os.Stat(f.path("out")); err == nil {
		t.Error("a cancelled check wrote its output")
	}
}
