package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// General registers of a product.
var (
	yAt, xAt, bAt, wAt = reg.RDI, reg.RSI, reg.R8, reg.R9
	atAt               = reg.R10
	stride, samples    = reg.R11, reg.R12
	panelAt            = reg.RDX // bytes from the first panel's outputs to this one's
	xRun, wRun, count  = reg.RAX, reg.RBX, reg.RCX
	storedAt           = reg.R13 // the first outputs of a tile
)

// A strip is what of a product's panels is computed at a time: all that op has, or one after the other.
type strip struct {
	*plan.PanelProduct
	panels, last int // last is the outputs of the last panel if it is not full, else 0
	plan.Cut
	step int // floats from an input of a sample to that of the next one
	rows int // of positions of grid that a tile goes over, where it is more than one
	grid *plan.TapPanels
}

// input is how many floats an input of sample i of a tile is behind that of the first one.
func (s strip) input(i int) int {
	if s.rows > 1 {
		return i/s.grid.Cols*s.grid.XRow + i%s.grid.Cols*s.grid.XCol
	}
	return i * s.step
}

// filled is the number of floats of register j of a row that are outputs.
func (e *emitter) filled(panels, last, j int) int {
	if panel, bytes := e.column(j); last > 0 && panel == panels-1 {
		return last - bytes/4
	}
	return e.lanes
}

// panelProduct takes samples through all panels. Narrow registers take one panel at a time.
func (e *emitter) panelProduct(op *plan.PanelProduct) {
	e.load("w", wAt)
	if op.Bias {
		e.load("b", bAt)
	}
	e.load("stride", stride)
	e.comment("stride in bytes")
	e.SHLQ(operand.Imm(2), stride)
	e.lastMask(op.Last)
	switch {
	case e.isWide() || op.Panels == 1:
		cut := op.Narrow
		if e.isWide() {
			cut = op.Wide
		}
		e.strip(strip{PanelProduct: op, panels: op.Panels, last: op.Last, Cut: cut, step: op.In}, false)
	case op.Last > 0:
		e.XORQ(panelAt, panelAt)
		for p := range op.Panels {
			last := 0
			if p == op.Panels-1 {
				last = op.Last
			}
			e.strip(strip{PanelProduct: op, panels: 1, last: last, Cut: op.Narrow, step: op.In}, true)
			e.nextPanel(op)
		}
	default:
		next := e.label("panel")
		e.XORQ(panelAt, panelAt)
		e.Label(next)
		e.strip(strip{PanelProduct: op, panels: 1, Cut: op.Narrow, step: op.In}, true)
		e.nextPanel(op)
		e.CMPQ(panelAt, imm(4*plan.Panel*op.Panels))
		e.JNE(operand.LabelRef(next))
	}
}

// nextPanel goes on to the next panel of weights and outputs.
func (e *emitter) nextPanel(op *plan.PanelProduct) {
	e.ADDQ(imm(4*op.Stride), wAt)
	if op.Bias {
		e.ADDQ(imm(4*op.BiasStride), bAt)
	}
	e.ADDQ(imm(4*plan.Panel), panelAt)
}

// slopes reports whether outputs are multiplied by derivatives.
func (s strip) slopes() bool { return s.Slope.Func != nn.Identity }

// strip takes samples through tiles. Later says that the outputs are those of panel number panelAt.
func (e *emitter) strip(s strip, later bool) {
	e.stripArguments(s, later)
	var after func()
	if s.After {
		after = func() { e.stored(s) }
	}
	e.tiles(s.Sizes, func(r int) { e.productTile(s, r) }, after)
}

// tiles prints the loop that takes the samples through tiles of some sizes, each by do, which moves the pointers; and after each, if
// it is not nil, after.
func (e *emitter) tiles(sizes plan.Sizes, do func(r int), after func()) {
	next, done := e.label("next"), e.label("done")
	then := next
	if after != nil {
		then = e.label("stored")
	}
	tiles := map[int]string{}
	for _, size := range sizes {
		if size > 0 {
			tiles[size] = e.label("tile")
		}
	}
	e.Label(next)
	e.choose(sizes, tiles, done)
	for _, size := range sizes {
		if size > 0 {
			e.Label(tiles[size])
			do(size)
			e.SUBQ(imm(size), samples)
			e.JMP(operand.LabelRef(then))
		}
	}
	if after != nil {
		e.Label(then)
		after()
		e.JMP(operand.LabelRef(next))
	}
	e.Label(done)
}

// stripArguments reads what each panel of a strip starts with.
func (e *emitter) stripArguments(s strip, later bool) {
	outputs := []string{"y"}
	if s.Slope.Func != nn.Identity {
		outputs = append(outputs, "at")
	}
	for i, name := range outputs {
		to := []reg.Register{yAt, atAt}[i]
		e.load(name, to)
		if later {
			e.ADDQ(panelAt, to)
		}
	}
	e.load("x", xAt)
	e.load("n", samples)
}

