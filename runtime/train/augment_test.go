package train

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"
)

// moved are many samples of an image of counted places, with their classes, as an augment moves them in one step.
func moved(t *testing.T, a Augment, samples int) (images [][]float32, classes [][]uint32) {
	t.Helper()
	places := a.Height * a.Width
	from, labels := make([]float32, places*a.Channels), make([]float32, places)
	for i := range from {
		from[i] = float32(i)
	}
	for i, w := 0, bitsOf(labels); i < places; i++ {
		w[i] = uint32(i)
	}
	a.Goal = Classes
	m := newAugmenter(&a)
	for s := range samples {
		x, y := make([]float32, len(from)), make([]float32, places)
		m.move(x, from, y, labels, 7, 3, s)
		images, classes = append(images, x), append(classes, bitsOf(y))
	}
	return images, classes
}

// places holds moves of whole places against where they come from, and returns how often each first place came.
func places(t *testing.T, a Augment, from func(images []float32, p int) int) map[float32]int {
	t.Helper()
	images, classes := moved(t, a, 3000)
	first := map[float32]int{}
	for s, x := range images {
		first[x[0]]++
		for p, class := range classes[s] {
			want := from(x, p)
			if int(class) != want {
				t.Fatalf("sample %d: place %d has the class of place %d, want %d", s, p, class, want)
			}
			for k := range a.Channels {
				if got := x[p*a.Channels+k]; got != float32(want*a.Channels+k) {
					t.Fatalf("sample %d: channel %d of place %d is %v, want %d", s, k, p, got, want*a.Channels+k)
				}
			}
		}
	}
	return first
}

// often reports values that did not come about equally often.
func often(t *testing.T, got map[float32]int, values int) {
	t.Helper()
	if len(got) != values {
		t.Fatalf("%d different moves, want %d: %v", len(got), values, got)
	}
	want := 3000 / float64(values)
	for v, n := range got {
		if math.Abs(float64(n)-want) > 5*math.Sqrt(want) {
			t.Errorf("the move to %v came %d times of 3000, want about %.0f", v, n, want)
		}
	}
}

func TestFlips(t *testing.T) {
	for channels := 1; channels <= 3; channels++ {
		a := Augment{Height: 3, Width: 5, Channels: channels, Moves: []Move{{Horizontal: true, Vertical: true}}}
		often(t, places(t, a, func(x []float32, p int) int {
			first := int(x[0]) / channels // which corner
			y, c := p/5, p%5
			if first%5 == 4 {
				c = 4 - c
			}
			if first >= 10 {
				y = 2 - y
			}
			return y*5 + c
		}), 4)
	}
	a := Augment{Height: 3, Width: 5, Channels: 1, Moves: []Move{{Horizontal: true}}}
	often(t, places(t, a, func(x []float32, p int) int {
		if x[0] == 4 {
			return p/5*5 + 4 - p%5
		}
		return p
	}), 2)
}

func TestShifts(t *testing.T) {
	a := Augment{Height: 7, Width: 9, Channels: 2, Moves: []Move{{Shift: 2}}}
	middle := map[float32]int{}
	places(t, a, func(x []float32, p int) int {
		centre := int(x[2*(3*9+4)]) / 2
		if p == 0 {
			middle[float32(centre)]++
		}
		dy, dx := centre/9-3, centre%9-4
		return min(max(p/9+dy, 0), 6)*9 + min(max(p%9+dx, 0), 8)
	})
	often(t, middle, 25)
}

// TestCrops: the values of a plane stay those of a plane, and the classes are those of the nearest places.
func TestCrops(t *testing.T) {
	a := Augment{Height: 8, Width: 12, Channels: 1, Moves: []Move{{Rows: 4, Columns: 9}}}
	images, classes := moved(t, a, 3000)
	corners := map[float32]int{}
	for s, x := range images {
		centre := func(p int) (y, c float64) { return float64(p/12)*4/8 + 0.25 - 0.5, float64(p%12)*9/12 + 0.375 - 0.5 }
		y0, c0 := centre(4*12 + 5)
		// x = 12·y + c at any place that lies within: the corner of the window follows from one value.
		at := float64(x[4*12+5])
		corner := at - 12*y0 - c0
		top, left := math.Round(corner/12), 0.0
		left = math.Round(corner - 12*top)
		corners[float32(12*top+left)]++
		if math.Abs(corner-12*top-left) > 1e-4 || top < 0 || top > 4 || left < 0 || left > 3 {
			t.Fatalf("sample %d: a window at %v, %v", s, top, left)
		}
		for p, got := range x {
			y, c := centre(p)
			y, c = min(max(y+top, 0), 7), min(max(c+left, 0), 11)
			if want := 12*y + c; math.Abs(float64(got)-want) > 1e-4 {
				t.Fatalf("sample %d: place %d is %v, want %v", s, p, got, want)
			}
			if want := math.Floor(y+0.5)*12 + math.Floor(c+0.5); float64(classes[s][p]) != want {
				t.Fatalf("sample %d: place %d has the class of %d, want %v", s, p, classes[s][p], want)
			}
		}
	}
	often(t, corners, 5*4)
}

