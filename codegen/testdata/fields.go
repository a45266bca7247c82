// Fields compares assembly functions on records with package nn: the program of TestFieldFunctions, which adds functions.
package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/runtime/cpu"
	"github.com/aegen/aegen/runtime/random"
)

type functions struct {
	record   nn.Record
	features func(u, x []float32, b blocks, n int)
	loss     func(s, o, u, x []float32, b blocks, n int)
	gradient func(s, d, e, o, u, x []float32, b blocks, n int, share float32)
}

// blocks are means, logarithms of deviations, and ρ, each of whole panels.
type blocks struct{ mean, logDeviation, logStd []float32 }

const (
	samples = 75
	share   = 0.25
	within  = 2e-6 // of the larger of 1 and the value, or of the terms of a sum
)

var wrong int

func fail(format string, args ...any) {
	if wrong++; wrong < 20 {
		fmt.Printf(format+"\n", args...)
	}
}

func main() {
	if !cpu.AVX2 {
		fmt.Println("no processor")
		return
	}
	for i := range all {
		for extreme := range 2 {
			check(&all[i], i, extreme == 1)
		}
	}
	if wrong == 0 {
		fmt.Println("ok")
	}
}

// data are a record's blocks, rows x and numbers o. With extreme, some samples have numbers of any size.
func data(r nn.Record, seed uint64, extreme bool) (b blocks, x, o []float32) {
	padded := func(n int, width float64, stream uint64) []float32 {
		v := make([]float32, (n+15)/16*16+16)
		random.Uniform(v, width, seed, stream)
		return v
	}
	b = blocks{padded(r.Standards(), 3, 1), padded(r.Standards(), 1, 2), padded(r.Deviations(), 1, 3)}
	if extreme {
		for i := range b.logStd {
			b.logStd[i] *= 30 // from less than the least variance on
		}
	}
	x, o = make([]float32, samples*len(r)), make([]float32, samples*r.Width())
	random.Uniform(o, 4, seed, 4)
	random.Uniform(x, 1, seed, 5)
	large := []float32{0, 1e-45, 3, 1e4, 1e7, 16777216, 3e38, float32(math.NaN())}
	for i, h := range x {
		f := r[i%len(r)]
		x[i] = float32(f.Example(float64(h)))
		if extreme && i%5 == 0 {
			v := large[i/5%len(large)]
			switch {
			case v != v, f.Kind == nn.RealField && v < 1e30, f.Kind == nn.LogField:
				x[i] = v
			case f.Kind == nn.CountField && v == float32(math.Floor(float64(v))):
				x[i] = min(v, nn.MaxCount)
			}
		}
	}
	if extreme {
		logits := []float32{1e4, -1e4, 88, -88, 1e-40, 0, 30, -200, float32(math.NaN())}
		for i := 0; i < len(o); i += 7 {
			o[i] = logits[i/7%len(logits)]
		}
	}
	return b, x, o
}

func doubles(v []float32) []float64 {
	d := make([]float64, len(v))
	for i, x := range v {
		d[i] = float64(x)
	}
	return d
}

// both runs f by both sets of registers, for all samples at once, and for parts of them.
func both(what string, sizes []int, f func(out [][]float32, from, n int)) [][]float32 {
	var first [][]float32
	for _, wide := range []bool{false, true} {
		if wide && !cpu.AVX512 {
			continue
		}
		avx512 = wide
		for _, most := range []int{samples, 1, 7, 16, 33} {
			out := make([][]float32, len(sizes))
			for i, n := range sizes {
				out[i] = make([]float32, samples*n+1)
				out[i][samples*n] = 12345
			}
			for from := 0; from < samples; from += most {
				part := make([][]float32, len(sizes))
				for i, n := range sizes {
					part[i] = out[i][from*n:]
				}
				f(part, from, min(most, samples-from))
			}
			for i, v := range out {
				if n := samples * sizes[i]; v[n] != 12345 {
					fail("%s: writes beyond array %d", what, i)
				}
				if first != nil && !slices.EqualFunc(v, first[i], func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b }) {
					fail("%s: array %d differs for %d samples at once, AVX-512 %t", what, i, most, wide)
				}
			}
			if first == nil {
				first = out
			}
		}
	}
	return first
}

