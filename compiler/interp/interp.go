// Package interp runs graphs in float64, slowly and obviously: it is the meaning of the IR.
// Tests compare every pass and the generated code with it.
package interp

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// Env is what a graph is run on. Arrays are row-major, of the types in the graph.
type Env struct {
	Batch  int
	Inputs map[string][]float64
	Params map[string][]float64
	// Of training graphs:
	State map[string][]float64 // optimiser slots by "slot.parameter", missing ones are 0
	Rate  float64              // learning rate
	Step  int                  // steps already taken
	Seed  uint64               // of noise
	Epoch float64              // time of the step, in epochs
	// Input, if set, gives what a product by a parameter multiplies instead of x, row-major.
	Input func(parameter string, transposed bool, x []float64) []float64
}

// Result holds the outputs of a graph and, for a training graph, the parameters and slots after the step.
type Result struct {
	Outputs map[string][]float64
	Params  map[string][]float64
	State   map[string][]float64
}

// Run computes every value of g in order. The arrays of env are not changed.
func Run(g *ir.Graph, env Env) (Result, error) {
	r := &run{env: env, at: map[*ir.Value][]float64{}, result: Result{
		Outputs: map[string][]float64{}, Params: map[string][]float64{}, State: map[string][]float64{},
	}}
	for name, p := range env.Params {
		r.result.Params[name] = p
	}
	for name, s := range env.State {
		r.result.State[name] = s
	}
	for _, v := range g.Values {
		out, err := r.value(v)
		if err != nil {
			return Result{}, fmt.Errorf("%v: %s: %w", v.At, ir.Word(v.Op), err)
		}
		r.at[v] = out
	}
	for _, o := range g.Outputs {
		r.result.Outputs[o.Name] = r.at[o.Value]
	}
	return r.result, nil
}

// run is one execution. at holds the array of each value so far.
type run struct {
	env    Env
	at     map[*ir.Value][]float64
	result Result
}

// dims are v's dimensions with the batch filled in.
func (r *run) dims(v *ir.Value) (rows, cols int) {
	rows, cols = 1, 1
	for i, d := range v.Type.Dims {
		if d == ir.Batch {
			d = r.env.Batch
		}
		if i < len(v.Type.Dims)-1 {
			rows *= d
		} else {
			cols = d
		}
	}
	return rows, cols
}

func (r *run) size(v *ir.Value) int {
	rows, cols := r.dims(v)
	return rows * cols
}

// leaf is a caller's array, its length checked.
func (r *run) leaf(v *ir.Value, kind, name string, arrays map[string][]float64) ([]float64, error) {
	a := arrays[name]
	if len(a) != r.size(v) {
		return nil, fmt.Errorf("%s %s has %d values, want %d", kind, name, len(a), r.size(v))
	}
	return a, nil
}

// arg is the array of argument i.
func (r *run) arg(v *ir.Value, i int) []float64 { return r.at[v.Args[i]] }

// matrix is argument i as a matrix, transposed if so asked.
func (r *run) matrix(v *ir.Value, i int, transpose bool) matrix {
	rows, cols := r.dims(v.Args[i])
	m := matrix{r.arg(v, i), rows, cols}
	if transpose {
		return m.transposed()
	}
	return m
}

// input is the first argument of a product, as Env.Input has it.
func (r *run) input(v *ir.Value, op ir.MatMul) matrix {
	m := r.matrix(v, 0, op.TransA)
	if p, ok := v.Args[1].Op.(ir.Param); ok && r.env.Input != nil {
		m.v = r.env.Input(p.Name, op.TransB, m.v)
	}
	return m
}

