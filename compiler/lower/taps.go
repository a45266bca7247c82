package lower

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// A spatial is a product of a grid and a weight: ConvLayer without its bias, or ConvBack.
type spatial struct {
	window          nn.Window
	deconv, adjoint bool
}

// from and to are the grids of its argument and result.
func (s spatial) from() nn.Grid {
	if s.deconv {
		return s.window.Out
	}
	return s.window.In
}

func (s spatial) to() nn.Grid {
	if s.deconv {
		return s.window.In
	}
	return s.window.Out
}

// halo is how many positions of zeros it needs around its argument.
func (s spatial) halo() plan.Halo {
	h := plan.Halo{Grid: s.from()}
	if w := s.window; s.deconv {
		h.Top, h.Bottom = backHalo(w.In.H, w.Out.H, w.KH, w.SH, w.DH, w.Top)
		h.Left, h.Right = backHalo(w.In.W, w.Out.W, w.KW, w.SW, w.DW, w.Left)
	} else {
		h.Top, h.Bottom = w.Top, max(0, (w.Out.H-1)*w.SH+nn.Reach(w.KH, w.DH)-w.Top-w.In.H)
		h.Left, h.Right = w.Left, max(0, (w.Out.W-1)*w.SW+nn.Reach(w.KW, w.DW)-w.Left-w.In.W)
	}
	return h
}

// An axis is one direction of the positions of a transposed convolution's result that meet the same taps: positions first, first+stride,
// …, n of them, and the taps with, for each, how many positions of the argument it lies before quotient, which belongs to first.
type axis struct {
	first, n, quotient int
	taps, before       []int
}

// axes are the residues of positions of the large side, of n positions, modulo the stride.
func axes(n, k, stride, dilation, pad int) []axis {
	var all []axis
	for r := range stride {
		a := axis{first: ((r-pad)%stride + stride) % stride}
		if a.first >= n {
			continue
		}
		a.n, a.quotient = (n-1-a.first)/stride+1, (a.first+pad-r)/stride
		for t := range k {
			if t*dilation%stride == r {
				a.taps, a.before = append(a.taps, t), append(a.before, (t*dilation-r)/stride)
			}
		}
		all = append(all, a)
	}
	return all
}

// backHalo is how many positions of zeros a transposed convolution needs before and behind the small side, of m positions.
func backHalo(n, m, k, stride, dilation, pad int) (before, after int) {
	for _, a := range axes(n, k, stride, dilation, pad) {
		for _, b := range a.before {
			before = max(before, b-a.quotient)
			after = max(after, a.quotient+a.n-1-b-(m-1))
		}
	}
	return before, after
}

// lattices are the positions of its result, those that meet the same taps together, for an argument with a halo.
func (s spatial) lattices(h plan.Halo, weightRows int) []plan.Lattice {
	w, from, to := s.window, s.from(), s.to()
	width := h.Left + from.W + h.Right
	// tap is tap (ky, kx), x floats behind a position.
	tap := func(ky, kx, x int) plan.Tap {
		if t := ky*w.KW + kx; s.adjoint {
			return plan.Tap{X: x, W: t}
		} else {
			return plan.Tap{X: x, W: t * weightRows}
		}
	}
	if !s.deconv {
		l := plan.Lattice{Rows: to.H, Cols: to.W, YRow: to.W * to.C, YCol: to.C, XRow: w.SH * width * from.C, XCol: w.SW * from.C, Len: from.C / w.Groups}
		for ky := range w.KH {
			for kx := range w.KW {
				l.Taps = append(l.Taps, tap(ky, kx, (ky*w.DH*width+kx*w.DW)*from.C))
			}
		}
		return []plan.Lattice{s.merged(l)}
	}
	var all []plan.Lattice
	for _, v := range axes(to.H, w.KH, w.SH, w.DH, w.Top) {
		for _, u := range axes(to.W, w.KW, w.SW, w.DW, w.Left) {
			l := plan.Lattice{Rows: v.n, Cols: u.n, Y: (v.first*to.W + u.first) * to.C, YRow: w.SH * to.W * to.C, YCol: w.SW * to.C,
				XRow: width * from.C, XCol: from.C, Len: from.C / w.Groups}
			far, wide := 0, 0 // the taps that lie farthest before
			if len(v.taps) > 0 && len(u.taps) > 0 {
				far, wide = slices.Max(v.before), slices.Max(u.before)
				l.X = ((v.quotient+h.Top-far)*width + u.quotient + h.Left - wide) * from.C
			}
			for i, ky := range v.taps {
				for j, kx := range u.taps {
					l.Taps = append(l.Taps, tap(ky, kx, ((far-v.before[i])*width+wide-u.before[j])*from.C))
				}
			}
			all = append(all, s.merged(l))
		}
	}
	return all
}

