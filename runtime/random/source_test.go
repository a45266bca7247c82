package random

import (
	"math"
	"testing"
)

// TestSource holds the moments of a source to five standard errors, its seeds and its copies apart.
func TestSource(t *testing.T) {
	const n = 1 << 20
	s := NewSource(4)
	var sum, squares, uniform, uniformSquares float64
	for range n {
		x, u := float64(s.Normal()), float64(s.Uniform())
		sum, squares = sum+x, squares+x*x
		uniform, uniformSquares = uniform+u, uniformSquares+u*u
		if u < 0 || u >= 1 {
			t.Fatalf("a uniform number %v", u)
		}
	}
	near(t, "mean", sum/n, 0, 5/math.Sqrt(n))
	near(t, "mean square", squares/n, 1, 5*math.Sqrt(2./n))
	near(t, "uniform mean", uniform/n, 0.5, 5*math.Sqrt(1./12/n))
	near(t, "uniform mean square", uniformSquares/n, 1./3, 5*math.Sqrt(4./45/n))
	a, b := NewSource(1), NewSource(2)
	c := *a
	x := a.Normal()
	if x == b.Normal() {
		t.Error("two seeds begin with the same number")
	}
	if x != c.Normal() {
		t.Error("a copy goes on with another number")
	}
}
