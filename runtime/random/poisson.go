package random

import "math"

// Poisson returns a count with a given rate, that is mean, at least 0. A rate that is NaN or infinite is the result itself.
func (s *Source) Poisson(rate float32) float32 {
	mean := float64(rate)
	switch {
	case !(mean <= math.MaxFloat32):
		return rate
	case mean < 10:
		return s.fewCounts(mean)
	}
	return s.manyCounts(mean)
}

// fewCounts goes through the probabilities of 0, 1, 2, ….
func (s *Source) fewCounts(mean float64) float32 {
	u, p := float64(s.Uniform()), math.Exp(-mean)
	k := 0.0
	for ; u >= p; p *= mean / k {
		u -= p
		k++
	}
	return float32(k)
}

// manyCounts is the transformed rejection PTRS of Hörmann, The transformed rejection method for generating Poisson random variables, 1993.
func (s *Source) manyCounts(mean float64) float32 {
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	scale, squeeze := 1.1239+1.1328/(b-3.4), 0.9277-3.6224/(b-2)
	log := math.Log(mean)
	for {
		u, v := float64(s.Uniform())-0.5, float64(s.Uniform())
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= squeeze {
			return float32(k)
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		factorial, _ := math.Lgamma(k + 1)
		if math.Log(v*scale/(a/(us*us)+b)) <= k*log-mean-factorial {
			return float32(k)
		}
	}
}
