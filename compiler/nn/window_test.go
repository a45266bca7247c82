package nn

import (
	"math/rand/v2"
	"testing"
)

func TestWindow(t *testing.T) {
	w := Window{In: Grid{29, 28, 3}, Out: Grid{15, 14, 8}, KH: 3, KW: 3, SH: 2, SW: 2, DH: 1, DW: 1, Top: 1, Left: 1, Bottom: 1, Right: 0, Groups: 1}
	if err := w.Valid(); err != nil {
		t.Error(err)
	}
	if got, want := w.String(), "29×28×3→15×14×8 kernel 3×3 stride 2×2 pad 1,1,1,0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if y, x, inside := w.At(0, 13, 0, 1); y != -1 || x != 26 || inside {
		t.Errorf("At: %d, %d, %v", y, x, inside)
	}
	for _, c := range []struct{ n, before, after, k, stride, dilation, want int }{
		{28, 1, 1, 3, 1, 1, 28}, {28, 1, 0, 3, 2, 1, 14}, {29, 1, 1, 3, 2, 1, 15}, {7, 2, 2, 3, 1, 2, 7}, {2, 0, 0, 3, 1, 1, 0},
	} {
		if got := Covered(c.n, c.before, c.after, c.k, c.stride, c.dilation); got != c.want {
			t.Errorf("Covered%v = %d", c, got)
		}
	}
	wrong := w
	wrong.Groups = 2
	if wrong.Valid() == nil {
		t.Error("3 channels in 2 groups are valid")
	}
	wrong = w
	wrong.Out.H = 14
	if wrong.Valid() == nil {
		t.Error("a row too few is valid")
	}
}

// TestInside holds the places whose taps are all inside, and where taps lie, against one tap after the other.
func TestInside(t *testing.T) {
	random, none, all := rand.New(rand.NewPCG(1, 2)), 0, 0
	for range 2000 {
		n := func(most int) int { return 1 + random.IntN(most) }
		pad := func() int { return max(0, random.IntN(6)-3) }
		w := Window{In: Grid{H: n(9), W: n(9), C: n(3)}, KH: n(4), KW: n(4), SH: n(3), SW: n(3), DH: n(2), DW: n(2), Top: pad(), Left: pad(), Bottom: pad(), Right: pad(), Groups: 1}
		w.Out = Grid{H: Covered(w.In.H, w.Top, w.Bottom, w.KH, w.SH, w.DH), W: Covered(w.In.W, w.Left, w.Right, w.KW, w.SW, w.DW), C: w.In.C}
		if w.Valid() != nil {
			continue
		}
		places, count := w.Inside(), 0
		for oy := range w.Out.H {
			for ox := range w.Out.W {
				whole := true
				y0, x0, _ := w.At(oy, ox, 0, 0)
				for tap := range w.Taps() {
					y, x, inside := w.At(oy, ox, tap/w.KW, tap%w.KW)
					whole = whole && inside
					if got := ((y-y0)*w.In.W + x - x0) * w.In.C; got != w.Offset(tap) {
						t.Fatalf("%v: tap %d is %d behind the first, want %d", w, tap, w.Offset(tap), got)
					}
				}
				if whole {
					count++
				}
				if got := places.Top <= oy && oy < places.Bottom && places.Left <= ox && ox < places.Right; got != whole {
					t.Fatalf("%v: place %d, %d is inside: %t, want %t", w, oy, ox, got, whole)
				}
			}
		}
		if places.None() != (count == 0) || places.All(w.Out) != (count == w.Out.Positions()) {
			t.Fatalf("%v: %d places inside, none %t, all %t", w, count, places.None(), places.All(w.Out))
		}
		if places.None() {
			none++
		} else if places.All(w.Out) {
			all++
		}
	}
	if none < 20 || all < 20 {
		t.Errorf("%d windows without places inside, and %d with no others", none, all)
	}
}
