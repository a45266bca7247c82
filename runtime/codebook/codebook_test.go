package codebook

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// panels is a codebook [codes][dim] in panels.
func panels(vectors [][]float32) []float32 {
	dim := len(vectors[0])
	book := make([]float32, (len(vectors)+panel-1)/panel*panel*dim)
	for i, v := range vectors {
		for k, x := range v {
			book[place(dim, i, k)] = x
		}
	}
	return book
}

func vectors(r *rand.Rand, n, dim int) [][]float32 {
	list := make([][]float32, n)
	for i := range list {
		for range dim {
			list[i] = append(list[i], float32(r.NormFloat64()))
		}
	}
	return list
}

func TestNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, codes := range []int{2, 15, 16, 17, 100} {
		for _, dim := range []int{1, 3, 8} {
			list := vectors(r, codes, dim)
			book := panels(list)
			for range 50 {
				h := vectors(r, 1, dim)[0]
				want, best := -1, math.Inf(1)
				for i, v := range list {
					sum := 0.0
					for k := range v {
						sum += math.Pow(float64(h[k])-float64(v[k]), 2)
					}
					if sum < best {
						want, best = i, sum
					}
				}
				if got := Nearest(h, book, codes); got != want {
					t.Fatalf("%d codes of %d values: %d, want %d", codes, dim, got, want)
				}
			}
		}
	}
}

// TestNearestOfEqualsIsTheFirst: padding is no vector, though it is nearest to 0.
func TestNearestOfEqualsIsTheFirst(t *testing.T) {
	list := slices.Repeat([][]float32{{3, 4}, {-3, 4}}, 9)
	book := panels(list)
	for _, c := range []struct {
		h    []float32
		want int
	}{{[]float32{0, 0}, 0}, {[]float32{-1, 0}, 1}, {[]float32{float32(math.NaN()), 0}, -1}, {[]float32{float32(math.Inf(1)), 0}, -1}, {[]float32{3e38, 0}, -1}} {
		if got := Nearest(c.h, book, len(list)); got != c.want {
			t.Errorf("%v: %d, want %d", c.h, got, c.want)
		}
	}
}

func TestQuantize(t *testing.T) {
	list := [][]float32{{1, 2}, {-1, 0}, {5, 5}}
	z, numbers := make([]float32, 6), make([]float32, 3)
	Quantize(z, numbers, []float32{4, 4, float32(math.NaN()), 0, -0.5, 0.1}, panels(list), 2, 3)
	if !slices.Equal(numbers[:1], []float32{2}) || numbers[1] == numbers[1] || numbers[2] != 1 {
		t.Errorf("numbers are %v", numbers)
	}
	if !slices.Equal(z[:2], list[2]) || z[2] == z[2] || z[3] == z[3] || !slices.Equal(z[4:], list[1]) {
		t.Errorf("vectors are %v", z)
	}
}

// learn runs steps on vectors that three centres make, by calls for parts of the codebook that end at cuts.
func learn(steps int, revive float64, cuts ...int) (*Averages, []float32) {
	const codes, dim, groups = 20, 2, 60
	r := rand.New(rand.NewPCG(2, 2))
	a, book := NewAverages(codes, dim, 0.9, revive), panels(vectors(rand.New(rand.NewPCG(3, 3)), codes, dim))
	z, numbers := make([]float32, groups*dim), make([]float32, groups)
	for step := range steps {
		h := make([]float32, groups*dim)
		for i := range h {
			h[i] = float32(10*(1+i/dim%3)) + float32(r.NormFloat64())
		}
		Quantize(z, numbers, h, book, dim, codes)
		a.Begin(groups)
		from := 0
		for _, to := range append(cuts, codes) {
			a.Learn(book, h, numbers, uint64(step), from, to)
			from = to
		}
	}
	return a, book
}

// TestLearnInParts: the bits do not depend on how vectors are shared.
func TestLearnInParts(t *testing.T) {
	a, book := learn(30, 0.1)
	for _, cuts := range [][]int{{7}, {16}, {1, 2, 19}} {
		b, other := learn(30, 0.1, cuts...)
		if !slices.Equal(book, other) || !slices.Equal(a.Uses, b.Uses) || !slices.Equal(a.Sums, b.Sums) {
			t.Errorf("cut at %v: other bits", cuts)
		}
	}
}

// TestRevived: without it the few vectors that began near the data take all of it; with it each has its part.
func TestRevived(t *testing.T) {
	used := func(revive float64) (n int) {
		a, _ := learn(200, revive)
		for _, uses := range a.Uses {
			if uses > 0.01*60/20 {
				n++
			}
		}
		return n
	}
	if few, all := used(0), used(0.1); few > 10 || all < 19 {
		t.Errorf("%d vectors are used, and %d where they start again", few, all)
	}
}

func TestIndices(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for bits := 1; bits <= 16; bits++ {
		for _, n := range []int{1, 7, 16, 33} {
			numbers := make([]uint16, n)
			for i := range numbers {
				numbers[i] = uint16(r.IntN(1 << bits))
			}
			b := Append([]byte("x"), numbers, bits)
			if want := 1 + (n*bits+7)/8; len(b) != want {
				t.Fatalf("%d numbers of %d bits take %d bytes, want %d", n, bits, len(b), want)
			}
			got := make([]uint16, n)
			if err := Unpack(got, b[1:], bits, 1<<bits); err != nil || !slices.Equal(got, numbers) {
				t.Fatalf("%d numbers of %d bits: %v, %v", n, bits, got, err)
			}
			if err := Unpack(got, b[1:len(b)-1], bits, 1<<bits); err == nil {
				t.Fatal("a byte is missing, and there is no error")
			}
		}
	}
	got := []uint16{9, 9}
	if err := Unpack(got, Append(nil, []uint16{1, 3}, 2), 2, 3); err == nil || !slices.Equal(got, []uint16{9, 9}) {
		t.Errorf("an index that is no vector's: %v, %v", got, err)
	}
}

// TestLeast holds what is made of lanes against a search among all vectors, ties and the rest behind the full panels among them.
func TestLeast(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, codes := range []int{16, 33, 64, 70} {
		for range 200 {
			list := vectors(r, codes, 2)
			for i := range list {
				for k := range list[i] {
					list[i][k] = float32(math.Round(float64(list[i][k]))) // so that there are ties
				}
			}
			h, book := []float32{float32(r.IntN(5) - 2), float32(r.IntN(5) - 2)}, panels(list)
			var lanes [2][panel]float32
			for c := range panel {
				lanes[0][c] = float32(math.Inf(1))
				for p := range codes / panel {
					d, e := h[0]-list[p*panel+c][0], h[1]-list[p*panel+c][1]
					if sum := d*d + e*e; sum < lanes[0][c] {
						lanes[0][c], lanes[1][c] = sum, float32(p)
					}
				}
			}
			if got, want := Least(&lanes, h, book, codes), Nearest(h, book, codes); got != want {
				t.Fatalf("%d codes: %d, want %d", codes, got, want)
			}
		}
	}
}
