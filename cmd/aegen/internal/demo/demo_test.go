package demo

import (
	"bytes"
	"image/png"
	"testing"
)

func TestDigits(t *testing.T) {
	train, held := Digits()
	if train.Len() != 1437 || held.Len() != 360 || train.Width != 64 || held.Width != 64 {
		t.Errorf("%d and %d digits of %d and %d values, want 1437 and 360 of 64", train.Len(), held.Len(), train.Width, held.Width)
	}
	for i, want := range []float32{0, 0, 5, 13, 9, 1, 0, 0} {
		if train.Data[i] != want {
			t.Errorf("value %d of the first digit is %g, want %g", i, train.Data[i], want)
		}
	}
}

func TestPicture(t *testing.T) {
	original, reconstruction := []float32{16, 16, 16, 16}, []float32{-3, 8, 40, 0}
	var b bytes.Buffer
	if err := Picture(&b, original, reconstruction, 2, 1, 16); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	// One image of 12 × 12 dots at (6, 6), its reconstruction below it.
	for _, c := range []struct{ x, y, want int }{{5, 5, 96}, {6, 6, 255}, {6, 21, 0}, {12, 21, 128}, {6, 27, 255}} {
		if got, _, _, _ := img.At(c.x, c.y).RGBA(); int(got>>8) != c.want {
			t.Errorf("dot (%d, %d) is %d, want %d", c.x, c.y, got>>8, c.want)
		}
	}
}
