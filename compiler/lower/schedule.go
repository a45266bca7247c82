package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/grammar/source"
)

// A schedule turns the values of one graph into steps on buffers.
type schedule struct {
	*lowerer
	names   *names
	at      map[*ir.Value]*plan.Buffer
	layer   map[*ir.Value]string // what a value is called: the layer that made it
	of      map[*ir.Value]string // what a value of the way back is made of, in front of the layer's name: "d", or along a row of a Jacobian "row" and "dRow"
	buffers []*plan.Buffer
	steps   []*plan.Step

	codes     []*plan.Buffer                // of few values, in order
	codeOf    map[*plan.Buffer]*plan.Buffer // the code that a gradient belongs to
	trains    bool                          // whether it is a training step
	deviation *plan.Buffer                  // of a code drawn in training from its mean
	timed     []timed                       // the same and batch steps, with their phases
	ready     map[*plan.Buffer]int          // the phase in which a buffer can be read first
	halos     map[haloKey]*plan.Buffer      // buffers with zeros around their grids
}

func (l *lowerer) newSchedule() *schedule {
	return &schedule{lowerer: l, names: newNames(), at: map[*ir.Value]*plan.Buffer{}, layer: map[*ir.Value]string{}, of: map[*ir.Value]string{}, ready: map[*plan.Buffer]int{}, codeOf: map[*plan.Buffer]*plan.Buffer{}, halos: map[haloKey]*plan.Buffer{}}
}

// external makes the buffer of v one of the caller's.
func (s *schedule) external(name string, v *ir.Value) *plan.Buffer {
	b := &plan.Buffer{Name: name, External: name, Width: width(v), Classes: v.Type.Elem == ir.I32, At: v.At}
	s.names.used[name] = true
	s.buffers = append(s.buffers, b)
	s.at[v] = b
	return b
}

// result is the buffer that v is written to: the caller's if it has been given one, else a new one of the arena.
func (s *schedule) result(v *ir.Value, name string) *plan.Buffer {
	if b := s.at[v]; b != nil {
		return b
	}
	s.at[v] = s.buffer(name, width(v), v.At)
	return s.at[v]
}

// buffer is a new buffer of the arena.
func (s *schedule) buffer(name string, width int, at source.Span) *plan.Buffer {
	b := &plan.Buffer{Name: s.names.unique(name), Width: width, At: at}
	s.buffers = append(s.buffers, b)
	return b
}

// width is the number of floats of a sample, or of a value that is the same for all samples.
func width(v *ir.Value) int {
	if last := len(v.Type.Dims) - 1; last >= 0 && v.Type.Dims[last] != ir.Batch {
		return v.Type.Dims[last]
	}
	return 1
}

// step appends a call of a kernel and notes the lives of its buffers. The first outs arguments are written.
func (s *schedule) step(k *plan.Kernel, v *ir.Value, outs int, args ...*plan.Buffer) {
	n, phase := len(s.steps), 0
	for i, b := range args {
		if i < outs {
			b.First = n
		} else {
			phase = max(phase, s.ready[b])
		}
		b.Last = n
	}
	for _, b := range args[:outs] {
		s.ready[b] = phase
	}
	made := &plan.Step{Kernel: k, Args: args, Cost: cost(k.Op), Op: ir.Word(v.Op), At: v.At}
	s.steps = append(s.steps, made)
	s.timed = append(s.timed, timed{Step: made, phase: phase})
}

