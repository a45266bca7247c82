package ir

// What keeps some values of a code.
type (
	// TopK keeps the K largest values of each sample of x [B, n] and sets the others to 0. Of equal values the first are kept.
	TopK struct{ K int }
	// KeptGrad is dy where y is not 0, else 0: the derivative of what keeps some values and sets the others to 0. Args: dy, y.
	KeptGrad struct{}
	// BatchTopK keeps the values of x [B, n] that are above 0 and no less than a bound: the K·B-th largest value of the batch. Threshold [1] becomes
	// the running mean of the bounds; it is what Above uses where there is no batch. Args: x, threshold.
	BatchTopK struct{ K int }
	// Above keeps the values of x [B, n] that are above 0 and no less than a threshold [1]. Args: x, threshold.
	Above struct{}
	// DeadTopK is TopK among the values of the code that are dead: those that were 0 in every sample of the last After steps of training. Where fewer
	// than K are dead it keeps them all. Args: x, z, of which z is the code that counts.
	DeadTopK struct{ K, After int }
)

func (TopK) op()      {}
func (KeptGrad) op()  {}
func (DeadTopK) op()  {}
func (BatchTopK) op() {}
func (Above) op()     {}
