package alarm

import "math"

// betaQuantile is the x below which the Beta(a, b) distribution has the probability p, found by halving the interval that holds it.
func betaQuantile(p float64, a, b int) float64 {
	low, high := 0.0, 1.0
	for {
		x := low + (high-low)/2
		if x <= low || x >= high {
			return x
		}
		if betaCDF(x, float64(a), float64(b)) < p {
			low = x
		} else {
			high = x
		}
	}
}

// betaCDF is the probability of Beta(a, b) below x, the regularised incomplete beta function. It is computed by the continued fraction
// of the Digital Library of Mathematical Functions, 8.17.22, on the side where that converges fast.
func betaCDF(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return min(max(x, 0), 1)
	}
	if x > (a+1)/(a+b+2) {
		return 1 - betaCDF(1-x, b, a)
	}
	front := math.Exp(lgamma(a+b) - lgamma(a) - lgamma(b) + a*math.Log(x) + b*math.Log1p(-x))
	return front / a * betaFraction(x, a, b)
}

// betaFraction is the continued fraction 1/(1+ d₁/(1+ d₂/(1+ …))) by Lentz's method [Thompson and Barnett 1986].
func betaFraction(x, a, b float64) float64 {
	const small, terms = 1e-300, 10_000_000
	away := func(v float64) float64 { // from 0
		if math.Abs(v) < small {
			return small
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < terms; m++ {
		for _, step := range [2]float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 / away(1+step*d)
			c = away(1 + step/c)
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return f
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