// near compares a value to want, to parts of the larger of 1 and size.
func near(what string, got float32, want, size float64) {
	g, w := float64(got), float64(float32(want))
	if math.IsNaN(g) && math.IsNaN(w) || g == w || math.Abs(g-want) <= within*max(1, size) {
		return
	}
	fail("%s is %v, want %v, to %v", what, got, want, within*max(1, size))
}

func check(f *functions, number int, extreme bool) {
	r, width, fields, deviations := f.record, f.record.Width(), len(f.record), f.record.Deviations()
	b, x, o := data(r, uint64(number), extreme)
	standard := nn.Standard{Mean: doubles(b.mean), LogDeviation: doubles(b.logDeviation)}
	rho := doubles(b.logStd)
	name := fmt.Sprintf("record %d, extreme %t: ", number, extreme)
	u := both(name+"features", []int{width}, func(out [][]float32, from, n int) { f.features(out[0], x[from*fields:], b, n) })[0][:samples*width]
	scores := both(name+"loss", []int{1}, func(out [][]float32, from, n int) {
		f.loss(out[0], o[from*width:], u[from*width:], x[from*fields:], b, n)
	})[0]
	all := both(name+"derivatives", []int{1, width, max(1, deviations)}, func(out [][]float32, from, n int) {
		f.gradient(out[0], out[1], out[2], o[from*width:], u[from*width:], x[from*fields:], b, n, share)
	})
	for s := range samples {
		row, seen, logits := doubles(x[s*fields:(s+1)*fields]), doubles(u[s*width:(s+1)*width]), doubles(o[s*width:(s+1)*width])
		for i, want := range r.Features(row, standard) {
			if got := seen[i]; math.IsNaN(row[fieldOf(r, i)]) {
				near(name+fmt.Sprintf("feature %d of no value", i), float32(got), math.NaN(), 1)
			} else {
				near(name+fmt.Sprintf("feature %d", i), float32(got), want, math.Abs(want))
			}
		}
		size := 0.0
		for i, slot := range r.Slots() {
			size += math.Abs(slot.FieldNLL(logits, seen, row[i], standard, rho))
			if slot.Kind == nn.CountField { // its terms
				a := standard.Mean[slot.Standard] + math.Exp(standard.LogDeviation[slot.Standard])*logits[slot.At]
				rate, _ := nn.PoissonRate(a)
				size += 8 * (rate + row[i])
			}
			if slot.Kind == nn.LogField {
				size += math.Abs(seen[slot.At])
			}
		}
		want := r.NLL(logits, seen, row, standard, rho)
		near(name+"loss", scores[s], want, size)
		if math.Float32bits(scores[s]) != math.Float32bits(all[0][s]) && scores[s] == scores[s] {
			fail("%sloss %v with derivatives, %v without", name, all[0][s], scores[s])
		}
		do, dRho := r.NLLGrad(logits, seen, row, standard, rho)
		for i, slot := range r.Slots() {
			for c := slot.At; c < slot.At+slot.Width(); c++ {
				size := math.Abs(share * do[c])
				if slot.Kind == nn.CountField {
					a := standard.Mean[slot.Standard] + math.Exp(standard.LogDeviation[slot.Standard])*logits[slot.At]
					rate, _ := nn.PoissonRate(a)
					size += 8 * (rate + row[i])
				}
				near(name+fmt.Sprintf("derivative %d", c), all[1][s*width+c], share*do[c], size)
			}
		}
		for i, want := range dRho {
			near(name+fmt.Sprintf("derivative by ρ %d", i), all[2][s*deviations+i], share*want, math.Abs(share*want))
		}
	}
}

// fieldOf is the field of a feature.
func fieldOf(r nn.Record, feature int) int {
	for i, s := range r.Slots() {
		if feature < s.At+s.Width() {
			return i
		}
	}
	panic("no such feature")
}
