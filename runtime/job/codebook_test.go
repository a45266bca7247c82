package job

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// TestUsage counts the vectors of samples by hand, on one thread and on three: two groups, the first by the sign of a sample's sum, the second
// always vector 3 of 4.
func TestUsage(t *testing.T) {
	f := newFolder(t)
	var raw []byte
	for i := range 4 * piece {
		for _, v := range [][]float32{{1, 2, 3}, {0, -1, -1}, {0, 0.5, 0}, {0, 0, 2}}[i%4] {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
	}
	if err := os.WriteFile(f.path("codes"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
	p := toyPackage(0)
	p.Codebook = &Codebook[code, input, *toy]{Vectors: 4, Groups: 2, Numbers: func(_ *toy, numbers []uint16, z *code) {
		numbers[0], numbers[1] = 0, 3
		if z[0] < 0 {
			numbers[0] = 1
		}
	}}
	for _, threads := range []int{1, 3} {
		status, messages := serve(t, t.Context(), p, Job{Kind: Eval, Data: f.path("codes"), Weights: f.path("weights"), Threads: threads})
		if status != Done {
			t.Fatal(status)
		}
		u := messages[len(messages)-1].Scores.Codebook
		bits := 2 - 0.75*math.Log2(3)                                                                         // of a choice of 3 : 1
		nats := -(0.375*math.Log(0.375) + 0.125*math.Log(0.125) + 0.5*math.Log(0.5))                          // of all: 3, 1 and 4 eighths
		if u == nil || u.Vectors != 4 || u.Used != 0.75 || u.Bits != 4 || math.Abs(u.Entropy-bits) > 1e-12 || // two bits a group
			math.Abs(u.Perplexity-math.Exp(nats)) > 1e-12 {
			t.Errorf("%d threads: %+v, want a perplexity of %v and %v bits", threads, u, math.Exp(nats), bits)
		}
	}
}
