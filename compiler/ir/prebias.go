package ir

type (
	// SubBias subtracts b [n] from each sample of x [B, n].
	SubBias struct{}
	// Sub is x - y, both [B, n].
	Sub struct{}
)

func (SubBias) op() {}
func (Sub) op()     {}