// value schedules one value of a forward or backward pass.
func (s *schedule) value(v *ir.Value) {
	switch op := v.Op.(type) {
	case ir.Input, ir.Param:
	case ir.Relax, ir.RelaxGrad, ir.Choose, ir.ClassKL, ir.AddClassKLGrad:
		s.discrete(v)
	case ir.MaxPool, ir.MaxUnpool, ir.MaxGather, ir.AvgPool, ir.AvgPoolGrad, ir.Upsample, ir.UpsampleGrad, ir.Concat, ir.Channels, ir.ChannelsGrad:
		s.grid(v)
	case ir.Affine:
		k := s.affine(op, v)
		name := "scaled"
		if len(v.Type.Dims) == 1 {
			name = "mean" + title(s.at[v.Args[0]].Name)
		}
		s.step(k, v, 1, s.result(v, name), s.at[v.Args[0]])
	case ir.Standardise:
		k := s.standardise(op, v)
		s.step(k, v, 1, s.result(v, k.Name+"d"), s.at[v.Args[0]])
	case ir.Features:
		s.step(s.features(op, v), v, 1, s.result(v, "u"), s.at[v.Args[0]])
	case ir.Likeliest:
		s.step(s.likeliest(op, v), v, 1, s.result(v, "r"), s.at[v.Args[0]])
	case ir.FieldsNLL:
		s.step(s.fieldLoss(op.Record, v, false), v, 1, s.result(v, "nll"), s.at[v.Args[0]], s.at[v.Args[1]], s.at[v.Args[2]])
	case ir.Corrupt:
		k := s.corrupt(op, v)
		s.step(k, v, 1, s.result(v, k.Name+"ed"), s.at[v.Args[0]])
	case ir.GaussianNLL:
		s.step(s.gaussianLoss(v, false), v, 1, s.result(v, "nll"), s.at[v.Args[0]], s.at[v.Args[1]])
	case ir.Sample:
		s.drawFixed(op, v)
	case ir.Quantize:
		s.quantize(v, false)
	case ir.Commit, ir.AddCommitGrad:
		s.commit(v)
	case ir.KL:
		s.divergence(op, v)
	case ir.Dropout:
		s.layer[v] = s.layer[v.Args[0]]
		name := "dropped" + title(s.layer[v])
		if of := s.of[v.Args[0]]; of != "" { // on the way back
			name = of + title(s.layer[v]) + "Dropped"
			s.of[v] = of
		}
		s.step(s.dropout(op, v), v, 1, s.result(v, name), s.at[v.Args[0]])
	case ir.Dense:
		k := s.product(op, v, s.at[v.Args[0]])
		s.layer[v] = s.block(v.Args[2]).Field
		if !op.TransW {
			s.layer[v] = s.block(v.Args[1]).Field
		}
		s.step(k, v, 1, s.result(v, "h"+title(s.layer[v])), s.at[v.Args[0]])
	case ir.ConvLayer:
		s.convLayer(op, v)
	case ir.ConvBack:
		s.convBack(op, v)
	case ir.Activate:
		k := s.activate(op, v)
		s.layer[v] = s.layer[v.Args[0]]
		s.step(k, v, 1, s.result(v, "y"+title(s.layer[v])), s.at[v.Args[0]])
	case ir.Softmax:
		s.step(s.softmax(v), v, 1, s.result(v, "probabilities"), s.at[v.Args[0]])
	case ir.TopK:
		s.keep(op, v)
	case ir.Above:
		s.layer[v] = s.layer[v.Args[0]]
		k := s.kernel("above", "", &plan.Above{Width: width(v), Threshold: s.block(v.Args[1])}, elementwise{width(v), op}, v)
		s.step(k, v, 1, s.result(v, "kept"+title(s.layer[v])), s.at[v.Args[0]])
	case ir.DeadTopK:
		s.keepDead(op, v)
	case ir.KeptGrad:
		s.keepGrad(v)
	case ir.SubBias:
		s.step(s.subBias(v), v, 1, s.result(v, "centred"), s.at[v.Args[0]])
	case ir.Sub:
		if !s.skipped(v) {
			s.layer[v] = s.layer[v.Args[0]]
			s.step(s.sub(v), v, 1, s.result(v, "difference"), s.at[v.Args[0]], s.at[v.Args[1]])
		}
	case ir.Add:
		name := "total" // of the terms of a sample's loss
		if len(v.Type.Dims) > 1 {
			s.layer[v] = s.layer[v.Args[1]]
			name = "sum" + title(s.layer[v])
		}
		if !s.skipped(v) {
			s.step(s.add(v), v, 1, s.result(v, name), s.at[v.Args[0]], s.at[v.Args[1]])
		}
	case ir.Penalize:
		s.layer[v] = s.layer[v.Args[0]]
		s.step(s.penalize(op, v), v, 1, s.result(v, "penalty"+title(s.layer[v])), s.at[v.Args[0]])
	case ir.AddPenalizeGrad:
		s.step(s.penalizeGrad(op, v), v, 1, s.plus(v, op.Slope), s.at[v.Args[0]], s.at[v.Args[1]])
	case ir.UnitSlope, ir.UnitSlopeGrad, ir.ActivateCurve:
		s.jacobian(v)
	case ir.ColumnSquares:
		s.columnSquares(v)
	case ir.AddContractGrad:
		s.contractGrad(op, v)
	case ir.ContractNormMean:
		s.contractNorms(op, v)
	case ir.MeanSamples:
		s.layer[v] = s.layer[v.Args[0]]
		s.batch(s.columnMeans(v), v, 1, width(v), s.whole(v, "mean"+title(s.layer[v]), width(v)), s.at[v.Args[0]])
	case ir.AddMeanGrad:
		args := []*plan.Buffer{s.plus(v, op.Slope)}
		for _, a := range v.Args {
			args = append(args, s.at[a])
		}
		s.step(s.addRow(op, v), v, 1, args...)
	case ir.LinkNLL:
		s.step(s.score(op, v), v, 1, s.result(v, "nll"), s.at[v.Args[0]], s.at[v.Args[1]])
	case ir.DenseGrad:
		if !s.skipped(v) {
			s.denseGrad(op, v)
		}
	case ir.ActivateGrad:
		k := s.activateGrad(op, v)
		s.layer[v] = s.layer[v.Args[1]]
		s.step(k, v, 1, s.result(v, s.along(v)+title(s.layer[v])), s.at[v.Args[0]], s.at[v.Args[1]])
	default:
		panic(fmt.Sprintf("internal error: lower does not know %s", ir.Word(v.Op)))
	}
}

