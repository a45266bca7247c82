package codebook

import (
	"math"
	"testing"
)

// TestEqualVectorsTie gives the lanes a distance that is rounded up: of equal vectors in a full panel and behind it the first still counts.
func TestEqualVectorsTie(t *testing.T) {
	h, book := []float32{0.3, -0.7}, make([]float32, 2*2*panel)
	for _, number := range []int{0, 16} { // value k of vector c of panel p is number (2p + k)·16 + c
		book[number/panel*2*panel], book[number/panel*2*panel+panel] = 0.1328, -0.0475
	}
	var lanes [2][panel]float32
	for c := range lanes[0] {
		lanes[0][c] = float32(math.Inf(1))
	}
	x, y := h[0]-0.1328, h[1]+0.0475
	lanes[0][0] = math.Nextafter32(x*x+y*y, 1)
	if got := Least(&lanes, h, book, 17); got != 0 {
		t.Errorf("number %d of the equal vectors 0 and 16", got)
	}
}
