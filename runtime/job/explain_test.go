package job

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// TestExplain reads the rows of more samples than a round has, and refuses a model whose scores have no parts.
func TestExplain(t *testing.T) {
	f := newFolder(t)
	p := toyPackage(0)
	ask := func(job Job) (last Message) {
		t.Helper()
		text, _ := json.Marshal(job)
		var out bytes.Buffer
		Serve(t.Context(), p, bytes.NewReader(text), &out)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
			t.Fatal(err)
		}
		return last
	}
	job := Job{Kind: Explain, Data: f.path("data"), Weights: f.path("weights"), Output: f.path("parts"), Threads: 3}
	if m := ask(job); m.Error == nil || m.Error.Message != "job: a score of this model has no parts" {
		t.Errorf("%+v", m)
	}
	p.Parts = 3
	p.Explain = func(m *toy, parts []float64, x *input) float32 {
		for i, v := range x {
			parts[i] = float64(v) * 1.5
		}
		return x[0] + x[1]
	}
	data, err := open[input](f.path("data"))
	if err != nil {
		t.Fatal(err)
	}
	defer data.close()
	m := ask(job)
	if m.Written == nil || m.Written.Samples != len(data.samples) || m.Written.Width != 4 || len(data.samples) <= round {
		t.Fatalf("%+v of %d samples", m.Written, len(data.samples))
	}
	raw, err := os.ReadFile(m.Written.Path)
	if err != nil || len(raw) != 32*len(data.samples) {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	for i, x := range data.samples {
		want := [4]float64{float64(x[0] + x[1]), float64(x[0]) * 1.5, float64(x[1]) * 1.5, float64(x[2]) * 1.5}
		for j, v := range want {
			if got := math.Float64frombits(binary.LittleEndian.Uint64(raw[32*i+8*j:])); got != v {
				t.Fatalf("sample %d, column %d: %v, want %v", i, j, got, v)
			}
		}
	}
}
