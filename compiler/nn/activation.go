// Package nn names the mathematics that specs speak of, once for every stage:
// activations, likelihoods, optimisers, schedules. It holds their definitions in float64 and no code generation.
package nn

// A Func is an activation function without its parameter.
type Func int

const (
	Identity Func = iota
	ReLU
	LeakyReLU
	ELU
	SELU
	GELU
	SiLU
	Sigmoid
	Tanh
	Softplus
)

// An Activation is an elementwise function. Alpha is the slope of leaky_relu and the scale of elu, else 0.
type Activation struct {
	Func  Func
	Alpha float64
}
