package nn

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Relaxation is a code of discrete units by their logits, and the temperature at which training relaxes them: Jang, Gu and Poole,
// Categorical reparameterization with Gumbel-softmax, 2017; Maddison, Mnih and Teh, The concrete distribution, 2017.
type Relaxation struct {
	Classes     int     // logits of a unit; 1 for a unit that is 0 or 1 and has one logit
	Temperature float64 // at the beginning
	Floor       float64 // after Anneal
	Anneal      float64 // epochs in which the temperature falls from the one to the other, by equal factors in equal times
}

// At is the temperature at a time in epochs.
func (r Relaxation) At(epoch float64) float64 {
	if r.Anneal == 0 {
		return r.Temperature
	}
	return r.Temperature * math.Pow(r.Floor/r.Temperature, min(1, epoch/r.Anneal))
}

// Word is the code's word in a spec.
func (r Relaxation) Word() string {
	if r.Classes == 1 {
		return "bernoulli"
	}
	return "categorical"
}

// Units says what the units of the code are: "categorical of 8".
func (r Relaxation) Units() string {
	if r.Classes == 1 {
		return r.Word()
	}
	return fmt.Sprintf("%s of %d", r.Word(), r.Classes)
}

// String is the relaxation as graphs show it.
func (r Relaxation) String() string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	words := []string{}
	if r.Classes > 1 {
		words = append(words, fmt.Sprintf("classes: %d", r.Classes))
	}
	words = append(words, "temperature: "+number(r.Temperature))
	if r.Anneal > 0 {
		words = append(words, "floor: "+number(r.Floor), "anneal: "+number(r.Anneal))
	}
	return fmt.Sprintf("%s(%s)", r.Word(), strings.Join(words, ", "))
}

// Relaxed sets y to a draw of one unit with the given logits at a temperature, by numbers u that are uniform between 0 and 1:
// softmax((l + g)/τ) with g = -log(-log u), or sigmoid((l + log u - log(1 - u))/τ).
func (r Relaxation) Relaxed(y, logits, u []float64, temperature float64) {
	if r.Classes == 1 {
		y[0] = logistic((logits[0] + logit(u[0])) / temperature)
		return
	}
	noisy := make([]float64, len(logits))
	for c, l := range logits {
		noisy[c] = (l + gumbel(u[c])) / temperature
	}
	p, _ := Softmax(noisy)
	copy(y, p)
}

// RelaxedSlope adds to d the derivative of Relaxed by the logits, at its result y, times dy.
func (r Relaxation) RelaxedSlope(d, dy, y []float64, temperature float64) {
	if r.Classes == 1 {
		d[0] += dy[0] * y[0] * (1 - y[0]) / temperature
		return
	}
	mean := 0.0
	for c := range y {
		mean += dy[c] * y[c]
	}
	for c := range y {
		d[c] += y[c] * (dy[c] - mean) / temperature
	}
}

// Choose sets y to a draw of one unit that is not relaxed: 1 in the place of one class and 0 elsewhere, or 0 or 1. Without u it is the
// most probable one; of equal ones the first, and 0.
func (r Relaxation) Choose(y, logits, u []float64) {
	clear(y)
	if r.Classes == 1 {
		l := logits[0]
		if u != nil {
			l += logit(u[0])
		}
		if l > 0 {
			y[0] = 1
		}
		return
	}
	best, at := math.Inf(-1), 0
	for c, l := range logits {
		if u != nil {
			l += gumbel(u[c])
		}
		if l > best {
			best, at = l, c
		}
	}
	y[at] = 1
}

// Divergence is that of one unit from the uniform prior, in nats: Σ q·log q + log Classes, or of a unit that is 0 or 1, with q the
// probability of 1, q·log q + (1-q)·log(1-q) + log 2.
func (r Relaxation) Divergence(logits []float64) float64 {
	if r.Classes == 1 {
		l := math.Abs(logits[0])
		return max(0, math.Ln2-math.Log1p(math.Exp(-l))-l*logistic(-l)) // less the entropy
	}
	q, log := Softmax(logits)
	sum := math.Log(float64(len(logits)))
	for c := range q {
		sum += q[c] * (logits[c] - log)
	}
	return max(0, sum)
}

// DivergenceSlope adds to d the derivative of Divergence, times weight.
func (r Relaxation) DivergenceSlope(d, logits []float64, weight float64) {
	if r.Classes == 1 {
		q := logistic(logits[0])
		d[0] += weight * logits[0] * q * (1 - q)
		return
	}
	q, _ := Softmax(logits)
	mean := 0.0
	for c := range q {
		mean += q[c] * logits[c]
	}
	for c := range q {
		d[c] += weight * q[c] * (logits[c] - mean)
	}
}

// logit is the number of a logistic distribution that belongs to u, and gumbel that of a Gumbel distribution.
func logit(u float64) float64  { return math.Log(u) - math.Log1p(-u) }
func gumbel(u float64) float64 { return -math.Log(-math.Log(u)) }

// Fraction is the number between 0 and 1 that belongs to bits uniform among all of int32.
func Fraction(bits int32) float64 { return (float64(bits) + (1<<31 + 0.5)) / (1 << 32) }

// Level is the number between 0 and 1 of fixed draw k of logit i: over the draws each takes the middles of Draws equal parts once, in an
// order of its own (McKay, Beckman and Conover 1979).
func Level(k, i int) float64 {
	bits := int(uint32(NoiseBits(0, DrawStream(1), 0, 0, i)))
	part := (k*(bits<<1|1) + bits>>8) & (Draws - 1)
	return (float64(part) + 0.5) / Draws
}
