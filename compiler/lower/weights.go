package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// columnSquares schedules the squared norms of a weight's columns: before the first samples.
func (s *schedule) columnSquares(v *ir.Value) {
	w := s.block(v.Args[0])
	k := s.kernel("squaresOf"+title(w.Field), "", &plan.ColumnSquares{Weights: w}, elementwise{w.Out, v.Op}, v)
	s.batch(k, v, 1, w.Out, s.whole(v, "norms"+title(w.Field), w.Out))
}

// contract schedules the contraction of samples.
func (s *schedule) contract(t *plan.Training, op ir.Contract, v *ir.Value) {
	t.Penalties = append(t.Penalties, fmt.Sprintf("contractive(%g)", op.Contraction.Strength))
	n := width(v.Args[0])
	k := s.kernel("contraction", "", &plan.Contract{Width: n, Contraction: op.Contraction}, elementwise{n, op}, v)
	s.step(k, v, 1, s.result(v, "contraction"+title(s.layer[v.Args[0]])), s.at[v.Args[0]], s.at[v.Args[1]])
}

// contractGrad schedules its derivative by the values of samples.
func (s *schedule) contractGrad(op ir.AddContractGrad, v *ir.Value) {
	k := s.kernel("contractionGradient", "", &plan.ContractGrad{Width: width(v), Contraction: op.Contraction, Slope: op.Slope}, elementwise{width(v), op}, v)
	s.step(k, v, 1, s.plus(v, op.Slope), s.at[v.Args[0]], s.at[v.Args[1]], s.at[v.Args[2]])
}

// contractNorms schedules its derivative by the squared norms.
func (s *schedule) contractNorms(op ir.ContractNormMean, v *ir.Value) {
	n := width(v)
	k := s.kernel("contractionOfNorms", "", &plan.ContractNorms{Width: n, Contraction: op.Contraction}, elementwise{n, op}, v)
	s.batch(k, v, 1, n, s.whole(v, "dNorms"+title(s.layer[v.Args[0]]), n), s.at[v.Args[0]])
}

// orthogonal schedules the penalty of a weight that is not orthogonal, and its derivative: both are products of the weight's rows, taken
// for samples.
func (s *schedule) orthogonal(t *plan.Training, op ir.Orthogonal, v, slope *ir.Value) {
	t.Penalties = append(t.Penalties, fmt.Sprintf("orthogonal(%g)", op.Strength))
	w := s.block(v.Args[0])
	name := title(w.Field)
	unpack := s.kernel("rowsOf"+name, "", &plan.Unpack{Weights: w}, elementwise{w.Out, op}, v)
	rows := s.whole(nil, "rows"+name, w.Out)
	rows.Rows = w.In
	s.batch(unpack, v, 1, w.In, rows)

	square := &plan.Param{Field: s.fields.unique("gram" + name), In: w.Out, Out: w.Out, At: v.At}
	u := &plan.Update{Param: square, Tile: plan.Tile{Rows: s.target.Rows, Cols: s.target.Cols, Unroll: 1}, Gather: gathered, At: v.At, Pairs: []plan.Pair{{A: rows, D: rows}}}
	u.Fast = s.fastUpdate(u, t, w.In, false)
	gram := s.kernel("gramOf"+name, "", &plan.Gram{Gradient: u, Strength: op.Strength}, square, v)
	g, terms := s.whole(nil, "gram"+name, square.Floats()), s.whole(v, "penalty"+name, w.Out)
	s.batch(gram, v, 2, w.Out, g, terms, rows)
	t.Costs = append(t.Costs, terms)

	product := &plan.BackProduct{Weights: square, Transposed: true, Tile: s.tile(w.Out, w.Out), Fast: s.fast(w.Out, w.Out, w.Out*plan.Panel, 0, nn.Activation{}, nn.Activation{})}
	times := s.kernel("timesGram"+name, "", product, product, v)
	y := s.whole(slope, "slope"+name, w.Out)
	y.Rows = w.In
	by := &plan.Kernel{Name: times.Name, Op: &plan.RowsTimes{Product: times}, At: v.At}
	s.batch(by, v, 1, w.In, y, rows, g)
}

// terms are what an update's gradient has beside products of samples.
func (s *schedule) terms(d *ir.Value) (terms []plan.Term, products *ir.Value) {
	switch op := d.Op.(type) {
	case ir.AddWeightGrad:
		terms, products = s.terms(d.Args[0])
		return append(terms, s.term(d.Args[1])), products
	case ir.ClipToNorm, ir.ClipToValue, ir.WeightGrad, ir.SumBatch, ir.SumChannels:
		return nil, d
	default:
		panic(fmt.Sprintf("internal error: %v: an update by %s", d.At, ir.Word(op)))
	}
}

func (s *schedule) term(v *ir.Value) plan.Term {
	switch op := v.Op.(type) {
	case ir.ColumnSquaresGrad:
		return &plan.ColumnTerm{By: s.at[v.Args[1]]}
	case ir.OrthogonalSlope:
		return &plan.RowsTerm{Rows: s.at[v], Factor: 4 * op.Strength}
	}
	panic(fmt.Sprintf("internal error: %v: %s is added to the gradient of a weight", v.At, ir.Word(v.Op)))
}

// units are the blocks with vectors of norm 1.
func (s *schedule) units(t *plan.Training, updates []*ir.Value) {
	for _, v := range updates {
		op, ok := v.Op.(ir.Update)
		if fused, isFused := v.Op.(ir.WeightUpdate); isFused {
			op, ok = fused.Update, true
		}
		if !ok || op.Unit == nn.NoUnit {
			continue
		}
		t.Penalties = append(t.Penalties, "unit_norm")
		u := &plan.UnitNorm{Param: s.block(v.Args[0]), Unit: op.Unit}
		if u.Param.ByRow && !t.Materialize { // a row's update scales it
			continue
		}
		if !u.Param.Transposed && !u.Param.ByRow {
			panic(fmt.Sprintf("internal error: %v: vectors of %s are scaled, and it has no transposed copy", v.At, u.Param.Field))
		}
		tasks := int(s.micros(8*u.Param.Floats(), float64(16*u.Param.Floats()))) / s.target.Fork
		u.Split = panelTasks(u.Vectors(), tasks)
		if !u.Param.ByRow {
			u.Fast = s.fastUnit(u)
		}
		t.Units = append(t.Units, u)
	}
}

// fastUnit decides how vectors are scaled by assembly functions.
func (l *lowerer) fastUnit(u *plan.UnitNorm) *plan.FastUnit {
	if !l.vector() || min(l.most(&plan.LaneFactors{}, 0), l.most(&plan.ScaleLanes{}, 0)) < u.Lanes() {
		return nil
	}
	return &plan.FastUnit{Factors: l.function("laneFactors", &plan.LaneFactors{}, plan.LaneFactors{}), Lanes: l.function("lanesTimes", &plan.ScaleLanes{}, plan.ScaleLanes{}),
		Rows: l.function("rowsTimes", &plan.ScaleRows{}, plan.ScaleRows{})}
}
