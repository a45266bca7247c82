package discrete

import (
	"math"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/runtime/random"
)

var logits = []float32{0.5, -1, 2, 0.25, -0.125, 3}

// TestIsNN compares with what the compiler says, for every operation and both kinds of units.
func TestIsNN(t *testing.T) {
	for _, classes := range []int{1, 3} {
		r := nn.Relaxation{Classes: classes, Temperature: 0.6}
		n := len(logits)
		wide := make([]float64, n)
		for i, l := range logits {
			wide[i] = float64(l)
		}
		key := random.Subkey(random.Subkey(random.Key(5, nn.DrawStream(0)), 7), 2)
		want := make([]float64, n)
		each := func(do func(y, l, u []float64), u func(i int) float64) {
			for i := 0; i < n; i += classes {
				us := make([]float64, classes)
				for c := range us {
					us[c] = u(i + c)
				}
				do(want[i:i+classes], wide[i:i+classes], us)
			}
		}
		hold := func(what string, got []float32) {
			t.Helper()
			for i, v := range got {
				if math.Abs(float64(v)-want[i]) > 1e-6*max(1, math.Abs(want[i])) {
					t.Errorf("%d classes, %s: value %d is %v, want %v", classes, what, i, v, want[i])
				}
			}
		}
		y := make([]float32, n)
		Relax(y, logits, classes, key, 0.6)
		each(func(y, l, u []float64) { r.Relaxed(y, l, u, 0.6) }, func(i int) float64 { return nn.Fraction(nn.NoiseBits(5, nn.DrawStream(0), 7, 2, i)) })
		hold("relaxed", y)
		for k := range nn.Draws {
			fixed(y, logits, classes, k)
			each(func(y, l, u []float64) { r.Choose(y, l, u) }, func(i int) float64 { return nn.Level(k, i) })
			hold("fixed", y)
		}
		Mode(y, logits, classes)
		each(func(y, l, _ []float64) { r.Choose(y, l, nil) }, func(int) float64 { return 0 })
		hold("mode", y)
		sum := 0.0
		each(func(_, l, _ []float64) { sum += r.Divergence(l) }, func(int) float64 { return 0 })
		if got := Divergence(logits, classes); math.Abs(got-sum) > 1e-9 {
			t.Errorf("%d classes: divergence %v, want %v", classes, got, sum)
		}
		if got, want := Temperature(2, 0.5, 0.5), (nn.Relaxation{Temperature: 2, Floor: 0.5, Anneal: 8}).At(4); got != want {
			t.Errorf("temperature %v, want %v", got, want)
		}
	}
}

// TestDrawMoments holds the means of draws against their probabilities, and LogRatio's mean against the divergence: six standard errors.
func TestDrawMoments(t *testing.T) {
	for _, classes := range []int{1, 3} {
		q, y := make([]float32, len(logits)), make([]float32, len(logits))
		Probabilities(q, logits, classes)
		rng := random.NewSource(9)
		const n = 40000
		sums, ratio := make([]float64, len(logits)), 0.0
		for range n {
			Draw(y, logits, classes, rng)
			for i, v := range y {
				sums[i] += float64(v)
			}
			ratio += LogRatio(y, logits, classes)
		}
		for i, p := range q {
			if bound := 6 * math.Sqrt(float64(p)*(1-float64(p))/n); math.Abs(sums[i]/n-float64(p)) > bound {
				t.Errorf("%d classes: value %d has the mean %v, want %v ± %v", classes, i, sums[i]/n, p, bound)
			}
		}
		if kl := Divergence(logits, classes); math.Abs(-ratio/n-kl) > 0.05 {
			t.Errorf("%d classes: the mean of log q - log p is %v, the divergence %v", classes, -ratio/n, kl)
		}
	}
}

func TestAllocatesNothing(t *testing.T) {
	y, noise := make([]float32, len(logits)), make([]float64, len(logits))
	rng := random.NewSource(1)
	if n := testing.AllocsPerRun(100, func() {
		Relax(y, logits, 3, 1, 0.5)
		Choose(y, logits, noise, 3)
		Draw(y, logits, 1, rng)
		Mode(y, logits, 3)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// fixed sets y to fixed draw k of a code.
func fixed(y, logits []float32, classes, k int) {
	noise := make([]float64, len(logits))
	Noise(noise, classes, k)
	Choose(y, logits, noise, classes)
}
