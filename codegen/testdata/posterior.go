// Posterior measures the kernels of codes that are sampled in generated packages, by all kernels: the program of TestPosterior.
package main

import (
	"encoding/json"
	"math"
	"os"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/runtime/random"

	"random/posterior"
)

// A measure is what the kernels make of about a million units.
type measure struct {
	Kernels                            int
	Code, Divergence                   float64 // largest errors against nn, in parts of the larger of 1 and the value
	Least                              float64 // divergence of a sample
	Mean, Variance, Skewness, Kurtosis float64 // of (z - mean)/σ
	NextUnit, NextSample, NextStep     float64 // correlations
}

const width, samples, seed, step = posterior.CodeSize, 1 << 20 / posterior.CodeSize, 5, 3

// draw is a step's deviates, by codes of mean 0 and variance 1, and with the means and log-variances given the codes and divergences.
func draw(step int, mean, logvar []float32) (z, d, kl []float32) {
	z, d, kl = make([]float32, samples*width), make([]float32, samples*width), make([]float32, samples)
	key := random.Subkey(random.Key(seed, nn.DrawStream(0)), step)
	for from, size := 0, 1; from < samples; from, size = from+size, size+1 {
		to := min(samples, from+size)
		posterior.Draw(z[from*width:to*width], d[from*width:to*width], kl[from:to], mean[from*width:to*width], logvar[from*width:to*width], key, from, 0.5)
	}
	return z, d, kl
}

func (m *measure) exactness() {
	mean, logvar := make([]float32, samples*width), make([]float32, samples*width)
	random.Uniform(mean, 3, 1, 1)
	random.Uniform(logvar, 12, 1, 2)
	for i := range width { // one sample of no divergence, one near it, and two of extremes
		mean[i], logvar[i] = 0, 0
		mean[width+i], logvar[width+i] = 0, float32(math.Pow(-0.01, float64(i%5)))
		mean[2*width+i], logvar[2*width+i] = 1e4, -100
		mean[3*width+i], logvar[3*width+i] = 0, 80
	}
	z, d, kl := draw(step, mean, logvar)
	bound := make([]float32, samples)
	posterior.Bound(bound, mean, logvar)
	m.Least = math.Inf(1)
	for s := range samples {
		free, plain := 0.0, 0.0
		prior := nn.Prior{Beta: 0.5, FreeBits: posterior.FreeBits}
		for i := range width {
			at := s*width + i
			mu, v := float64(mean[at]), float64(logvar[at])
			free += prior.Beta * prior.Divergence(mu, v)
			plain += nn.Bound.Divergence(mu, v)
			x := math.Exp(v/2) * nn.Normal(nn.NoiseBits(seed, nn.DrawStream(0), step, s, i))
			m.Code = max(m.Code, off(z[at], mu+x), off(d[at], x))
		}
		m.Divergence = max(m.Divergence, off(kl[s], free), off(bound[s], plain))
		m.Least = min(m.Least, float64(bound[s]))
	}
}

func off(got float32, want float64) float64 {
	return math.Abs(float64(got)-want) / max(1, math.Abs(want))
}

func (m *measure) moments() {
	zero := make([]float32, samples*width)
	y, _, _ := draw(step, zero, zero)
	next, _, _ := draw(step+1, zero, zero)
	n := float64(len(y))
	for _, v := range y {
		m.Mean += float64(v) / n
	}
	var squares, cubes, fourths, unit, sample, later float64
	for i, v := range y {
		d := float64(v) - m.Mean
		squares, cubes, fourths = squares+d*d, cubes+d*d*d, fourths+d*d*d*d
		at := func(z []float32, i int) float64 { return float64(z[i%len(z)]) - m.Mean }
		unit, sample, later = unit+d*at(y, i+1), sample+d*at(y, i+width), later+d*at(next, i)
	}
	m.Variance = squares / n
	m.Skewness, m.Kurtosis = cubes/n/math.Pow(m.Variance, 1.5), fourths/n/(m.Variance*m.Variance)
	m.NextUnit, m.NextSample, m.NextStep = unit/squares, sample/squares, later/squares
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for kernels := range 3 {
		if !posterior.SetKernels(kernels) {
			continue
		}
		m := measure{Kernels: kernels}
		m.exactness()
		m.moments()
		if err := out.Encode(m); err != nil {
			panic(err)
		}
	}
}
