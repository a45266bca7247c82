package interp

import "github.com/aegen/aegen/compiler/nn"

// A matrix is a row-major array with its dimensions.
type matrix struct {
	v          []float64
	rows, cols int
}

func (a matrix) transposed() matrix {
	t := matrix{make([]float64, len(a.v)), a.cols, a.rows}
	for i := range a.rows {
		for j := range a.cols {
			t.v[j*a.rows+i] = a.v[i*a.cols+j]
		}
	}
	return t
}

func (a matrix) times(b matrix) matrix {
	c := matrix{make([]float64, a.rows*b.cols), a.rows, b.cols}
	for i := range a.rows {
		out := c.v[i*c.cols : (i+1)*c.cols]
		for k := range a.cols {
			x := a.v[i*a.cols+k]
			for j, w := range b.v[k*b.cols : (k+1)*b.cols] {
				out[j] += x * w
			}
		}
	}
	return c
}

func (a matrix) columnSums() []float64 {
	sums := make([]float64, a.cols)
	for i, x := range a.v {
		sums[i%a.cols] += x
	}
	return sums
}

func fill(n int, value float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = value
	}
	return out
}

func mapped(x []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}

func zipped(x, y []float64, f func(x, y float64) float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		out[i] = f(x[i], y[i])
	}
	return out
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func addBias(x, b []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v + b[i%len(b)]
	}
	return out
}

func activateGrad(a nn.Activation, dy, at []float64) []float64 {
	return zipped(dy, at, func(d, y float64) float64 { return d * a.Derivative(y) })
}
