package nn

import "math"

// MaxCount is the largest count: float32 holds all whole numbers up to here.
const MaxCount = 1 << 24

// RateBend is where the log of a Poisson's rate ends to be the logarithm: no count is so large, and e^a is soon infinite.
const RateBend = 20

// PoissonRate is the rate λ of a count and its derivative by a: e^a, beyond RateBend its tangent there.
func PoissonRate(a float64) (rate, slope float64) {
	if a <= RateBend {
		rate = math.Exp(a)
		return rate, rate
	}
	slope = math.Exp(RateBend)
	return slope * (1 + a - RateBend), slope
}

// logRate is log λ of PoissonRate, finite where λ is 0 in float64.
func logRate(a float64) float64 {
	if a <= RateBend {
		return a
	}
	return RateBend + math.Log1p(a-RateBend)
}

// bendRate is the rate at RateBend.
var bendRate = math.Exp(RateBend)

// counted is t where it is a count, a whole number from 0 to MaxCount, else NaN: what is none has no likelihood.
func counted(t float64) float64 {
	if t >= 0 && t <= MaxCount && t == math.Floor(t) {
		return t
	}
	return math.NaN()
}

// countNLL is the negative log-likelihood of a count k under a Poisson distribution, λ - k·log λ + log k! with λ = PoissonRate(a), in nats.
func countNLL(a, k float64) float64 {
	rate, _ := PoissonRate(a)
	return rate - k*logRate(a) + logFactorial(k)
}

// countSlope is the derivative of countNLL by a.
func countSlope(a, k float64) float64 {
	rate, slope := PoissonRate(a)
	if a <= RateBend {
		return rate - k
	}
	return slope * (1 - k/rate)
}

func logFactorial(k float64) float64 {
	log, _ := math.Lgamma(k + 1)
	return log
}

// ExampleCount is a count for tests: it follows from u in [0, 1).
func ExampleCount(u float64) float64 { return math.Floor(8 * u) }
