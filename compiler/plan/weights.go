package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// What penalties compute of weights, and of the Jacobian of a layer. All but Contract and ContractGrad are batch steps.
type (
	// ColumnSquares is the squared norm of each column of a weight. Args: s (whole).
	ColumnSquares struct{ Weights *Param }
	// Contract is the contraction of each sample. Args: s, at, norms (whole).
	Contract struct {
		Width       int
		Contraction nn.Contraction
	}
	// ContractGrad is d and the derivative of the mean contraction by at, together times f'(at), f the activation Slope. Args: y, d, at, norms (whole).
	ContractGrad struct {
		Width       int
		Contraction nn.Contraction
		Slope       nn.Activation
	}
	// ContractNorms is the derivative of the mean contraction by the squared norms. Args: dnorms (whole), at.
	ContractNorms struct {
		Width       int
		Contraction nn.Contraction
	}
	// Unpack is a weight [In, Out] row-major. Args: rows (whole). It is done for a range of rows.
	Unpack struct{ Weights *Param }
	// Gram is G = WᵀW - I in panels, [Panels][Out][Panel], and Strength times the squares of each of its columns. Args: g, terms, rows (all
	// whole). Columns are those of Gradient: the samples are the rows of W.
	Gram struct {
		Gradient *Update
		Strength float64
	}
	// RowsTimes multiplies rows [n, Out] by G: what Product computes of samples. Args: y, rows, g (all whole). It is done for a range of rows.
	RowsTimes struct{ Product *Kernel }
)

func (*ColumnSquares) op() {}
func (*Contract) op()      {}
func (*ContractGrad) op()  {}
func (*ContractNorms) op() {}
func (*Unpack) op()        {}
func (*Gram) op()          {}
func (*RowsTimes) op()     {}

// A Term is what is added to a weight's gradient beside the products of samples. The set is closed.
type Term interface {
	// fits reports whether it has the size of a weight.
	fits(p *Param) bool
}

type (
	// ColumnTerm is 2·w ⊙ By, a column by its number.
	ColumnTerm struct{ By *Buffer }
	// RowsTerm is Factor times Rows [In, Out].
	RowsTerm struct {
		Rows   *Buffer
		Factor float64
	}
)

func (t *ColumnTerm) fits(p *Param) bool { return t.By.Whole && t.By.Width == p.Out }
func (t *RowsTerm) fits(p *Param) bool   { return t.Rows.Rows == p.In && t.Rows.Width == p.Out }

// A UnitNorm scales vectors of a block to norm 1 after all updates, and what the transposed copy has of them. In one of the two, 16 vectors
// lie in the lanes of rows; in the other, each is rows.
type UnitNorm struct {
	Param *Param
	Unit  nn.Unit
	Split Split // of the vectors
	Fast  *FastUnit
}

// A FastUnit is how a UnitNorm runs by assembly functions: LaneFactors, ScaleLanes and ScaleRows.
type FastUnit struct{ Factors, Lanes, Rows *Function }

// Lanes is how many floats a vector has, and so the rows of 16 in whose lanes 16 vectors lie.
func (u *UnitNorm) Lanes() int {
	if u.Unit == nn.UnitRows {
		return u.Param.Out
	}
	return u.Param.In
}

// Vectors is how many vectors are scaled.
func (u *UnitNorm) Vectors() int {
	if u.Unit == nn.UnitRows {
		return u.Param.In
	}
	return u.Param.Out
}

// weightText is an operation on weights as the plan shows it, or "".
func weightText(op Op) string {
	switch op := op.(type) {
	case *ColumnSquares:
		return fmt.Sprintf("s = the squared norms of the columns of %s", op.Weights.Field)
	case *Contract:
		return fmt.Sprintf("%v of each sample, width %d", op.Contraction, op.Width)
	case *ContractGrad:
		return fmt.Sprintf("y = %s, width %d", plus("the derivative of "+op.Contraction.String(), op.Slope), op.Width)
	case *ContractNorms:
		return fmt.Sprintf("the derivative of %v by the squared norms, width %d", op.Contraction, op.Width)
	case *Unpack:
		return fmt.Sprintf("%s row-major", op.Weights.Field)
	case *Gram:
		return fmt.Sprintf("g = wᵀ·w - I, and %v times its squares, width %d", op.Strength, op.Gradient.Param.Out)
	case *RowsTimes:
		return fmt.Sprintf("y = w·g by %s", op.Product.Name)
	}
	return ""
}

// weightWidths are the widths of the arguments of an operation on weights, of which the first outs are written.
func weightWidths(op Op) (outs int, w []int) {
	switch op := op.(type) {
	case *ColumnSquares:
		return 1, []int{op.Weights.Out}
	case *Contract:
		return 1, []int{1, op.Width, op.Width}
	case *ContractGrad:
		return 1, []int{op.Width, op.Width, op.Width, op.Width}
	case *ContractNorms:
		return 1, []int{op.Width, op.Width}
	case *Unpack:
		return 1, []int{op.Weights.Out}
	case *Gram:
		p := op.Gradient.Param
		return 2, []int{p.Floats(), p.Out, p.Out}
	case *RowsTimes:
		p := op.Product.Op.(*BackProduct).Weights
		return 1, []int{p.Out, p.Out, p.Floats()}
	}
	panic(fmt.Sprintf("internal error: plan does not know %T", op))
}

// termText is a term as the plan shows it.
func termText(t Term) string {
	switch t := t.(type) {
	case *ColumnTerm:
		return fmt.Sprintf("2·w ⊙ %s", t.By.Name)
	case *RowsTerm:
		return fmt.Sprintf("%v·%s", t.Factor, t.Rows.Name)
	}
	panic(fmt.Sprintf("internal error: no text for %T", t))
}