// merged joins taps that follow each other both in the argument and in the weight, as those of a kernel's row do.
func (s spatial) merged(l plan.Lattice) plan.Lattice {
	for s.window.Groups == 1 && !s.adjoint {
		n := 1 // taps that can be joined everywhere
		for n < len(l.Taps) && l.Taps[n].X == l.Taps[n-1].X+l.Len && l.Taps[n].W == l.Taps[n-1].W+l.Len {
			n++
		}
		follow := func(i int) bool {
			return i%n == 0 || l.Taps[i].X == l.Taps[i-1].X+l.Len && l.Taps[i].W == l.Taps[i-1].W+l.Len
		}
		for i := range l.Taps {
			if !follow(i) {
				return l
			}
		}
		if n == 1 || len(l.Taps)%n != 0 {
			return l
		}
		var taps []plan.Tap
		for i := 0; i < len(l.Taps); i += n {
			taps = append(taps, l.Taps[i])
		}
		l.Taps, l.Len = taps, l.Len*n
	}
	return l
}

// dots reports whether lanes should be inputs: a panel of outputs would be nearly empty.
func (s spatial) dots() bool {
	const few = 2
	return !s.adjoint && s.window.Groups == 1 && s.to().C <= few && s.from().C%plan.Panel == 0
}

// withHalo is the argument of a spatial product with zeros around it, made once for each halo.
func (s *schedule) withHalo(b *plan.Buffer, h plan.Halo, v *ir.Value) *plan.Buffer {
	if h.Top+h.Left+h.Bottom+h.Right == 0 {
		return b
	}
	key := haloKey{b, h}
	if s.halos[key] == nil {
		op := h
		k := s.kernel("halo", "", &op, h, v)
		_, w := plan.Widths(&op)
		to := s.buffer("wide"+title(b.Name), w[0], v.At)
		s.step(k, v, 1, to, b)
		s.halos[key] = to
	}
	return s.halos[key]
}

// haloKey is a buffer with zeros around its grid.
type haloKey struct {
	b *plan.Buffer
	h plan.Halo
}

// convLayer schedules a convolution, or a transposed one, with its bias and activation.
func (s *schedule) convLayer(op ir.ConvLayer, v *ir.Value) {
	w, b := s.block(v.Args[1]), s.block(v.Args[2])
	sp := spatial{op.Window, op.Deconv, op.Adjoint}
	s.layer[v] = b.Field
	if !op.Adjoint {
		s.layer[v] = w.Field
	}
	x := s.withHalo(s.at[v.Args[0]], sp.halo(), v)
	f := op.Activation
	if sp.to().C < plan.Panel && !inRegisters(f) { // lanes would be idle: values are activated afterwards, together
		op.Activation = nn.Activation{}
	}
	k := s.kernel(s.layer[v], variant(op.Activation), s.taps(sp, w, b, op.Activation, nn.Activation{}), tapKey{op, w, b}, v)
	if f == op.Activation {
		s.step(k, v, 1, s.result(v, "h"+title(s.layer[v])), x)
		return
	}
	sums := s.buffer("sums"+title(s.layer[v]), width(v), v.At)
	s.step(k, v, 1, sums, x)
	s.step(s.activate(ir.Activate{Activation: f}, v), v, 1, s.result(v, "h"+title(s.layer[v])), sums)
}

// tapKey is what makes a product of taps another one.
type tapKey struct {
	op   ir.Op
	w, b *plan.Param
}

// convBack schedules what a layer passes back.
func (s *schedule) convBack(op ir.ConvBack, v *ir.Value) {
	w := s.block(v.Args[1])
	sp := spatial{op.Window, op.Deconv, op.Adjoint}
	base := "back" + title(w.Field)
	if !op.Adjoint {
		base += "Tied"
	}
	args := []*plan.Buffer{nil, s.withHalo(s.at[v.Args[0]], sp.halo(), v)}
	name := "dInto" + title(w.Field)
	if len(v.Args) == 3 {
		s.layer[v] = s.layer[v.Args[2]]
		name = "d" + title(s.layer[v])
		args = append(args, s.at[v.Args[2]])
	} else {
		s.layer[v] = "into" + title(w.Field)
	}
	k := s.kernel(base, variant(op.Activation), s.taps(sp, w, nil, nn.Activation{}, op.Activation), tapKey{op, w, nil}, v)
	args[0] = s.result(v, name)
	s.step(k, v, 1, args...)
}

