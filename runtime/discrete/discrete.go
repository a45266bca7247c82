// Package discrete draws and relaxes codes of discrete units: units of several classes, with a logit for each, and units that are 0 or 1,
// with one logit. A code's logits stand unit by unit; classes is their number in a unit, 1 for units that are 0 or 1. Arithmetic is in
// float64, unit by unit in order. Nothing is allocated.
package discrete

import (
	"math"

	"github.com/aegen/aegen/runtime/random"
)

// Temperature is that of a time, in parts of the time in which it falls from the first to the last by equal factors in equal times.
func Temperature(first, last, time float64) float64 {
	return first * math.Pow(last/first, min(1, time))
}

// Relax sets y to a relaxed draw of a code at a temperature, by the bits of a key: softmax((l + g)/τ) with g from the Gumbel
// distribution, or sigmoid((l + g)/τ) with g from the logistic distribution (Jang, Gu and Poole 2017; Maddison, Mnih and Teh 2017).
func Relax(y, logits []float32, classes int, key uint64, temperature float64) {
	if classes == 1 {
		for i, l := range logits {
			y[i] = float32(logistic((float64(l) + logit(unit(random.Bits(key, i)))) / temperature))
		}
		return
	}
	for from := 0; from < len(logits); from += classes {
		most := math.Inf(-1)
		for i := from; i < from+classes; i++ {
			v := (float64(logits[i]) + gumbel(unit(random.Bits(key, i)))) / temperature
			y[i] = float32(v)
			most = max(most, float64(y[i]))
		}
		sum := 0.0
		for i := from; i < from+classes; i++ {
			sum += math.Exp(float64(y[i]) - most)
		}
		for i := from; i < from+classes; i++ {
			y[i] = float32(math.Exp(float64(y[i])-most) / sum)
		}
	}
}

// RelaxGrad sets d to the derivative of Relax by the logits, at its result y, times dy.
func RelaxGrad(d, dy, y []float32, classes int, temperature float64) {
	if classes == 1 {
		for i, v := range y {
			d[i] = float32(float64(dy[i]) * float64(v) * (1 - float64(v)) / temperature)
		}
		return
	}
	for from := 0; from < len(y); from += classes {
		mean := 0.0
		for i := from; i < from+classes; i++ {
			mean += float64(dy[i]) * float64(y[i])
		}
		for i := from; i < from+classes; i++ {
			d[i] = float32(float64(y[i]) * (float64(dy[i]) - mean) / temperature)
		}
	}
}

// Mode sets y to the most probable code: 1 in the place of one class of each unit and 0 elsewhere, or 0 or 1. Of equal classes it is the
// first, and 0.
func Mode(y, logits []float32, classes int) {
	choose(y, logits, classes, func(int) float64 { return 0 })
}

// Noise sets g to what fixed draw k of a code adds to its logits: the same numbers for all samples.
func Noise(g []float64, classes, k int) {
	for i := range g {
		g[i] = noise(Level(k, i), classes)
	}
}

// Choose sets y to the most probable code after noise has been added to the logits.
func Choose(y, logits []float32, noise []float64, classes int) {
	if classes == 1 {
		y, noise = y[:len(logits)], noise[:len(logits)]
		for i, l := range logits {
			v := float32(0)
			if float64(l)+noise[i] > 0 {
				v = 1
			}
			y[i] = v
		}
		return
	}
	choose(y, logits, classes, func(i int) float64 { return noise[i] })
}

// Draw sets y to a draw of a code by the numbers of rng.
func Draw(y, logits []float32, classes int, rng *random.Source) {
	choose(y, logits, classes, func(int) float64 { return noise(float64(rng.Uniform())+0x1p-25, classes) })
}

// choose sets the largest logit of each unit to 1, noise added, and the others to 0.
func choose(y, logits []float32, classes int, noise func(i int) float64) {
	if classes == 1 {
		for i, l := range logits {
			if y[i] = 0; float64(l)+noise(i) > 0 {
				y[i] = 1
			}
		}
		return
	}
	for from := 0; from < len(logits); from += classes {
		most, at := math.Inf(-1), from
		for i := from; i < from+classes; i++ {
			if v := float64(logits[i]) + noise(i); v > most {
				most, at = v, i
			}
			y[i] = 0
		}
		y[at] = 1
	}
}

