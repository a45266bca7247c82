// Discrete compares assembly functions of discrete codes with package discrete: the program of TestDiscreteFunctions, which adds functions.
package main

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/runtime/cpu"
	"github.com/aegen/aegen/runtime/discrete"
	"github.com/aegen/aegen/runtime/random"
)

type functions struct {
	classes     int
	choose      func(y, x *float32, noise *float64, n int)
	divergences func(s, x *float32, n int, beta float32)
	slopes      func(y, d, x *float32, n int, weight float32)
	softmax     func(y, x *float32, n int)
}

const samples, units = 64, 5

var wrong int

// hold compares what f computes by both sets of registers with want, to parts of the larger of 1 and the value.
func hold(what string, want []float32, within float64, f func(y []float32)) {
	var bits []uint32
	for _, wide := range []bool{false, true} {
		if wide && !cpu.AVX512 {
			continue
		}
		avx512 = wide
		y := make([]float32, len(want))
		f(y)
		for i, v := range y {
			w := float64(want[i])
			same := math.IsNaN(w) && v != v || float64(v) == w || math.Abs(float64(v)-w) <= within*max(1, math.Abs(w))
			if wide && bits[i] != math.Float32bits(v) && v == v || !same {
				if wrong++; wrong < 20 {
					fmt.Printf("%s: value %d is %v, want %v, AVX-512 %t\n", what, i, v, w, wide)
				}
			}
			if !wide {
				bits = append(bits, math.Float32bits(v))
			}
		}
	}
}

func main() {
	if !cpu.AVX2 {
		fmt.Println("no processor")
		return
	}
	special := []float32{1e4, -1e4, 0, float32(math.Copysign(0, -1)), 1e-40, -1e-45, 88, -88, 120, -120, 3e38, float32(math.NaN())}
	for _, f := range all {
		width := units * f.classes
		n := samples * width
		x, d := make([]float32, n), make([]float32, n)
		random.Uniform(x, 6, 1, 1)
		random.Uniform(d, 1, 1, 2)
		for i := n / 2; i < n; i += 3 { // half of the samples are ordinary
			x[i] = special[i/3%len(special)]
		}
		name := func(what string) string { return fmt.Sprintf("%s of %d classes", what, f.classes) }
		rows := func(y []float32, f func(y, x, d []float32)) []float32 {
			for i := 0; i < n; i += width {
				f(y[i:i+width], x[i:i+width], d[i:i+width])
			}
			return y
		}
		want := make([]float32, samples)
		for s := range want {
			want[s] = float32(0.5 * discrete.Divergence(x[s*width:(s+1)*width], f.classes))
		}
		hold(name("divergence"), want, 3e-6, func(y []float32) { f.divergences(&y[0], &x[0], samples, 0.5) })
		hold(name("derivative"), rows(make([]float32, n), func(y, x, d []float32) { discrete.AddDivergenceGrad(y, d, x, f.classes, 0.25) }), 3e-6,
			func(y []float32) { f.slopes(&y[0], &d[0], &x[0], n/f.classes, 0.25) })
		noise := make([]float64, width)
		discrete.Noise(noise, f.classes, 3)
		if f.choose != nil {
			hold(name("choice"), rows(make([]float32, n), func(y, x, _ []float32) { discrete.Choose(y, x, noise, f.classes) }), 0,
				func(y []float32) {
					rows(y, func(y, x, _ []float32) { f.choose(&y[0], &x[0], &noise[0], units) })
				})
		}
		hold(name("draw"), rows(make([]float32, n), func(y, x, _ []float32) { discrete.Relax(y, x, f.classes, 99, 0.7) }), 4e-6,
			func(y []float32) {
				rows(y, func(y, x, _ []float32) {
					if f.softmax == nil {
						relaxBits(&y[0], &x[0], 99, width, 1/0.7)
						return
					}
					relaxClasses(&y[0], &x[0], 99, width, 1/0.7)
					f.softmax(&y[0], &y[0], units)
				})
			})
	}
	if wrong == 0 {
		fmt.Println("ok")
	}
}
