package nn

// A Likelihood names what `reconstruct` compares the decoder's output with the target by.
type Likelihood int

const (
	// MSE is the mean of the squared errors of a sample's values. It has the identity as its link.
	MSE Likelihood = iota
	// Bernoulli is -Σ x log r + (1-x) log(1-r), in nats, for targets in [0, 1]. Its link is the sigmoid.
	Bernoulli
	// Gaussian is Σ (x-r)²/2σ² + log σ + ½ log 2π, in nats, for a given σ. It has the identity as its link.
	Gaussian
)

// A Loss is a likelihood with its parameters. The loss of a sample is a sum over its values (for MSE their mean);
// the loss of a batch is the mean over its samples.
type Loss struct {
	Likelihood Likelihood
	Std        float64 // σ of Gaussian, in the units that the network sees
}
