package nn

import "math"

// LearnedGaussian is the negative log-likelihood of n values under normal distributions of one deviation e^rho, in nats, where squares is the
// sum of their squared errors, and its derivative by rho: Σ (x-r)²/2σ² + ρ + ½ log 2π (Rybkin, Daniilidis and Levine, Simple and effective VAE
// training with calibrated decoders, 2021).
func LearnedGaussian(squares, rho float64, n int) (value, byRho float64) {
	e := squares * math.Exp(-2*rho)
	return e/2 + float64(n)*(rho+math.Log(2*math.Pi)/2), float64(n) - e
}
