package plan

type (
	// TopK keeps the K largest values of each sample and sets the others to 0; of equal ones the first. Args: y, x, which may be the same.
	TopK struct{ Width, K int }
	// KeptGrad is dx = dy where y is not 0, else 0. Args: dx, dy, y.
	KeptGrad struct{ Width int }
)

func (*TopK) op()     {}
func (*KeptGrad) op() {}
