package nn

import "testing"

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
