package plan

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// String is the program as text: what was decided, and what it costs.
func (p *Program) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	t := p.Target
	line("program %s, fingerprint %s", p.Name, p.Fingerprint)
	line("target %s: %d GFLOP/s and %d GB/s from a cache, tiles of %d samples by %d outputs, arenas up to %d bytes on the stack, %d of %d multiply-adds unrolled without a loop",
		t.Name, t.Rate/1000, t.Stream/1000, t.Rows, t.Cols, t.StackBytes, p.Unrolled, t.Unrolled)
	if p.Alarm != (nn.Alarm{}) {
		line("alarms: %v normal samples", p.Alarm)
	}
	line("")
	line("parameters: %d blocks, %d numbers, %d bytes with padding%s%s", len(p.Params), p.ParamCount(), p.WeightBytes(), p.Precision.text(), map[bool]string{true: ", in huge pages"}[p.Huge])
	for _, block := range p.Params {
		if block.Reduced != nil {
			line("  %-14s in %d, out %d, ±%.4g: %s", block.Field, block.In, block.Out, block.Bound, block.Reduced.text(block))
			continue
		}
		line("  %-14s [%d][%d][%d]  in %d, out %d, bias %t, ±%.4g%s%s", block.Field, block.Panels(), block.Rows(), Panel, block.In, block.Out, block.Bias != "", block.Bound,
			map[bool]string{true: ", and transposed"}[block.Transposed], map[bool]string{true: ", by rows"}[block.ByRow]+map[bool]string{true: ", not trained"}[block.Fixed])
	}
	line("")
	line("kernels")
	for _, k := range p.Kernels {
		line("  %-14s %-70s // %v", k.Name, describe(k.Op), k.At)
		if text := functionsOf(k.Op); text != "" {
			line("  %-14s by %s", "", text)
		}
	}
	if len(p.Functions) > 0 {
		line("")
		line("assembly functions, each call at most %d µs; about %d of %d bytes of text", t.Vector.Call, p.TextBytes(), t.Vector.Text)
		for _, f := range p.Functions {
			most := ""
			if f.Most > 0 {
				most = fmt.Sprintf(", up to %d a call", f.Most)
			}
			line("  %-26s %v%s", f.Name, f, most)
		}
	}
	for _, r := range p.All() {
		line("")
		where := "on the stack"
		if r.Storage == Pool {
			where = "pooled"
		}
		line("routine %s: chunks of %d samples, arena %d bytes a sample %s", r.Name, r.Chunk, 4*r.Arena, where)
		line("  %s", t.costs(r.Cost(), r.Chunk))
		line("  on several workers: %s", r.Split.text("sample", 0))
		if r.Network != nil {
			line("  steps 0 to %d by %s", r.Covered-1, r.Network.Name)
		}
		listSteps(line, r.Steps, 0, t, r.Chunk)
		listBuffers(line, r.Buffers)
	}
	if p.Explain != nil {
		line("\n%v", p.Explain)
	}
	if p.Train != nil {
		p.Train.text(line, t)
	}
	return b.String()
}