// Probabilities sets q to the probability of each class, or of 1. Q and logits may be the same.
func Probabilities(q, logits []float32, classes int) {
	if classes == 1 {
		for i, l := range logits {
			q[i] = float32(logistic(float64(l)))
		}
		return
	}
	for from := 0; from < len(logits); from += classes {
		norm := logSum(logits[from : from+classes])
		for i := from; i < from+classes; i++ {
			q[i] = float32(math.Exp(float64(logits[i]) - norm))
		}
	}
}

// Divergence is that of a code from the uniform prior, in nats, summed over its units.
func Divergence(logits []float32, classes int) float64 {
	sum := 0.0
	for from := 0; from < len(logits); from += classes {
		sum += UnitDivergence(logits[from : from+classes])
	}
	return sum
}

// UnitDivergence is the divergence of one unit from the uniform prior, in nats: Σ q·log q + log classes, or of one logit, with q the
// probability of 1, q·log q + (1-q)·log(1-q) + log 2.
func UnitDivergence(logits []float32) float64 {
	if len(logits) == 1 {
		l := math.Abs(float64(logits[0]))
		return max(0, math.Ln2-math.Log1p(math.Exp(-l))-l*logistic(-l)) // less the entropy
	}
	norm, sum := logSum(logits), math.Log(float64(len(logits)))
	for _, l := range logits {
		log := float64(l) - norm
		sum += math.Exp(log) * log
	}
	return max(0, sum)
}

// AddDivergenceGrad sets y to d plus the derivative of Divergence by the logits, times weight. Y and d may be the same.
func AddDivergenceGrad(y, d, logits []float32, classes int, weight float64) {
	if classes == 1 {
		for i, l := range logits {
			q := logistic(float64(l))
			y[i] = float32(float64(d[i]) + weight*float64(l)*q*(1-q))
		}
		return
	}
	for from := 0; from < len(logits); from += classes {
		norm, mean := logSum(logits[from:from+classes]), 0.0
		for _, l := range logits[from : from+classes] {
			mean += math.Exp(float64(l)-norm) * float64(l)
		}
		for i := from; i < from+classes; i++ {
			q := math.Exp(float64(logits[i]) - norm)
			y[i] = float32(float64(d[i]) + weight*q*(float64(logits[i])-mean))
		}
	}
}

// LogRatio is log p(z) - log q(z) of a code z under the uniform prior p and the logits of q.
func LogRatio(z, logits []float32, classes int) float64 {
	sum := 0.0
	for from := 0; from < len(logits); from += classes {
		l := logits[from : from+classes]
		if classes == 1 {
			v := float64(l[0])
			sum += softplus(v) - v*float64(z[from]) - math.Ln2
			continue
		}
		norm := logSum(l)
		for i, v := range l {
			if z[from+i] > 0 {
				sum += norm - float64(v)
			}
		}
		sum -= math.Log(float64(classes))
	}
	return sum
}

// levels is the number of fixed draws.
const levels = random.FixedDraws

// Level is the number between 0 and 1 of fixed draw k of logit i: over the draws each logit takes the middles of as many equal parts
// once, in an order of its own (McKay, Beckman and Conover 1979).
func Level(k, i int) float64 {
	bits := int(uint32(random.Bits(random.Subkey(random.Subkey(random.Key(0, 1<<36+1), 0), 0), i)))
	part := (k*(bits<<1|1) + bits>>8) & (levels - 1)
	return (float64(part) + 0.5) / levels
}

// noise is what a draw adds to a logit, by a number u uniform between 0 and 1.
func noise(u float64, classes int) float64 {
	if classes == 1 {
		return logit(u)
	}
	return gumbel(u)
}

// unit is the number between 0 and 1 that belongs to bits.
func unit(bits int32) float64 { return (float64(bits) + (1<<31 + 0.5)) / (1 << 32) }

func logit(u float64) float64  { return math.Log(u) - math.Log1p(-u) }
func gumbel(u float64) float64 { return -math.Log(-math.Log(u)) }

func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// logSum is log Σ eˡ.
func logSum(logits []float32) float64 {
	most, sum := math.Inf(-1), 0.0
	for _, l := range logits {
		most = max(most, float64(l))
	}
	for _, l := range logits {
		sum += math.Exp(float64(l) - most)
	}
	return most + math.Log(sum)
}
