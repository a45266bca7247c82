package job

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// TestActivity measures three samples by hand: the code is the sum of a sample, its reconstruction half of it in each place.
func TestActivity(t *testing.T) {
	f := newFolder(t)
	var raw []byte
	for _, v := range []float32{1, 2, 3, 0, 1, -1, 0, 0.0005, 0} { // codes 6, 0 and 0.0005
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	if err := os.WriteFile(f.path("sparse"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
	p := toyPackage(0)
	p.Sparse = true
	status, messages := serve(t, t.Context(), p, Job{Kind: Eval, Data: f.path("sparse"), Weights: f.path("weights"), Threads: 2})
	if status != Done {
		t.Fatal(status)
	}
	a := messages[len(messages)-1].Scores.Code
	squares := (4.0 + 1 + 0) + (1 + 1) + (0.00025*0.00025*2 + 0.00025*0.00025)
	mean := []float64{1.0 / 3, 3.0005 / 3, 2.0 / 3}
	variance := 0.0
	for i, v := range []float64{1, 2, 3, 0, 1, -1, 0, 0.0005, 0} {
		variance += (v - mean[i%3]) * (v - mean[i%3])
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"l0", a.L0, 1.0 / 3}, {"zeros", a.Zeros, 1.0 / 3}, {"dead", a.Dead, 0}, {"fvu", a.FVU, squares / variance},
		{"frequency", a.Frequency[0], 1.0 / 3}, {"mean", a.Mean[0], 6.0005 / 3},
	} {
		if math.Abs(c.got-c.want) > 1e-6 {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
}
