package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// grid schedules an operation on grids that has no weights.
func (s *schedule) grid(v *ir.Value) {
	base, op := gridOp(v)
	switch op := op.(type) {
	case *plan.Pooling:
		op.Fast = s.poolRows(base, op)
	case *plan.Upsample:
		if op.Bilinear {
			op.Fast = s.bilinearRow(base, op)
		} else {
			op.Fast = s.poolRows(base, op)
		}
	}
	k := s.kernel(fmt.Sprintf("%s%d", base, width(v)), "", op, elementwise{width(v), gridKey(v)}, v)
	args := []*plan.Buffer{nil}
	for _, a := range v.Args {
		args = append(args, s.at[a])
	}
	s.layer[v] = s.layer[v.Args[len(v.Args)-1]]
	name := base + title(s.layer[v])
	if of := s.of[v.Args[0]]; of != "" {
		name = of + title(name)
		s.of[v] = of
	}
	args[0] = s.apart(v, name)
	s.step(k, v, 1, args...)
	s.asTheCaller(v, args[0])
}

// apart is the buffer that v is written to. A step that reads other places of the input than it has written needs one that the input
// does not share: callers may have a sample and its reconstruction in one place.
func (s *schedule) apart(v *ir.Value, name string) *plan.Buffer {
	for _, a := range v.Args {
		if s.at[a].External == "x" && s.at[v] != nil && s.at[v].External == "r" {
			return s.buffer(name, width(v), v.At)
		}
	}
	return s.result(v, name)
}

// asTheCaller copies v to the buffer that the caller has given for it, if it was computed apart from that.
func (s *schedule) asTheCaller(v *ir.Value, from *plan.Buffer) {
	to := s.at[v]
	if to == from {
		return
	}
	n := width(v)
	k := s.kernel(fmt.Sprintf("copy%d", n), "", &plan.Concat{Positions: 1, Channels: []int{n}}, elementwise{n, "copy"}, v)
	s.step(k, v, 1, to, from)
}

// gridOp is the kernel of an operation, and what its name begins with.
func gridOp(v *ir.Value) (string, plan.Op) {
	switch op := v.Op.(type) {
	case ir.MaxPool:
		return "maxPool", &plan.Pooling{Step: plan.MaxPool, Window: op.Window}
	case ir.MaxUnpool:
		return "maxUnpool", &plan.Pooling{Step: plan.MaxUnpool, Window: op.Window}
	case ir.MaxGather:
		return "maxGather", &plan.Pooling{Step: plan.MaxGather, Window: op.Window}
	case ir.AvgPool:
		return "avgPool", &plan.Pooling{Step: plan.AvgPool, Window: op.Window}
	case ir.AvgPoolGrad:
		return "backAvgPool", &plan.Pooling{Step: plan.AvgPoolGrad, Window: op.Window}
	case ir.Upsample:
		return "upsample", &plan.Upsample{Grid: op.Grid, FH: op.FH, FW: op.FW, Bilinear: op.Bilinear}
	case ir.UpsampleGrad:
		return "backUpsample", &plan.Upsample{Grid: op.Grid, FH: op.FH, FW: op.FW, Bilinear: op.Bilinear, Back: true}
	case ir.Concat:
		c := &plan.Concat{Positions: op.Positions}
		for _, a := range v.Args {
			c.Channels = append(c.Channels, width(a)/op.Positions)
		}
		return "concat", c
	case ir.Channels:
		return "channels", &plan.Channels{Positions: width(v.Args[0]) / op.Of, From: op.From, To: op.To, Of: op.Of}
	case ir.ChannelsGrad:
		return "backChannels", &plan.Channels{Positions: width(v) / op.Of, From: op.From, To: op.To, Of: op.Of, Back: true}
	}
	panic(fmt.Sprintf("internal error: no kernel of %s", ir.Word(v.Op)))
}

// unrolledTaps bounds the taps of a window that are written one beside the other.
const unrolledTaps = 9

// poolRows is the function of a pooling, or nil where channels fill no register or taps are many. What is added to a grid goes in the order of the
// places, so there a function takes all of them or none.
func (l *lowerer) poolRows(name string, op plan.Op) *plan.Function {
	rows := plan.RowsOf(op)
	w, inside := rows.Window, rows.Window.Inside()
	adds := rows.Step == plan.MaxUnpool || rows.Step == plan.AvgPoolGrad
	switch {
	case !l.vector(), w.In.C < l.target.Vector.Narrow.Lanes, w.Taps() > unrolledTaps, inside.None(), adds && !inside.All(w.Out), l.most(&rows, 0) == 0:
		return nil
	case (rows.Step == plan.MaxUnpool || rows.Step == plan.MaxGather) && w.Taps() == 1:
		return nil
	}
	return l.function(name+"Rows", &rows, rows)
}

// bilinearRow is the function of a bilinear upsampling, or nil where channels fill no register or there is nothing between positions.
func (l *lowerer) bilinearRow(name string, op *plan.Upsample) *plan.Function {
	row := plan.BilinearRow{W: op.Grid.W, C: op.Grid.C, FW: op.FW, Back: op.Back}
	if !l.vector() || row.C < l.target.Vector.Narrow.Lanes || op.Grid.H < 2 || row.W < 2 || row.FW > unrolledTaps || l.most(&row, 0) == 0 {
		return nil
	}
	return l.function(name+"Row", &row, row)
}

// gridKey tells kernels of one width apart: by the operation, and of concat by the channels of each argument.
func gridKey(v *ir.Value) any {
	if op, ok := v.Op.(ir.Concat); ok {
		return fmt.Sprint("concat", op.Positions, widths(v.Args))
	}
	return v.Op
}

// tapCost estimates a comparison or a sum, in registers or in Go.
func tapCost(f *plan.Function) int {
	if f == nil {
		return goCost
	}
	return 2
}

func widths(values []*ir.Value) []int {
	list := make([]int, len(values))
	for i, v := range values {
		list[i] = width(v)
	}
	return list
}

// gridFLOPs estimates what they compute for one sample: comparisons and sums; copies are a matter of bytes.
func gridFLOPs(op plan.Op) int {
	switch op := op.(type) {
	case *plan.Pooling:
		return tapCost(op.Fast) * op.Window.Taps() * op.Window.Out.Len()
	case *plan.Upsample:
		switch {
		case op.Bilinear:
			return 4 * tapCost(op.Fast) * op.Large().Len()
		case op.Back:
			return tapCost(op.Fast) * op.Large().Len()
		}
	}
	return 0
}