// choose jumps to the tile that comes next.
func (e *emitter) choose(sizes plan.Sizes, tiles map[int]string, done string) {
	many := 2 * sizes[0]
	for many > 1 && sizes.Next(many-1) == sizes[0] {
		many--
	}
	e.CMPQ(samples, imm(many))
	e.JGE(operand.LabelRef(tiles[sizes[0]]))
	for n := many - 1; n >= 1; n-- {
		e.CMPQ(samples, imm(n))
		e.JEQ(operand.LabelRef(tiles[sizes.Next(n)]))
	}
	e.JMP(operand.LabelRef(done))
}

// column is the place of a register's outputs: in which panel, and how many bytes from its begin.
func (e *emitter) column(j int) (panel, bytes int) {
	perPanel := plan.Panel / e.lanes
	return j / perPanel, j % perPanel * e.bytes()
}

// productTile computes a tile of r samples by all panels of a strip. Sums are in the first registers, a sample after the other.
func (e *emitter) productTile(s strip, r int) {
	sum := e.startSums(s, r)
	e.MOVQ(xAt, xRun)
	e.MOVQ(wAt, wRun)
	e.sumInputs(s, r, sum)
	e.endSums(s, r, sum)
}

// startSums sets the sums of a tile to what they start from.
func (e *emitter) startSums(s strip, r int) (sum func(i, j int) reg.VecPhysical) {
	start := "0"
	if s.Bias {
		start = "the bias"
	}
	e.comment("%d samples by %d outputs: sums start from %s", r, plan.Panel*s.panels, start)
	columns := s.panels * plan.Panel / e.lanes
	sum = func(i, j int) reg.VecPhysical { return e.v(i*columns + j) }
	for i := range r {
		for j := range columns {
			if panel, bytes := e.column(j); s.Bias {
				e.VMOVUPS(at(bAt, 4*panel*s.BiasStride+bytes), sum(i, j))
			} else {
				e.zero(sum(i, j))
			}
		}
	}
	return sum
}

// sumInputs adds the products of a run of inputs, from xRun and wRun on.
func (e *emitter) sumInputs(s strip, r int, sum func(i, j int) reg.VecPhysical) {
	e.comment("inputs: a row of weights, then each sample's input in all lanes")
	e.unrolled(s.In, s.Unroll, func(k int) { e.productStep(s, r, k, sum) }, func(n int) {
		e.ADDQ(imm(4*n), xRun)
		e.ADDQ(imm(64*n), wRun)
	})
}

// endSums turns the sums of a tile into outputs and goes on to the next samples.
func (e *emitter) endSums(s strip, r int, sum func(i, j int) reg.VecPhysical) {
	columns := s.panels * plan.Panel / e.lanes
	if s.After {
		e.comment("the sums are stored, and become outputs below")
		e.MOVQ(yAt, storedAt)
		e.MOVQ(operand.U32(r), count)
	} else {
		e.comment("%s", finish(s))
	}
	for i := range r {
		for j := range columns {
			if !s.After {
				e.outputs(s, j, sum(i, j), e.free())
			}
			e.storeFirst(sum(i, j), at(yAt, e.bytes()*j), e.filled(s.panels, s.last, j))
		}
		if !s.After {
			e.nextSlopes(s)
		}
		e.ADDQ(stride, yAt)
		if s.rows > 1 && (i+1)%s.grid.Cols == 0 {
			e.nextPositions(s)
		}
	}
	if s.rows > 1 {
		e.ADDQ(imm(4*s.rows*s.grid.XRow), xAt)
	} else {
		e.ADDQ(imm(4*r*s.step), xAt)
	}
}

// finish says what becomes of the sums of a tile.
func finish(s strip) string {
	if s.Slope.Func != nn.Identity {
		return fmt.Sprintf("times the derivative of %v", s.Slope)
	}
	return fmt.Sprintf("%v of the sums", s.Activation)
}

// productStep adds the products of input k: a row of weights is loaded once, an input of each sample is in all lanes.
func (e *emitter) productStep(s strip, r, k int, sum func(i, j int) reg.VecPhysical) {
	columns := s.panels * plan.Panel / e.lanes
	weights := func(j int) reg.VecPhysical { return e.top(j) }
	for j := range columns {
		panel, bytes := e.column(j)
		row := at(wRun, 4*panel*s.Stride+64*k+bytes)
		e.VMOVUPS(row, weights(j))
		if s.Fetch && r == s.Sizes[0] && bytes == 0 {
			row.Disp += 4 * s.panels * s.Stride
			e.PREFETCHT1(row)
		}
	}
	for i := range r {
		input := at(xRun, 4*(k+s.input(i)))
		if columns == 1 {
			e.VFMADD231PS_BCST(input, weights(0), sum(i, 0))
			continue
		}
		v := e.top(2 + i%2)
		e.VBROADCASTSS(input, v)
		for j := range columns {
			e.VFMADD231PS(v, weights(j), sum(i, j))
		}
	}
}

// unrolled prints step for 0 ≤ k < n: a loop of u steps, and what remains after it. Advance moves the pointers.
func (e *emitter) unrolled(n, u int, step func(k int), advance func(n int)) {
	done := 0
	if n >= 2*u {
		loop := e.label("loop")
		e.MOVQ(operand.U32(n/u), count)
		e.Label(loop)
		for k := range u {
			step(k)
		}
		advance(u)
		e.DECQ(count)
		e.JNZ(operand.LabelRef(loop))
		done = n / u * u
	}
	for k := range n - done {
		step(k)
	}
}
