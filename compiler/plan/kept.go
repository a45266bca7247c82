package plan

type (
	// TopK keeps the K largest values of each sample and sets the others to 0; of equal ones the first. Args: y, x, which may be the
	// same. With Compact, y is a compact code.
	TopK struct {
		Width, K int
		Compact  bool
		Fast     *FastTopK // by assembly functions, or nil
	}
	// KeptGrad is dx = dy where y is not 0, else 0. Args: dx, dy, y.
	KeptGrad struct{ Width int }
	// BatchBound is the K·B-th largest of the values of a batch. Args: bound, x, of the whole batch.
	BatchBound struct{ Width, K int }
	// Above keeps the values that are above 0 and no less than a bound, that of Threshold or, without it, of the batch. Args: y, x, and the bound
	// without Threshold.
	Above struct {
		Width     int
		Threshold *Param
	}
	// DeadTopK is TopK among the values that were 0 in every sample of the last After steps; it is told for how many steps each was. Args: y, x.
	DeadTopK struct {
		Width, K, After int
		Compact         bool // whether y is a compact code, whose values are 0 where fewer are dead
	}
	// RowsProduct is y = b + Σ z[i]·W[i] over the values of z that are not 0, in order; W is a block by rows. Args: y, z: a compact code
	// of K values, or with K 0 a row of In. Without Bias it is 0.
	RowsProduct struct {
		Weights, Bias *Param
		K             int
		Few           int       // about how many of z's values are not 0
		Fast          *Function // an AddScaled, of a compact code an AddRows, or nil
	}
	// RowsGrad is the compact dz with dz[i] = dy·W[i] at the places of the compact z, 0 where its value is; with K 0 both are rows of In. Args: dz, dy, z.
	RowsGrad struct {
		Weights *Param
		K       int
		Few     int       // about how many of z's values are not 0
		Fast    *Function // a Dot, or nil
	}
	// SubBias is y = x - b. Args: y, x.
	SubBias struct {
		Width int
		Bias  *Param
	}
	// Sub is y = a - b. Args: y, a, b.
	Sub struct{ Width int }
)

func (*TopK) op()        {}
func (*KeptGrad) op()    {}
func (*DeadTopK) op()    {}
func (*BatchBound) op()  {}
func (*Above) op()       {}
func (*RowsProduct) op() {}
func (*RowsGrad) op()    {}
func (*SubBias) op()     {}
func (*Sub) op()         {}

// A FastTopK finds the largest values by assembly functions: maxima of groups of each of Parts parts of the values bound the least
// value that is kept, and candidates are what is no less.
type FastTopK struct {
	Maxima, Collect *Function
	Parts           int
}

// A RowsUpdate is how the gradients of the rows of a block are computed and applied, a row of a used input at a time.
type RowsUpdate struct {
	AddScaled *Function // or nil
	// Idle says that a row that was in no batch does not move: its gradient and the optimiser's slots are 0, and nothing decays.
	Idle bool
	// Unit scales each row that moves to norm 1, and the others in the first step; Dot is the function of norms, or nil.
	Unit bool
	Dot  *Function
}

// A Through is the gradient of a bias that the encoder subtracts from its input, as far as it goes through the code:
// -Σ D·Wᵀ over the samples, computed panel by panel of the encoder's block while the panel's weights are at hand.
type Through struct {
	Weights *Param
	D       []*Buffer // gradients of codes
	Dots    *Function // a RowDots, or nil
}

// Functions of codes of few values.
type (
	// Maxima sets y to the largest value of each of topk.Groups groups of n values; value i belongs to group i mod Groups. It takes y, x, n.
	Maxima struct{}
	// Collect lists the places of values that are not below a bound, at most Most, and then their number, Most + 1 if there are more.
	// It takes the list, x, n, and the bound.
	Collect struct{ Most int }
	// AddScaled is y = y + a·x for n values. It takes y, x, n, a.
	AddScaled struct{}
	// AddRows is y = b + Σ v[i]·w[places[i]] over the values v[i] that are not 0, in order, for n values; rows of w have Width floats, a
	// multiple of Panel. It takes y, b, w, v, places, n.
	AddRows struct{ Width int }
	// Dot is the sum of a·b for n values, in 64 lanes. It takes y, a, b, n.
	Dot struct{}
	// RowDots sets y[i] to the sum of w[i][c]·d[c] over the Panel columns c, for n rows, a multiple of 8. It takes y, w, d, n.
	RowDots struct{}
)

func (*Maxima) functionOp()    {}
func (*Collect) functionOp()   {}
func (*AddScaled) functionOp() {}
func (*AddRows) functionOp()   {}
func (*Dot) functionOp()       {}
func (*RowDots) functionOp()   {}
