// Accuracy measures assembly functions against float64: the program of TestAccuracy, which adds functions, losses and avx512.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/runtime/cpu"
)

// A function is an activation and its derivative as assembly.
type function struct {
	activation nn.Activation
	apply      func(y, x *float32, n int)
	slope      func(y, d, at *float32, n int)
	curve      func(y, d, e, at *float32, n int) // nil where it is 0
}

// step is between the bit patterns that are tried.
const step = 1009

// A measure is the largest error of a function, in ulp.
type measure struct {
	Name  string
	Error float64
	At    string
	Wrong []string // what is wrong beside errors
}

func (m *measure) wrong(format string, args ...any) {
	if len(m.Wrong) < 5 {
		m.Wrong = append(m.Wrong, fmt.Sprintf(format, args...))
	}
}

// error notes the error of got in the distances of floats at scale. An infinity is the float after the last one.
func (m *measure) error(x, got float32, want, scale float64) {
	if math.IsNaN(want) || got != got {
		if math.IsNaN(want) != (got != got) {
			m.wrong("%v gives %v, want %v", x, got, want)
		}
		return
	}
	const infinity = 1 << 127 * 2
	bounded := func(v float64) float64 { return max(-infinity, min(v, infinity)) }
	_, exponent := math.Frexp(bounded(scale))
	ulp := math.Ldexp(1, min(max(exponent, -125), 128)-24)
	if e := math.Abs(bounded(float64(got))-bounded(want)) / ulp; e > m.Error {
		m.Error, m.At = e, fmt.Sprintf("%v (%#x) gives %v, want %v", x, math.Float32bits(x), got, want)
	}
}

// both runs f for both sets of registers and compares bits.
func (m *measure) both(n int, f func(y []float32)) []float32 {
	narrow, wide := make([]float32, n), make([]float32, n)
	avx512 = false
	f(narrow)
	if avx512 = cpu.AVX512; avx512 {
		f(wide)
		for i, v := range narrow {
			if math.Float32bits(v) != math.Float32bits(wide[i]) {
				m.wrong("value %d is %v with AVX-512, %v without", i, wide[i], v)
			}
		}
	}
	return narrow
}

// blocks calls f for parts of n values that leave different rests.
func blocks(n int, f func(from, n int)) {
	for from, size := 0, 1; from < n; from, size = from+size, size%4093+1 {
		f(from, min(size, n-from))
	}
}

// inputs are every step-th float, those around every change of the exponent, and so all special ones.
func inputs(step uint64) []float32 {
	var x []float32
	for bits := uint64(0); bits < 1<<32; bits += step {
		x = append(x, math.Float32frombits(uint32(bits)))
	}
	for high := range uint32(1 << 9) {
		for _, low := range []int32{-2, -1, 0, 1, 2, 1 << 22} {
			x = append(x, math.Float32frombits(high<<23+uint32(low)))
		}
	}
	return x
}

// value measures f(x).
func (f *function) value(x []float32) (m measure, y []float32) {
	m.Name = f.activation.String()
	y = m.both(len(x), func(y []float32) {
		blocks(len(x), func(from, n int) { f.apply(&y[from], &x[from], n) })
	})
	for i, v := range x {
		want := f.activation.Value(float64(v))
		m.error(v, y[i], want, want)
		if v == 0 && want == 0 && math.Signbit(float64(v)) != math.Signbit(float64(y[i])) {
			m.wrong("%v gives %v", v, y[i])
		}
	}
	return m, y
}

// derivative measures f'(at).
func (f *function) derivative(at []float32) (m measure) {
	m.Name = "derivative of " + f.activation.String()
	d := make([]float32, len(at))
	for i := range d {
		d[i] = 1
	}
	y := m.both(len(at), func(y []float32) {
		blocks(len(at), func(from, n int) { f.slope(&y[from], &d[from], &at[from], n) })
	})
	for i, v := range at {
		if v == v {
			want := f.activation.Derivative(float64(v))
			m.error(v, y[i], want, max(1, math.Abs(want)))
		}
	}
	return m
}

// curvature measures the derivative of f' by at.
func (f *function) curvature(at []float32) (m measure) {
	m.Name = "curvature of " + f.activation.String()
	d := make([]float32, len(at))
	for i := range d {
		d[i] = 1
	}
	y := m.both(len(at), func(y []float32) {
		blocks(len(at), func(from, n int) { f.curve(&y[from], &d[from], &d[from], &at[from], n) })
	})
	for i, v := range at {
		if v == v && v-v == 0 {
			want := f.activation.Curvature(float64(v))
			m.error(v, y[i], want, max(1, math.Abs(want)))
		}
	}
	return m
}

// keyOf is the key whose first word of random bits is a given one.
func keyOf(word uint64) uint64 {
	inverse := func(c uint64) uint64 { // each round of Newton's method doubles the bits that are right
		v := c
		for range 6 {
			v *= 2 - c*v
		}
		return v
	}
	unshift := func(x uint64, n int) uint64 { return x ^ x>>n ^ x>>(2*n) }
	x := unshift(word, 31) * inverse(0x94d049bb133111eb)
	x = unshift(x, 27) * inverse(0xbf58476d1ce4e5b9)
	return unshift(x, 30) - 0x9e3779b97f4a7c15
}

// gaussian measures noise by all kinds of bits, the largest and the least among them, added to 0.
func gaussian() (m measure) {
	m.Name = "gaussian noise"
	noise := nn.Noise{Kind: nn.GaussianNoise, Amount: 1}
	var words []uint64
	for i := uint64(0); i < 1<<32; i += 3 * step {
		words = append(words, i<<32|(i^0x7fffffff))
	}
	for i := range uint64(1 << 12) {
		words = append(words, i<<32|(1<<31-1-i), (1<<31+i)<<32|(1<<32-1-i))
	}
	zero := [2]float32{}
	y := m.both(2*len(words), func(y []float32) {
		for i, w := range words {
			key := keyOf(w)
			normal(&y[2*i], &zero[0], &key, 2)
		}
	})
	for i, v := range y {
		bits := int32(words[i/2] >> (32 * (i % 2)))
		want := noise.Value(0, bits)
		m.error(float32(bits), v, want, max(1, math.Abs(want)))
	}
	return m
}

func main() {
	var all []measure
	if cpu.AVX2 {
		x := inputs(step)
		for _, f := range functions {
			m, y := f.value(x)
			if !f.activation.FromOutput() {
				y = x
			}
			all = append(all, m, f.derivative(y))
			if f.curve != nil {
				all = append(all, f.curvature(y))
			}
		}
		all = append(all, gaussian())
		few := inputs(16 * step)
		bernoulli := rowLoss{nn.Loss{Likelihood: nn.Bernoulli}, lossRows, lossGradientRows}
		for _, target := range []float32{0, 0.3, 1} {
			term, slope := bernoulli.loss(few, target)
			all = append(all, term, slope)
		}
		poisson := rowLoss{nn.Loss{Likelihood: nn.Poisson}, countRows, countGradientRows}
		for _, target := range []float32{0, 1, 2, 3, 7, 100, 5000, nn.MaxCount, 0.5, -1, nn.MaxCount + 2} {
			term, slope := poisson.loss(few, target)
			all = append(all, term, slope)
		}
		for class := range 2 {
			p, term, slope := categorical(few, class)
			all = append(all, p, term, slope)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		panic(err)
	}
}
