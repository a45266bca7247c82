package ir

// What keeps some values of a code.
type (
	// TopK keeps the K largest values of each sample of x [B, n] and sets the others to 0. Of equal values the first are kept.
	TopK struct{ K int }
	// KeptGrad is dy where y is not 0, else 0: the derivative of what keeps some values and sets the others to 0. Args: dy, y.
	KeptGrad struct{}
	// DeadTopK is TopK among the values of the code that are dead: those that were 0 in every sample of the last After steps of training. Where fewer
	// than K are dead it keeps them all. Args: x, z, of which z is the code that counts.
	DeadTopK struct{ K, After int }
)

func (TopK) op()     {}
func (KeptGrad) op() {}
func (DeadTopK) op() {}
