// Package pca is exact principal component analysis, the yardstick of linear autoencoders.
package pca

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// A Model is a mean and the first principal axes of some samples.
type Model struct {
	mean []float64
	axes *mat.Dense // [width, components], orthonormal columns
}

// Errors are those of reconstructions from the components.
type Errors struct {
	MSE float64 `json:"mse"` // mean over all values
	SSE float64 `json:"sse"` // summed over a sample, mean over samples
}

// Fit computes the first components of samples of a width, row-major, by the eigenvectors of their covariance.
func Fit(data []float32, width, components int) *Model {
	samples := len(data) / width
	m := &Model{mean: make([]float64, width)}
	for i, v := range data {
		m.mean[i%width] += float64(v) / float64(samples)
	}
	cov := mat.NewSymDense(width, nil)
	const chunk = 1024
	for from := 0; from < samples; from += chunk {
		rows := m.centred(data[from*width : min(samples, from+chunk)*width])
		blas64.Syrk(blas.Trans, 1, rows, 1, cov.RawSymmetric())
	}
	var e mat.EigenSym
	if !e.Factorize(cov, true) {
		panic("internal error: the eigenvalues of a covariance do not converge")
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors) // eigenvalues rise
	components = min(components, width)
	m.axes = mat.DenseCopyOf(vectors.Slice(0, width, width-components, width))
	return m
}

// centred are samples minus the mean.
func (m *Model) centred(data []float32) blas64.General {
	width := len(m.mean)
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = float64(v) - m.mean[i%width]
	}
	return blas64.General{Rows: len(data) / width, Cols: width, Stride: width, Data: out}
}

// Axes are the principal axes as columns.
func (m *Model) Axes() mat.Matrix { return m.axes }

// Errors measures the reconstruction of samples.
func (m *Model) Errors(data []float32) Errors {
	width := len(m.mean)
	samples := len(data) / width
	const chunk = 1024
	sum := 0.0
	for from := 0; from < samples; from += chunk {
		rows := m.centred(data[from*width : min(samples, from+chunk)*width])
		x := mat.NewDense(rows.Rows, width, rows.Data)
		var code, r mat.Dense
		code.Mul(x, m.axes)
		r.Mul(&code, m.axes.T())
		r.Sub(x, &r)
		n := mat.Norm(&r, 2)
		sum += n * n
	}
	return Errors{MSE: sum / float64(len(data)), SSE: sum / float64(samples)}
}
