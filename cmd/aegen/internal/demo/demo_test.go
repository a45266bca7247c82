package demo

import "testing"

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