// taps decides how a spatial product runs.
func (s *schedule) taps(sp spatial, w, bias *plan.Param, f, slope nn.Activation) *plan.TapProduct {
	h := sp.halo()
	_, widths := plan.Widths(&h)
	rows := sp.from().C / sp.window.Groups
	op := &plan.TapProduct{Weights: w, Bias: bias, Transposed: sp.adjoint, From: widths[0], To: sp.to().Len(), Outs: sp.to().C, Groups: sp.window.Groups,
		Lattices: sp.lattices(h, rows), Activation: f, Slope: slope}
	if sp.dots() {
		numbered := sp
		numbered.adjoint = true // taps by their numbers
		op.Dots, op.Transposed, op.Lattices = true, true, numbered.lattices(h, rows)
	}
	w.Transposed = w.Transposed || op.Transposed
	op.Fast = s.fastTaps(op)
	return op
}

// kernelOf is the shape of the weight of a convolution, or nil of another.
func kernelOf(g *ir.Graph, weight *ir.Value) *plan.Kernel2D {
	for _, v := range g.Values {
		switch op := v.Op.(type) {
		case ir.Conv:
			if v.Args[1] == weight && !op.Adjoint {
				return &plan.Kernel2D{H: op.Window.KH, W: op.Window.KW, Groups: op.Window.Groups}
			}
		case ir.Deconv:
			if v.Args[1] == weight && !op.Adjoint {
				return &plan.Kernel2D{H: op.Window.KH, W: op.Window.KW, Groups: op.Window.Groups, Deconv: true}
			}
		}
	}
	return nil
}

// tapGradient is how the sides of a pair make a weight's gradient, and the halo of the side that taps lie on.
func tapGradient(w nn.Window, deconv bool) (*plan.TapGradient, plan.Halo) {
	h := spatial{window: w}.halo() // around the large side
	width := h.Left + w.In.W + h.Right
	large := func(y, x int) int { return (y*width + x) * w.In.C }
	t := &plan.TapGradient{Rows: w.Out.H, Cols: w.Out.W, Groups: w.Groups, Outs: w.Out.C, Len: w.In.C / w.Groups}
	smallRow, smallCol, largeRow, largeCol := w.Out.W*w.Out.C, w.Out.C, large(w.SH, 0), large(0, w.SW)
	t.ARow, t.ACol, t.DRow, t.DCol = largeRow, largeCol, smallRow, smallCol
	t.Bias = plan.Lattice{Rows: w.Out.H, Cols: w.Out.W, YRow: smallRow, YCol: smallCol}
	if deconv {
		t.Outs, t.Len = w.In.C, w.Out.C/w.Groups
		t.ARow, t.ACol, t.DRow, t.DCol = smallRow, smallCol, largeRow, largeCol
		t.Bias = plan.Lattice{Rows: w.In.H, Cols: w.In.W, Y: large(h.Top, h.Left), YRow: large(1, 0), YCol: w.In.C}
	}
	for ky := range w.KH {
		for kx := range w.KW {
			tap := plan.GradientTap{W: (ky*w.KW + kx) * t.Len}
			if at := large(ky*w.DH, kx*w.DW); deconv {
				tap.D = at
			} else {
				tap.A = at
			}
			t.Taps = append(t.Taps, tap)
		}
	}
	if !deconv && w.Groups == 1 && w.DW == 1 { // a kernel's row is one run
		var taps []plan.GradientTap
		for i := 0; i < len(t.Taps); i += w.KW {
			taps = append(taps, t.Taps[i])
		}
		t.Taps, t.Len = taps, t.Len*w.KW
	}
	return t, h
}

// tapPair is a pair of the gradient of a convolution's weight. Its buffers must have been made with the steps.
func (s *schedule) tapPair(w nn.Window, deconv, bias bool, a, d *ir.Value) plan.Pair {
	t, h := tapGradient(w, deconv)
	p := plan.Pair{A: s.at[a], D: s.at[d], Taps: t}
	s.fastTapGradient(t, true, bias)
	if deconv {
		p.D = s.withHalo(p.D, h, d)
	} else {
		p.A = s.withHalo(p.A, h, a)
	}
	p.A, p.D = s.lasting(p.A), s.lasting(p.D)
	return p
}

// channelSums is how the gradient of a bias alone is summed.
func channelSums(n, channels int) *plan.TapGradient {
	return &plan.TapGradient{Outs: channels, Groups: 1, Bias: plan.Lattice{Rows: 1, Cols: n / channels, YCol: channels}}
}