func (t *Training) text(line func(string, ...any), target Target) {
	line("")
	line("training: batches of %d samples, arena %d bytes, %d floats a sample kept; a step takes at least %.4g µs", t.Config.Batch, 4*t.Arena*t.Config.Batch,
		t.Kept, t.StepRoofline(target))
	line("  rows: %s", target.costs(t.RowsCost(), t.Config.Batch))
	for i, n := range t.Noises {
		line("  noise %d is %v", i, n)
	}
	t.phases(line, target)
	listBuffers(line, t.Buffers)
	how := "each panel's gradient is applied while it is in the cache"
	if t.Materialize {
		how = "all gradients come before any update: clipping needs their norm"
	}
	line("")
	line("updates by %s, the longest panels first; %s", t.Config.Optimizer.Method.Name(), how)
	panels := 0
	for _, u := range t.Updates {
		panels += u.Param.Panels()
	}
	line("  %s", target.costs(t.UpdatesCost(), t.Config.Batch))
	line("  on several workers: %s", t.Panels.text("panel", panels))
	if t.Step != nil {
		line("  the optimiser's step by %s", t.Step.Name)
	}
	for _, u := range t.Updates {
		text := ""
		for _, pair := range u.Pairs {
			if pair.A != nil {
				text += fmt.Sprintf(" %sᵀ·%s", pair.A.Name, pair.D.Name)
			} else {
				text += fmt.Sprintf(" Σ %s", pair.D.Name)
			}
		}
		if u.Param.In > 0 {
			text += fmt.Sprintf(", tile %d×%d, %d samples gathered", u.Tile.Rows, u.Tile.Cols, u.Gather)
		}
		line("  %-14s%s, %s; %s", u.Param.Field, text, counted(u.Param.Panels(), "panel"), target.costs(u.Cost, t.Config.Batch))
		for _, term := range u.Terms {
			line("  %-14s and %s", "", termText(term))
		}
		if u.Fast != nil {
			line("  %-14s %s", "", u.Fast)
		}
		for _, more := range u.kept() {
			line("  %-14s %s", "", more)
		}
	}
	t.stagesText(line)
	if u := t.Book; u != nil {
		line("  then %d vectors of %s by %s: %s", u.Codes, u.Book.Field, u.Rule(), u.Split.text("vector", u.Codes))
	}
	for _, u := range t.Units {
		by := ""
		if f := u.Fast; f != nil {
			by = fmt.Sprintf(" by %s, %s and %s", f.Factors.Name, f.Lanes.Name, f.Rows.Name)
		}
		line("  then %d %v of %s to norm 1%s: %s", u.Vectors(), u.Unit, u.Param.Field, by, u.Split.text("vector", u.Vectors()))
	}
}

// stagesText lists the layers that are trained before all are.
func (t *Training) stagesText(line func(string, ...any)) {
	if len(t.Stages) == 0 {
		return
	}
	line("")
	line("pretraining: each layer on its own, %d epochs at rate %g", t.Config.Pretrain.Epochs, t.Config.Pretrain.Rate)
	for _, s := range t.Stages {
		line("  %s with %s, %d → %d → %d, loss %s", s.Layer, s.Decoder, s.In, s.Out, s.In, s.Loss)
	}
}

// costs is what samples take, with the least times of one alone and of n, a sample each.
func (t Target) costs(c Cost, n int) string {
	weights := ""
	if c.Weights > 0 {
		weights = fmt.Sprintf(", %d bytes of weights", c.Weights)
	}
	return fmt.Sprintf("%d FLOP and %d bytes a sample%s; at least %.4g µs alone, %.4g µs each of %d", c.FLOPs, c.Bytes, weights, t.Roofline(c, 1), t.Roofline(c, n)/float64(n), n)
}

func listSteps(line func(string, ...any), steps []*Step, first int, t Target, n int) {
	for i, s := range steps {
		names := make([]string, len(s.Args))
		for j, b := range s.Args {
			names[j] = b.Name
		}
		line("  %3d %-40s %s", first+i, s.Kernel.Name+"("+strings.Join(names, ", ")+")", t.costs(s.Cost, n))
	}
}

func listBuffers(line func(string, ...any), buffers []*Buffer) {
	for _, b := range buffers {
		if b.External != "" {
			line("      %-16s %5d wide, the caller's", b.Name, b.Width)
			continue
		}
		if b.Whole {
			rows := ""
			if b.Rows > 0 {
				rows = fmt.Sprintf("%d rows, ", b.Rows)
			}
			line("      %-16s %s%5d wide at %d of the whole batch, steps %d to %d", b.Name, rows, b.Width, b.Offset, b.First, b.Last)
			continue
		}
		line("      %-16s %5d wide at %d, steps %d to %d", b.Name, b.Width, b.Offset, b.First, b.Last)
	}
}

