package ir

// Standardise is (x - mean)·e^-l for each value of x [B, n], with mean and l, the logarithm of the deviation, [n] each. Args: x, mean, l.
// Back is mean + e^l·x. No gradient goes through it.
type Standardise struct{ Back bool }

func (Standardise) op() {}
