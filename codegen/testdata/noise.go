// Noise measures the noise of generated packages by all kernels: the program of TestNoise, which adds packages.
package main

import (
	"encoding/json"
	"math"
	"os"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/runtime/random"
)

// A drawn noise has a stream of random numbers.
type drawn struct {
	nn.Noise
	stream uint64
}

// A noisy package has the kernel that spoils a sample, and its noises.
type noisy struct {
	name       string
	noises     []drawn
	width      int
	setKernels func(number int) bool
	corrupt    func(y, x []float32, keys []uint64, from int) // of samples one after the other
}

// A measure is what a package's noise makes of values that are all clean.
type measure struct {
	Name                               string
	Kernels                            int
	Error                              float64 // largest distance from what nn says of the same bits
	Differs                            int     // values with other bits than by the kernels in Go
	Low, High, Zeros, Ones             float64 // bounds, and shares of values that are 0 and 1
	Mean, Variance, Skewness, Kurtosis float64 // of what was added
	NextValue, NextSample, NextStep    float64 // correlations
}

// clean is every value before noise. Samples are as many as make about a million values.
const clean, values, seed = 0.5, 1 << 20, 5

// spoil is the batch of a step, in parts that begin at different samples.
func (p *noisy) spoil(step int) []float32 {
	n := values / p.width
	x, y := make([]float32, n*p.width), make([]float32, n*p.width)
	for i := range x {
		x[i] = clean
	}
	keys := make([]uint64, len(p.noises))
	for i, n := range p.noises {
		keys[i] = random.Subkey(random.Key(seed, n.stream), step)
	}
	for from, size := 0, 1; from < n; from, size = from+size, size+1 {
		to := min(n, from+size)
		p.corrupt(y[from*p.width:to*p.width], x[from*p.width:to*p.width], keys, from)
	}
	return y
}

// compare notes how far values are from what nn says, and from those of other kernels.
func (m *measure) compare(p *noisy, y, plain []float32) {
	for i, v := range y {
		want := clean
		for _, n := range p.noises {
			want = n.Value(want, nn.NoiseBits(seed, n.stream, step, i/p.width, i%p.width))
		}
		m.Error = max(m.Error, math.Abs(float64(v)-want))
		if math.Float32bits(v) != math.Float32bits(plain[i]) {
			m.Differs++
		}
	}
}

// step is the step that is measured.
const step = 3

// moments notes how values are distributed.
func (m *measure) moments(p *noisy, y, next []float32) {
	n := float64(len(y))
	m.Low, m.High = math.Inf(1), math.Inf(-1)
	for _, v := range y {
		m.Low, m.High = min(m.Low, float64(v)), max(m.High, float64(v))
		m.Mean += (float64(v) - clean) / n
		if v == 0 {
			m.Zeros += 1 / n
		}
		if v == 1 {
			m.Ones += 1 / n
		}
	}
	var squares, cubes, fourths, value, sample, later float64
	for i, v := range y {
		d := float64(v) - clean - m.Mean
		squares, cubes, fourths = squares+d*d, cubes+d*d*d, fourths+d*d*d*d
		at := func(z []float32, i int) float64 { return float64(z[i%len(z)]) - clean - m.Mean }
		value, sample, later = value+d*at(y, i+1), sample+d*at(y, i+p.width), later+d*at(next, i)
	}
	m.Variance = squares / n
	m.Skewness, m.Kurtosis = cubes/n/math.Pow(m.Variance, 1.5), fourths/n/(m.Variance*m.Variance)
	m.NextValue, m.NextSample, m.NextStep = value/squares, sample/squares, later/squares
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, p := range packages {
		var plain []float32
		for kernels := range 3 {
			if !p.setKernels(kernels) {
				continue
			}
			m := measure{Name: p.name, Kernels: kernels}
			y := p.spoil(step)
			if kernels == 0 {
				plain = y
			}
			m.compare(&p, y, plain)
			m.moments(&p, y, p.spoil(step+1))
			if err := out.Encode(m); err != nil {
				panic(err)
			}
		}
	}
}