// tapSides makes what the gradient of a convolution's weight reads.
func (s *schedule) tapSides(w nn.Window, deconv bool, args []*ir.Value) {
	_, h := tapGradient(w, deconv)
	for _, pair := range pairsOf(args) {
		v := pair[0]
		if deconv {
			v = pair[1]
		}
		s.withHalo(s.at[v], h, v)
	}
}

// fastTaps decides how a product of taps runs by assembly functions: a lattice of a sample is rows of positions, and the positions of a
// row go through in tiles of sizes that divide it.
func (l *lowerer) fastTaps(op *plan.TapProduct) *plan.FastTaps {
	if !l.vector() || op.Groups > 1 || slices.ContainsFunc(op.Lattices, func(p plan.Lattice) bool { return len(p.Taps) == 0 }) {
		return nil
	}
	w := op.Weights
	f := &plan.FastTaps{Panels: l.target.Vector.Strip}
	f.Full = op.Outs / plan.Panel / f.Panels
	product := plan.PanelProduct{Stride: w.Rows() * plan.Panel, Bias: op.Bias != nil, Activation: op.Activation, Slope: op.Slope,
		After: !inRegisters(op.Activation) || !arithmetic(op.Slope)}
	rowsOf := 1 // floats of a tap's number
	if op.Transposed {
		product.Stride = w.Out * plan.Panel
		rowsOf = w.CopyPanels() / w.Taps() * w.Out
	}
	switch op.Bias {
	case nil:
	case w:
		product.BiasStride = w.Rows() * plan.Panel
	default:
		product.BiasStride = plan.Panel
	}
	for _, lattice := range op.Lattices {
		if op.Dots {
			d, rows := l.dotsOf(op, lattice)
			if rows == 0 {
				return nil
			}
			f.Strips, f.Ends, f.Rows, f.Full = append(f.Strips, nil), append(f.Ends, d), append(f.Rows, rows), 0
			continue
		}
		p := product
		p.In = lattice.Len
		t := plan.TapPanels{PanelProduct: p, Cols: lattice.Cols, XCol: lattice.XCol, XRow: lattice.XRow, YCol: lattice.YCol, YRow: lattice.YRow}
		for _, tap := range lattice.Taps {
			t.Taps = append(t.Taps, plan.Tap{X: tap.X, W: tap.W * rowsOf * plan.Panel})
		}
		var strip, end *plan.Function
		rows := lattice.Rows
		function := func(panels, last int) *plan.Function {
			t := t
			t.Panels, t.Last = panels, last
			t.Narrow, t.Wide = l.tapCut(t.Cols, l.target.Vector.Narrow, 1), l.tapCut(t.Cols, l.target.Vector.Wide, panels)
			t.NarrowLines, t.WideLines = l.lines(lattice, l.target.Vector.Narrow, 1, t.After), l.lines(lattice, l.target.Vector.Wide, panels, t.After)
			if panels == 1 {
				t.Stride, t.BiasStride = 0, 0
			}
			outs := panels * plan.Panel
			if last > 0 {
				outs += last - plan.Panel
			}
			rows = min(rows, l.most(&t, 0))
			return l.function(fmt.Sprintf("taps%dx%dby%d%s%s", len(t.Taps), t.In, outs, suffixOf(t.Activation), backSuffix(t.Slope, !t.Bias)),
				&t, fmt.Sprintf("%+v", t))
		}
		if f.Full > 0 {
			strip = function(f.Panels, 0)
		}
		if left := w16(op.Outs) - f.Full*f.Panels; left > 0 {
			end = function(left, op.Outs%plan.Panel)
		}
		if rows == 0 {
			return nil
		}
		f.Strips, f.Ends, f.Rows = append(f.Strips, strip), append(f.Ends, end), append(f.Rows, rows)
	}
	return f
}

// dotsOf is the function of a lattice with few outputs, and how many rows of positions it takes.
func (l *lowerer) dotsOf(op *plan.TapProduct, lattice plan.Lattice) (*plan.Function, int) {
	w := op.Weights
	d := plan.TapDots{Len: lattice.Len, Stride: w.Out * plan.Panel, Outs: op.Outs, Activation: op.Activation,
		Cols: lattice.Cols, XCol: lattice.XCol, XRow: lattice.XRow, YCol: lattice.YCol, YRow: lattice.YRow,
		Narrow: evenSizes(lattice.Cols, 6), Wide: evenSizes(lattice.Cols, 8)}
	for _, tap := range lattice.Taps {
		d.Taps = append(d.Taps, plan.Tap{X: tap.X, W: tap.W * w.CopyPanels() / w.Taps() * w.Out * plan.Panel})
	}
	rows := min(lattice.Rows, l.most(&d, 0))
	return l.function(fmt.Sprintf("dots%dx%dby%d%s", len(d.Taps), d.Len, d.Outs, suffixOf(d.Activation)), &d, fmt.Sprintf("%+v", d)), rows
}

