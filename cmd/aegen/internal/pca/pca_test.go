package pca

import (
	"math"
	"testing"
)

// A plane of three dimensions: two components hold it, one leaves the variance of the smaller axis.
func plane() []float32 {
	var data []float32
	for i := range 100 {
		a, b := 3*math.Sin(float64(i)*math.Pi/50), math.Cos(float64(i)*math.Pi/50)
		data = append(data, float32(5+a*0.6), float32(-2+a*0.8), float32(7+b))
	}
	return data
}

func TestErrors(t *testing.T) {
	data := plane()
	for _, c := range []struct {
		components int
		sse        float64
	}{{1, 0.5}, {2, 0}, {3, 0}, {9, 0}} {
		got := Fit(data, 3, c.components).Errors(data)
		if math.Abs(got.SSE-c.sse) > 1e-5 || math.Abs(got.MSE-c.sse/3) > 1e-5 {
			t.Errorf("%d components: %+v, want sse %g", c.components, got, c.sse)
		}
	}
}

func TestFirstAxis(t *testing.T) {
	axes := Fit(plane(), 3, 1).Axes()
	for i, want := range []float64{0.6, 0.8, 0} {
		if got := math.Abs(axes.At(i, 0)); math.Abs(got-want) > 1e-6 {
			t.Errorf("value %d of the first axis is %g, want %g", i, got, want)
		}
	}
}