// describe is an operation with its decisions, on one line.
func describe(op Op) string {
	switch op := op.(type) {
	case *Product:
		return fmt.Sprintf("y = %s, %s", activated(op.Activation, "x·"+transposed(op.Weights.Field, op.Transposed)+" + b"), op.Tile)
	case *ReducedProduct:
		return op.text()
	case *BackProduct:
		return fmt.Sprintf("dx = dy·%s%s, %s", transposed(op.Weights.Field, !op.Transposed), sloped(op.Activation), op.Tile)
	case *TapProduct, *Halo:
		return tapText(op)
	case *Affine:
		return fmt.Sprintf("%s, width %d", affine(op.Scale, op.Shift), op.Width)
	case *Standardise, *Features, *Likeliest, *FieldLoss:
		return describeFields(op)
	case *Corrupt:
		return fmt.Sprintf("y = x with %s, width %d", inTurn(op.Noises), op.Width)
	case *GaussianLoss:
		text := fmt.Sprintf("loss of each sample under a normal distribution of deviation e^%s, width %d", op.LogStd.Field, op.Width)
		if op.Gradient {
			text += ", and its derivatives"
		}
		return text
	case *Discrete:
		return op.text()
	case *Pooling, *Upsample, *Concat, *Channels:
		return gridText(op)
	case *Quantize, *Commit, *CommitGrad:
		return codebookText(op)
	case *DrawFixed:
		return fmt.Sprintf("z = mean + σ·ε of a fixed draw, width %d", op.Width)
	case *Divergence:
		return fmt.Sprintf("divergence from %v, width %d", nn.Bound, op.Width)
	case *Posterior:
		return fmt.Sprintf("z = mean + σ·ε, and its divergence from %v, width %d", op.Prior, op.Width)
	case *PosteriorGrad:
		return fmt.Sprintf("derivatives of z and of its divergence from %v, width %d", op.Prior, op.Width)
	case *Activate:
		return fmt.Sprintf("y = %v(x), width %d", op.Activation, op.Width)
	case *ActivateGrad:
		return fmt.Sprintf("dx = dy ⊙ %v', width %d", op.Activation, op.Width)
	case *TopK:
		text := fmt.Sprintf("y = the %d largest of x, width %d", op.K, op.Width)
		if op.Compact {
			text += ", as values and places"
		}
		return text
	case *RowsProduct:
		return op.text()
	case *RowsGrad:
		if op.K == 0 {
			return fmt.Sprintf("dz = dy·%sᵀ where z is not 0", op.Weights.Field)
		}
		return fmt.Sprintf("dz = dy·%sᵀ at the %d places of z", op.Weights.Field, op.K)
	case *SubBias:
		return fmt.Sprintf("y = x - %s", op.Bias.Field)
	case *Sub:
		return fmt.Sprintf("y = a - b, width %d", op.Width)
	case *BatchBound:
		return fmt.Sprintf("bound = number %d·B of the batch, width %d", op.K, op.Width)
	case *Above:
		return fmt.Sprintf("y = x where it is above 0 and no less than a bound, width %d", op.Width)
	case *DeadTopK:
		text := fmt.Sprintf("y = the %d largest of x that were 0 for %d steps, width %d", op.K, op.After, op.Width)
		if op.Compact {
			text += ", as values and places"
		}
		return text
	case *KeptGrad:
		return fmt.Sprintf("dx = dy where y ≠ 0, width %d", op.Width)
	case *Add:
		return fmt.Sprintf("y = a + b, width %d", op.Width)
	case *ColumnMeans:
		return fmt.Sprintf("m = the means of columns, width %d", op.Width)
	case *PenalizeMeans:
		return fmt.Sprintf("%v of means and its derivative, width %d", op.Penalty, op.Width)
	case *AddRow:
		return fmt.Sprintf("y = %s, width %d", plus("row/B", op.Slope), op.Width)
	case *Penalize:
		return fmt.Sprintf("%v of each sample, width %d", op.Penalty, op.Width)
	case *UnitSlope, *UnitSlopeGrad, *ActivateCurve, *Squares:
		return jacobianText(op)
	case *PenalizeGrad:
		return fmt.Sprintf("y = %s, width %d", plus("the derivative of "+op.Penalty.String(), op.Slope), op.Width)
	case *Softmax:
		if op.Classes < op.Width {
			return fmt.Sprintf("y = softmax(x) over %d values each, width %d", op.Classes, op.Width)
		}
		return fmt.Sprintf("y = softmax(x), width %d", op.Width)
	case *Score:
		return fmt.Sprintf("%v loss of each sample%s, width %d", op.Loss, byClass(op.Loss, op.Classes), op.Width)
	case *LossGrad:
		return fmt.Sprintf("%v loss of each sample%s, and its derivative, width %d", op.Loss, byClass(op.Loss, op.Classes), op.Width)
	}
	if text := weightText(op); text != "" {
		return text
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}
