package alarm

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/aegen/aegen/runtime/weights"
)

func stamped(t *testing.T) (weights.File, Calibration) {
	t.Helper()
	f := weights.File{Metadata: map[string]string{"a": "b"}, Tensors: []weights.Tensor{
		{Name: "w", Shape: []int{2, 2}, Data: []float32{1, 2, 3, 4}}, {Name: "b", Shape: []int{2}, Data: []float32{5, 6}},
	}}
	r := rand.New(rand.NewPCG(9, 9))
	scores := make([]float32, 77)
	for i := range scores {
		scores[i] = float32(r.ExpFloat64())
	}
	c, err := Calibrate(scores, Rate{1, 20}, "nats")
	if err != nil {
		t.Fatal(err)
	}
	c.Store(f, "f32")
	return f, c
}

func TestStoreAndLoad(t *testing.T) {
	f, want := stamped(t)
	got, err := Load(f, "f32", want.Rate)
	if err != nil || !reflect.DeepEqual(*got, want) {
		t.Fatalf("%+v, %v, want %+v", got, err, want)
	}
	if c, err := Load(f, "int8", Rate{}); c != nil || err != nil {
		t.Errorf("of another format: %v, %v", c, err)
	}
	f.Tensors[0], f.Tensors[1] = f.Tensors[1], f.Tensors[0]
	if _, err := Load(f, "f32", Rate{}); err != nil {
		t.Errorf("tensors in another order: %v", err)
	}
	Drop(f)
	if c, err := Load(f, "f32", want.Rate); c != nil || err != nil || f.Metadata["a"] != "b" {
		t.Errorf("dropped: %v, %v, %v", c, err, f.Metadata)
	}
	var none *Calibration
	none.Store(f, "f32")
	if len(f.Metadata) != 1 {
		t.Errorf("no calibration leaves %v", f.Metadata)
	}
}

func TestStaleCalibrations(t *testing.T) {
	f, c := stamped(t)
	text := f.Metadata[Key+"f32"]
	for want, change := range map[string]func(){
		"run aegen calibrate again": func() { f.Tensors[0].Data[1] = 2.0000002 },
		"belongs to weights":        func() { f.Tensors[1].Shape = []int{1, 2} },
		"the spec says 1 per 30":    func() { c.Rate = Rate{1, 30} },
		"unexpected EOF":            func() { f.Metadata[Key+"f32"] = text[:20] },
		"unknown field":             func() { f.Metadata[Key+"f32"] = `{"limit": 3}` },
	} {
		f, c = stamped(t)
		change()
		if _, err := Load(f, "f32", c.Rate); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
	for _, spoil := range []func(*Calibration){
		func(c *Calibration) { c.Bounds[1] = c.Bounds[0] },
		func(c *Calibration) { c.Counts[0] = 0 },
		func(c *Calibration) { c.Counts = c.Counts[1:] },
		func(c *Calibration) { c.Low = 2 },
		func(c *Calibration) { c.Rank = 0 },
		func(c *Calibration) { c.Rate = Rate{} },
	} {
		f, c = stamped(t)
		spoil(&c)
		c.Store(f, "f32")
		if _, err := Load(f, "f32", Rate{}); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}

// TestSettle sums settled parts of random scores, with cancellation and without.
func TestSettle(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for round := range 20_000 {
		parts := make([]float64, 1+r.IntN(900))
		offset := []float64{0, 0, -1, -13.8}[r.IntN(4)]
		sum := 0.0
		for i := range parts {
			parts[i] = math.Exp(3*r.NormFloat64()) + offset
			sum += parts[i]
		}
		before := append([]float64{}, parts...)
		score := float32(sum * (1 + 1e-6*r.NormFloat64()))
		Settle(parts, score)
		total, size := 0.0, 0.0
		for i, v := range parts {
			total += v
			size += math.Abs(before[i])
		}
		if float32(total) != score {
			t.Fatalf("round %d: the parts sum to %v, want %v", round, float32(total), score)
		}
		for i, v := range parts {
			if bound := 1e-14*size + 1.0001*math.Abs(before[i])/size*math.Abs(float64(score)-sum); math.Abs(v-before[i]) > bound {
				t.Fatalf("round %d: part %v became %v", round, before[i], v)
			}
		}
	}
	for _, score := range []float32{float32(math.Inf(1)), float32(math.NaN())} {
		parts := []float64{1, math.Inf(1)}
		if Settle(parts, score); parts[0] != 1 {
			t.Errorf("a score of %v changes its parts", score)
		}
	}
}
