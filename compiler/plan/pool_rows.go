package plan

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// PoolRows computes n rows of the places of a Pooling whose taps are all inside. It takes what a Pooling takes, each from its first place,
// and n. Without Share, sums are not divided into means, and what is spread is not either.
type PoolRows struct {
	Step   PoolStep
	Window nn.Window
	Share  bool
}

func (*PoolRows) functionOp() {}

// RowsOf is the function of a pooling.
func RowsOf(op Op) PoolRows {
	switch op := op.(type) {
	case *Pooling:
		return PoolRows{op.Step, op.Window, op.Step == AvgPool || op.Step == AvgPoolGrad}
	case *Upsample:
		if op.Back {
			return PoolRows{AvgPool, op.Window(), false}
		}
		return PoolRows{AvgPoolGrad, op.Window(), false}
	}
	panic(fmt.Sprintf("internal error: no rows of %T", op))
}

func (op *PoolRows) text() string {
	what := poolWords[op.Step]
	switch {
	case op.Step == AvgPool && !op.Share:
		what = "sums"
	case op.Step == AvgPoolGrad && !op.Share:
		what = "values repeated"
	}
	return fmt.Sprintf("%s, rows of %s, %v", what, counted(op.Window.Inside().Cols(), "place"), op.Window)
}

// work is what n rows compute, and the bytes that they read and write.
func (op *PoolRows) work(n int) (flops, bytes int) {
	values := op.Window.Inside().Cols() * op.Window.In.C
	per := 1
	if op.Step == MaxUnpool || op.Step == MaxGather {
		per = 6
	}
	return per * values * op.Window.Taps() * n, 4 * (3*values + 2*op.Window.SH*op.Window.In.W*op.Window.In.C) * n
}

// instructions is how many there are in its text.
func (op *PoolRows) instructions() int {
	per := 3
	if op.Step == MaxUnpool || op.Step == MaxGather {
		per = 10
	}
	return 4*per*op.Window.Taps() + 60
}
