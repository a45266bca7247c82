// Saturated holds losses and gradients of generated packages for logits far out against nn: the program of TestSaturated, which adds
// packages.
package main

import (
	"encoding/json"
	"math"
	"os"

	"github.com/aegen/aegen/compiler/nn"
)

// A judge has the two kernels of a loss, for samples one after the other.
type judge struct {
	name       string
	loss       nn.Loss
	width      int
	setKernels func(number int) bool
	score      func(s, logits, targets []float32)
	gradient   func(s, d, logits, targets []float32, share float64)
}

// A finding is a number that is wrong.
type finding struct {
	Name          string
	Kernels       int
	What          string
	Logit, Target float32
	Got, Want     float64
}

// logits are ±1e4, and what lies between and at the ends of float32's exponential; targets are the ends of [0, 1] and its middle.
var (
	logits  = []float32{1e4, -1e4, 1e3, -1e3, 104, -104, 89, -89, 88, -88, 17, -17, 0}
	targets = []float32{0, 1, 0.5}
)

// near holds a float32 against float64, to 2e-6 of the larger of 1 and the number. No NaN and no infinity is near.
func near(got float32, want float64) bool {
	return math.Abs(float64(got)-want) <= 2e-6*max(1, math.Abs(want))
}

// check compares samples whose values are all alike, and one that has all in turn.
func (j *judge) check(kernels int, report func(finding)) int {
	targets := targets
	if j.loss.Likelihood == nn.Poisson {
		targets = []float32{0, 1, 7}
	}
	n := len(logits)*len(targets) + 1
	a, t := make([]float32, n*j.width), make([]float32, n*j.width)
	for i := range a {
		sample, value := i/j.width, i%j.width
		if sample == n-1 {
			sample = value % (n - 1)
		}
		a[i], t[i] = logits[sample%len(logits)], targets[sample/len(logits)]
	}
	s, scores, d := make([]float32, n), make([]float32, n), make([]float32, len(a))
	j.score(scores, a, t)
	j.gradient(s, d, a, t, 0.25)
	for sample := range n {
		from, to := sample*j.width, (sample+1)*j.width
		want, slopes := j.loss.Linked(wide(a[from:to]), wide(t[from:to]))
		for i, slope := range slopes {
			if got, w := d[from+i], 0.25*slope; !near(got, w) {
				report(finding{j.name, kernels, "derivative", a[from+i], t[from+i], float64(got), w})
			}
		}
		for what, got := range map[string]float32{"score": scores[sample], "loss of training": s[sample]} {
			if !near(got, want) {
				report(finding{j.name, kernels, what, a[sample*j.width], t[sample*j.width], bounded(got), want})
			}
		}
	}
	return n
}

// wide is values in float64.
func wide(v []float32) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = float64(x)
	}
	return w
}

// bounded is a number that JSON can say.
func bounded(v float32) float64 {
	return max(-math.MaxFloat64, min(math.MaxFloat64, float64(v)))
}

func main() {
	out := json.NewEncoder(os.Stdout)
	samples := 0
	for _, j := range judges {
		for kernels := range 3 {
			if !j.setKernels(kernels) {
				continue
			}
			samples += j.check(kernels, func(f finding) {
				if f.Got != f.Got {
					f.What, f.Got = f.What+" is NaN and not", 0
				}
				if err := out.Encode(f); err != nil {
					panic(err)
				}
			})
		}
	}
	if err := out.Encode(samples); err != nil {
		panic(err)
	}
}