func (s *schedule) denseGrad(op ir.DenseGrad, v *ir.Value) {
	block := s.block(v.Args[1])
	var k *plan.Kernel
	if block.ByRow { // the product of dead values: skipped has the other
		k = s.rowsProduct(v, block, nil, s.at[v.Args[0]].Compact)
	} else {
		k = s.backProduct(op, v)
	}
	args := []*plan.Buffer{nil, s.at[v.Args[0]]}
	of := s.along(v)
	name := of + "Into" + title(block.Field)
	if len(v.Args) == 3 {
		s.layer[v] = s.layer[v.Args[2]]
		name = of + title(s.layer[v])
		args = append(args, s.at[v.Args[2]])
	} else {
		s.layer[v] = "into" + title(block.Field)
	}
	args[0] = s.result(v, name)
	s.step(k, v, 1, args...)
}

// along notes that a value of the way back is made of the same as its first argument, and returns that.
func (s *schedule) along(v *ir.Value) string {
	if s.of[v] = s.of[v.Args[0]]; s.of[v] == "" {
		s.of[v] = "d"
	}
	return s.of[v]
}

// routine schedules one entry point.
func (l *lowerer) routine(name string, g *ir.Graph, output, out string, inputs map[string]string) *plan.Routine {
	s := l.newSchedule()
	r := &plan.Routine{Name: name}
	for _, v := range g.Values {
		if in, ok := v.Op.(ir.Input); ok {
			r.In = append(r.In, s.external(inputs[in.Name], v))
		}
	}
	r.Out = s.external(out, g.Output(output))
	if v := g.Output(ir.LogVariance); v != nil {
		r.More = append(r.More, s.external("logvar", v))
	}
	for _, v := range g.Values {
		s.value(v)
	}
	r.Buffers, r.Steps = s.buffers, s.steps
	r.Arena = place(r.Buffers)
	r.Chunk, r.Storage = l.chunk(r.Arena)
	r.Split = l.split(r.Steps)
	r.Single = l.single(r.Arena)
	return r
}

// chunk decides how many samples go through all steps at a time, and where their arena lives: on the stack if 32 fit there,
// else in a pooled block as many as fit the cache, or a fifth of the weights where that is more. Weights are read once a chunk, so that
// a small one waits for memory. A chunk is of whole tiles, so that a batch of a round number of samples does not end in a thin one.
func (l *lowerer) chunk(arena int) (int, plan.Storage) {
	const few, tile, part = 32, 16, 5
	many := 64
	if l.fromMemory() {
		many = 2 * manySamples
	}
	bytes := max(4*arena, 1)
	if n := l.target.StackBytes / bytes; n >= few {
		return min(n, many) / tile * tile, plan.Stack
	}
	n := min(many, max(l.target.CacheBytes, l.weightBytes()/part)/bytes)
	if n > tile {
		n -= n % tile
	}
	return max(l.target.Rows, n), plan.Pool
}

// single decides where the arena of one sample lives.
func (l *lowerer) single(arena int) plan.Storage {
	if 4*arena <= l.target.StackBytes {
		return plan.Stack
	}
	return plan.Pool
}