// w16 is the number of panels of n outputs.
func w16(n int) int { return (n + plan.Panel - 1) / plan.Panel }

// lines is how many rows of positions make a tile: as many as it takes to hide the latency of a multiply-add, where registers hold them.
func (l *lowerer) lines(p plan.Lattice, r plan.Registers, panels int, after bool) int {
	const hidden = 12 // sums in registers
	columns := panels * plan.Panel / r.Lanes
	n := min((hidden+p.Cols*columns-1)/(p.Cols*columns), mostPositions(r, panels)/p.Cols, p.Rows)
	if after || n < 1 {
		return 1
	}
	return n
}

// mostPositions is how many positions of so many panels registers hold.
func mostPositions(r plan.Registers, panels int) int {
	const kept = 4 // registers for weights and inputs
	registers := map[int]int{8: 16, 16: 32}[r.Lanes]
	return (registers - kept) / (panels * plan.Panel / r.Lanes)
}

// tapCut is how a row of n positions goes through registers: in as few tiles as hold it, of sizes that differ by one at most.
func (l *lowerer) tapCut(n int, r plan.Registers, panels int) plan.Cut {
	return plan.Cut{Sizes: evenSizes(n, mostPositions(r, panels)), Unroll: r.Unroll}
}

// evenSizes are the sizes of the fewest tiles that hold n positions, up to most each: they differ by one at most.
func evenSizes(n, most int) plan.Sizes {
	tiles := (n + most - 1) / most
	size := (n + tiles - 1) / tiles
	sizes := plan.Sizes{size}
	if size > 1 {
		sizes[1] = 1
	}
	if n%size != 0 && size > 2 {
		sizes[1], sizes[2] = size-1, 1
	}
	return sizes
}

// fastTapGradient decides how the gradient of a convolution's weight runs by assembly functions.
func (l *lowerer) fastTapGradient(t *plan.TapGradient, weights, bias bool) {
	if !l.vector() || t.Groups > 1 {
		return
	}
	v := l.target.Vector
	f := &plan.FastTapGradient{}
	function := func(name string, op plan.Gradient) *plan.Function {
		op.Narrow, op.Wide = plan.Part{Inputs: v.Narrow.Inputs, Unroll: v.Narrow.Unroll}, plan.Part{Inputs: v.Wide.Inputs, Unroll: v.Wide.Unroll}
		op.Rows = v.Inputs
		return l.function(name, &op, op)
	}
	if weights {
		op := plan.Gradient{In: t.Len, Rest: t.Len % v.Inputs, Cols: t.Cols, XCol: t.ACol, XRow: t.ARow, DCol: t.DCol, DRow: t.DRow}
		if f.Lines = min(t.Rows, l.mostLines(op)); f.Lines == 0 {
			return
		}
		f.Sums = function(fmt.Sprintf("gradient%dof%d", t.Len, t.Cols), op)
	}
	if bias {
		op := plan.Gradient{Bias: true, Cols: t.Bias.Cols, DCol: t.Bias.YCol, DRow: t.Bias.YRow}
		if f.BiasLines = min(t.Bias.Rows, l.mostLines(op)); f.BiasLines == 0 {
			return
		}
		f.Bias = function(fmt.Sprintf("sums%d", t.Bias.Cols), op)
	}
	t.Fast = f
}

// mostLines is how many rows of positions a call of a gradient may take.
func (l *lowerer) mostLines(op plan.Gradient) int {
	n := 0
	for n < 1<<12 && l.target.Micros(plan.Call{Function: &plan.Function{Op: &op}, Count: max(1, op.In), Samples: n + 1}) <= float64(l.target.Vector.Call) {
		n++
	}
	return n
}

// windowOf is that of the gradient of an update, and whether it is of a transposed convolution; none of a dense layer's.
func windowOf(d *ir.Value) (w nn.Window, deconv bool) {
	switch op := d.Op.(type) {
	case ir.WeightUpdate:
		return op.Window, op.Deconv
	case ir.WeightGrad:
		return op.Window, op.Deconv
	case ir.ClipToNorm, ir.ClipToValue, ir.AddWeightGrad:
		return windowOf(d.Args[0])
	case ir.Update:
		return windowOf(d.Args[len(d.Args)-1])
	case ir.SumBatch, ir.SumChannels:
		return nn.Window{}, false
	}
	panic(fmt.Sprintf("internal error: %v: a gradient by %s", d.At, ir.Word(d.Op)))
}
