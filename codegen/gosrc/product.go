package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// product is a kernel that multiplies samples with a block, in either direction. It is printed as a function over samples,
// and one function for each number of samples that a tile has.
type product struct {
	*writer
	name    string
	place   string
	formula string
	block   *plan.Param
	trans   bool // by the transposed copy of the block
	bias    bool // sums start from the block's own bias row
	bias2   *plan.Param
	value   string // function applied to each sum, or ""
	slope   string // function whose value at each entry of `at` multiplies the sum, or ""
	tile    plan.Tile
}

// in and out are the widths of its argument and its result.
func (k *product) in() int {
	if k.trans {
		return k.block.Out
	}
	return k.block.In
}

func (k *product) out() int {
	if k.trans {
		return k.block.In
	}
	return k.block.Out
}

func (g *generator) product(k *plan.Kernel, op *plan.Product) {
	p := &product{writer: &g.kernels, name: portable(k.Name, op.Fast != nil), place: k.At.String(), block: op.Weights, trans: op.Transposed,
		bias: !op.Transposed && op.Bias == nil, bias2: op.Bias, tile: op.Tile, value: g.value(op.Activation)}
	weight := "W"
	if op.Transposed {
		weight = "Wᵀ"
	}
	p.formula = fmt.Sprintf("y = %s(x·%s + b)", op.Activation.Func.Name(), weight)
	if op.Activation.Func == nn.Identity {
		p.formula = fmt.Sprintf("y = x·%s + b", weight)
	}
	p.print()
	if op.Fast != nil {
		g.fastProduct(p, op.Fast)
	}
}

func (g *generator) backProduct(k *plan.Kernel, op *plan.BackProduct) {
	p := &product{writer: &g.kernels, name: portable(k.Name, op.Fast != nil), place: k.At.String(), block: op.Weights, trans: !op.Transposed,
		tile: op.Tile, slope: g.slope(op.Activation)}
	weight := "Wᵀ"
	if op.Transposed {
		weight = "W"
	}
	p.formula = fmt.Sprintf("y = x·%s", weight)
	if p.slope != "" {
		p.formula = fmt.Sprintf("y = x·%s ⊙ %s'(at)", weight, op.Activation.Func.Name())
	}
	p.print()
	if op.Fast != nil {
		g.fastProduct(p, op.Fast)
	}
}

// print writes the function over samples, then the tiles.
func (k *product) print() {
	start := "0"
	if k.bias || k.bias2 != nil {
		start = "the bias"
	}
	k.line("// %s computes %s for each sample, up to the shortest argument. %s", k.name, k.formula, k.place)
	k.line("// Each sum starts from %s and takes the values of x in order.", start)
	k.line("func %s(%s) {", k.name, k.parameters())
	for rows := k.tile.Rows; rows >= 1; rows-- {
		k.loop(rows)
	}
	k.line("}\n")
	for rows := k.tile.Rows; rows >= 1; rows-- {
		k.line("// %sx%d is %s of %d samples.", k.name, rows, k.name, rows)
		k.line("func %sx%d(%s) {", k.name, rows, k.tileParameters(rows))
		k.columns(rows)
		k.line("}\n")
	}
}

// loop calls the tile of rows samples while so many are left.
func (k *product) loop(rows int) {
	word, at, args, rest := "for", "", "", ""
	if rows == 1 && k.tile.Rows == 2 { // pairs are done: one is left, or none
		word = "if"
	}
	if k.slope != "" {
		at = fmt.Sprintf(" && len(at) >= %d", rows)
		args = each(rows, ", ", "&at[#]") + ", "
		rest = fmt.Sprintf("\nat = at[%d:]", rows)
	}
	if k.bias2 != nil {
		args += "b, "
	}
	k.line("%s len(y) >= %d && len(x) >= %d%s {", word, rows, rows, at)
	k.line("%sx%d(%s, %s, %sw)", k.name, rows, each(rows, ", ", "&y[#]"), each(rows, ", ", "&x[#]"), args)
	if word == "for" {
		k.line("y, x = y[%d:], x[%d:]%s", rows, rows, rest)
	}
	k.line("}")
}

func (k *product) parameters() string {
	text := fmt.Sprintf("y [][%d]float32, x [][%d]float32, ", k.out(), k.in())
	if k.slope != "" {
		text += fmt.Sprintf("at [][%d]float32, ", k.out())
	}
	return text + k.weights()
}

func (k *product) weights() string {
	text := ""
	if k.bias2 != nil {
		text = fmt.Sprintf("b *%s, ", blockType(k.bias2))
	}
	if k.trans {
		return text + "w *" + transposedType(k.block)
	}
	return text + "w *" + blockType(k.block)
}

func (k *product) tileParameters(rows int) string {
	text := fmt.Sprintf("%s *[%d]float32, %s *[%d]float32, ", each(rows, ", ", "y#"), k.out(), each(rows, ", ", "x#"), k.in())
	if k.slope != "" {
		text += fmt.Sprintf("%s *[%d]float32, ", each(rows, ", ", "at#"), k.out())
	}
	return text + k.weights()
}

// blockType is the Go type of a block.
func blockType(p *plan.Param) string {
	return fmt.Sprintf("[%d][%d][%d]float32", p.Panels(), p.Rows(), plan.Panel)
}

// transposedType is the Go type of the transposed copy of a block's weight.
func transposedType(p *plan.Param) string {
	return fmt.Sprintf("[%d][%d][%d]float32", p.CopyPanels(), p.Out, plan.Panel)
}

// firstRow is the row of a panel that belongs to input 0.
func (k *product) firstRow() int {
	if k.trans {
		return 0
	}
	return k.block.Rows() - k.block.In
}

// store is the value of a finished sum for output i of sample r.
func (k *product) store(r, c int, i string) string {
	sum := fmt.Sprintf("s%d%d", r, c)
	switch {
	case k.value != "":
		return fmt.Sprintf("%s(%s)", k.value, sum)
	case k.slope != "":
		return fmt.Sprintf("%s * %s(at%d[%s])", sum, k.slope, r, i)
	}
	return sum
}