func (r *run) value(v *ir.Value) ([]float64, error) {
	switch op := v.Op.(type) {
	case ir.Input:
		return r.leaf(v, "input", op.Name, r.env.Inputs)
	case ir.Param:
		return r.leaf(v, "parameter", op.Name, r.env.Params)
	case ir.Fill:
		return fill(r.size(v), op.Value), nil
	case ir.Affine:
		return mapped(r.arg(v, 0), func(x float64) float64 { return op.Scale*x + op.Shift }), nil
	case ir.Standardise:
		return r.standardise(v, op.Back), nil
	case ir.Features, ir.FieldsNLL, ir.Likeliest, ir.FieldsNLLGrad, ir.FieldsStdGrad:
		return r.fields(v), nil
	case ir.Corrupt:
		return r.corrupt(v, op.Noises), nil
	case ir.GaussianNLL, ir.GaussianNLLGrad:
		return r.learnedGaussian(v), nil
	case ir.Sample, ir.KL, ir.SampleGrad, ir.KLGrad, ir.PosteriorGrad:
		return r.posterior(v), nil
	case ir.Relax, ir.RelaxGrad, ir.Choose, ir.ClassKL, ir.ClassKLGrad, ir.AddClassKLGrad:
		return r.classes(v), nil
	case ir.Quantize:
		z, _ := r.quantize(v)
		return z, nil
	case ir.QuantizeBatch:
		return r.quantizeBatch(v, op.Codebook), nil
	case ir.Commit, ir.CommitGrad, ir.AddCommitGrad:
		return r.commit(v), nil
	case ir.Dropout:
		return r.spoil(v, r.arg(v, 0), nn.Noise{Kind: nn.DropoutNoise, Amount: op.P}, nn.DropoutStream(op.Number)), nil
	case ir.MatMul:
		return r.input(v, op).times(r.matrix(v, 1, op.TransB)).v, nil
	case ir.SubBias:
		return addBias(r.arg(v, 0), mapped(r.arg(v, 1), func(b float64) float64 { return -b })), nil
	case ir.Sub:
		return zipped(r.arg(v, 0), r.arg(v, 1), func(x, y float64) float64 { return x - y }), nil
	case ir.AddBias:
		return addBias(r.arg(v, 0), r.arg(v, 1)), nil
	case ir.Activate:
		return mapped(r.arg(v, 0), op.Activation.Value), nil
	case ir.Softmax, ir.SoftmaxGrad:
		return r.softmax(v), nil
	case ir.TopK:
		return r.topK(v, op.K), nil
	case ir.BatchTopK:
		return r.batchTopK(v, op.K), nil
	case ir.Above:
		return above(r.arg(v, 0), r.arg(v, 1)[0]), nil
	case ir.DeadTopK:
		return r.deadTopK(v, op), nil
	case ir.KeptGrad:
		return zipped(r.arg(v, 0), r.arg(v, 1), keptGrad), nil
	case ir.Add:
		return zipped(r.arg(v, 0), r.arg(v, 1), func(x, y float64) float64 { return x + y }), nil
	case ir.ActivateGrad:
		return activateGrad(op.Activation, r.arg(v, 0), r.arg(v, 1)), nil
	case ir.NLL, ir.LinkNLL, ir.NLLGrad, ir.LinkNLLGrad:
		return r.loss(v)
	case ir.ColumnSquares, ir.ColumnSquaresGrad, ir.Orthogonal, ir.OrthogonalGrad, ir.OrthogonalSlope, ir.AddWeightGrad:
		return r.weightPenalty(v), nil
	case ir.Contract, ir.ContractGrad, ir.AddContractGrad, ir.ContractNormGrad, ir.ContractNormMean:
		return r.contraction(v), nil
	case ir.MeanSamples:
		return mapped(r.matrix(v, 0, false).columnSums(), func(s float64) float64 { return s / float64(r.env.Batch) }), nil
	case ir.MeanSamplesGrad, ir.AddMeanGrad:
		return r.spread(v), nil
	case ir.PenalizeMeans, ir.PenalizeMeansGrad, ir.PenalizeMeansSlope:
		return r.penaltyOfMeans(v), nil
	case ir.UnitSlope, ir.UnitSlopeGrad, ir.ActivateCurve, ir.Squares, ir.SquaresGrad, ir.SquaresMean:
		return r.jacobian(v), nil
	case ir.Penalize, ir.PenalizeGrad, ir.AddPenalizeGrad:
		return r.penalty(v), nil
	case ir.MeanBatch:
		return []float64{sum(r.arg(v, 0)) / float64(r.env.Batch)}, nil
	case ir.MeanBatchGrad:
		return fill(r.env.Batch, r.arg(v, 0)[0]/float64(r.env.Batch)), nil
	case ir.SumBatch:
		return r.matrix(v, 0, false).columnSums(), nil
	case ir.Dense:
		y := r.matrix(v, 0, false).times(r.matrix(v, 1, op.TransW))
		return mapped(addBias(y.v, r.arg(v, 2)), op.Activation.Value), nil
	case ir.DenseGrad:
		dx := r.matrix(v, 0, false).times(r.matrix(v, 1, !op.TransW)).v
		if len(v.Args) == 3 {
			dx = activateGrad(op.Activation, dx, r.arg(v, 2))
		}
		return dx, nil
	case ir.WeightGrad:
		return r.weightGrad(v, 0, op), nil
	case ir.Conv, ir.Deconv, ir.ConvLayer, ir.ConvBack, ir.ConvWeightGrad, ir.AddChannels, ir.SumChannels:
		return r.spatial(v), nil
	case ir.MaxPool, ir.MaxUnpool, ir.MaxGather, ir.AvgPool, ir.AvgPoolGrad, ir.Upsample, ir.UpsampleGrad:
		return r.pooling(v), nil
	case ir.Concat, ir.Channels, ir.ChannelsGrad:
		return r.channels(v), nil
	case ir.GradNorm, ir.ClipToNorm, ir.ClipToValue:
		return r.clip(v), nil
	case ir.Update, ir.WeightUpdate:
		return nil, r.update(v)
	}
	panic(fmt.Sprintf("internal error: no meaning of %T", v.Op))
}