// TestMovesAreOneMap: a flip behind a shift is the shift the other way behind a flip, where nothing comes from outside.
func TestMovesAreOneMap(t *testing.T) {
	a := Augment{Height: 9, Width: 9, Channels: 1, Moves: []Move{{Shift: 1}, {Horizontal: true}, {Shift: 2}, {Rows: 9, Columns: 9}}}
	seen := map[float32]int{}
	places(t, a, func(x []float32, p int) int {
		centre, next := int(x[4*9+4]), int(x[4*9+5])
		if p == 0 {
			seen[float32(centre)]++
		}
		step := next - centre // 1, or -1 of a flip
		if step != 1 && step != -1 {
			t.Fatalf("places %d and %d are side by side", centre, next)
		}
		return min(max(centre/9+p/9-4, 0), 8)*9 + min(max(centre%9+step*(p%9-4), 0), 8)
	})
	if len(seen) != 49 {
		t.Errorf("%d different shifts, want 49", len(seen))
	}
}

// TestTargetsOfValuesMove holds targets that are images against their samples.
func TestTargetsOfValuesMove(t *testing.T) {
	a := Augment{Height: 4, Width: 4, Channels: 1, Goal: Values, GoalChannels: 2, Moves: []Move{{Shift: 1}, {Vertical: true}, {Rows: 2, Columns: 3}}}
	x, y := make([]float32, 16), make([]float32, 32)
	for i := range x {
		x[i] = float32(i * i)
		y[2*i], y[2*i+1] = x[i], -x[i]
	}
	m := newAugmenter(&a)
	for s := range 100 {
		toX, toY := make([]float32, 16), make([]float32, 32)
		m.move(toX, x, toY, y, 1, s, 0)
		for i, v := range toX {
			if toY[2*i] != v || toY[2*i+1] != -v {
				t.Fatalf("step %d: place %d is %v, its target %v", s, i, v, toY[2*i:2*i+2])
			}
		}
	}
}

// TestAugmentedRunsAreTheSame trains with moves: a run that is resumed sees the same samples as one that was left alone, each step others, and
// the data stay as they are. A checkpoint of other moves is refused.
func TestAugmentedRunsAreTheSame(t *testing.T) {
	cfg := config
	cfg.Augment = &Augment{Height: 2, Width: 2, Channels: 1, Moves: []Move{{Horizontal: true}, {Shift: 1}}}
	before := slices.Clone(data)
	whole := newLinear(3)
	if _, err := Run(t.Context(), whole, cfg, data, nil, Options{}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(data, before) {
		t.Error("the data have changed")
	}
	if first, second := whole.seen[:len(data)], whole.seen[len(data):2*len(data)]; slices.Equal(first, second) {
		t.Error("two epochs saw the same")
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	ctx, cancel := context.WithCancel(t.Context())
	part := newLinear(3)
	part.interrupt, part.after = cancel, 4
	if _, err := Run(ctx, part, cfg, data, nil, Options{Checkpoint: path}); err != nil {
		t.Fatal(err)
	}
	for _, other := range []*Augment{nil, {Height: 2, Width: 2, Channels: 1, Moves: []Move{{Horizontal: true}}}} {
		cfg := cfg
		cfg.Augment = other
		if _, err := Run(t.Context(), newLinear(3), cfg, data, nil, Options{Checkpoint: path, Resume: true}); err == nil {
			t.Error("a checkpoint of other moves was taken up")
		}
	}
	rest := newLinear(3)
	if _, err := Run(t.Context(), rest, cfg, data, nil, Options{Checkpoint: path, Resume: true}); err != nil {
		t.Fatal(err)
	}
	if got := append(slices.Clone(part.seen), rest.seen...); !slices.Equal(got, whole.seen) {
		t.Errorf("%d samples seen in two runs are others than %d in one", len(got), len(whole.seen))
	}
	if rest.bits() != whole.bits() {
		t.Error("the weights differ")
	}
}
