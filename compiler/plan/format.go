package plan

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// A Format is how a package holds weights. Biases are float32 in all of them.
type Format int

const (
	Float32  Format = iota
	Half            // IEEE 754 binary16
	Bfloat16        // the upper half of a float32
	Int8            // integers from -127 to 127 in steps of their output: a 127th of its largest weight
)

// Formats are the names of the formats.
var Formats = []string{Float32: "f32", Half: "f16", Bfloat16: "bf16", Int8: "int8"}

// String is the name of the format.
func (f Format) String() string { return Formats[f] }

// ParseFormat finds the format of a name. The error lists the names.
func ParseFormat(name string) (Format, error) {
	for f, known := range Formats {
		if name == known {
			return Format(f), nil
		}
	}
	return 0, fmt.Errorf("one of %s expected", strings.Join(Formats, ", "))
}

// A Precision is what a program is asked to compute with.
type Precision struct {
	Format Format
	// Ranges are the largest magnitudes of the inputs of products, for Int8: inputs are then rounded in fixed steps.
	// Without them the steps follow from each sample.
	Ranges map[Factor]float64
}

// Scores names the packages whose scores are the same for the same weights: "f32", or "int8-3f0c9a12" with a digest of the ranges.
// A calibration of scores belongs to one of them.
func (p Precision) Scores() string {
	if p.Ranges == nil {
		return p.Format.String()
	}
	var list []string
	for f, r := range p.Ranges {
		list = append(list, fmt.Sprintf("%s %t %x\n", f.Weight, f.Transposed, r))
	}
	slices.Sort(list)
	return fmt.Sprintf("%v-%.4x", p.Format, sha256.Sum256([]byte(strings.Join(list, ""))))
}

// A Factor is the weight of a product: x·W, or x·Wᵀ.
type Factor struct {
	Weight     string // as in safetensors
	Transposed bool
}

// Error is the root mean square by which reconstructions differ from those of float32 weights, in parts of their own, that
// the models of docs/precision.md stay below: a figure measured, which tests hold, and no bound for all weights.
func (p Precision) Error() float64 {
	switch {
	case p.Format == Half:
		return 0.001
	case p.Format == Bfloat16:
		return 0.008
	case p.Format == Int8 && p.Ranges == nil:
		return 0.03
	case p.Format == Int8:
		return 0.06
	}
	return 0
}

// RoundingError is Precision.Error of this program. Where the largest values of a code are kept, rounding may keep others of those that are
// nearly as large: then reconstructions differ by more.
func (p *Program) RoundingError() float64 {
	for _, k := range p.Kernels {
		if _, ok := k.Op.(*TopK); ok {
			return [...]float64{Half: 0.05, Bfloat16: 0.15, Int8: 0.2}[p.Precision.Format]
		}
	}
	return p.Precision.Error()
}

// Inputs are how products of Int8 weights round what they multiply.
type Inputs struct {
	Most  int     // the largest integer
	Range float64 // the magnitude that becomes Most; 0 for the largest of the sample's inputs
}

// A Reduced is what a package holds of a block in a format other than Float32.
type Reduced struct {
	Values     *Matrix // for x·W; nil for a bias alone
	Transposed *Matrix // for x·Wᵀ, or nil
	Steps      string  // Go name of the outputs' steps, [Panels][Panel]float32, with Int8; else ""
	Bias       string  // likewise of the biases; "" without
}

// A Matrix is a weight in the layout of one kernel: panels of 16 outputs.
//
//	Half      [Panels][In][16]uint16
//	Bfloat16  [Panels][In][8][2]uint16           outputs c and 8+c side by side
//	Float32   [Panels][In][16]float32              of a codebook
//	Int8      [Panels][ceil(In/Group)][16][Group]int8
type Matrix struct {
	Field   string // Go name
	Format  Format
	In, Out int  // of the product
	Group   int  // inputs that lie side by side: 1, with Int8 2 or 4
	ByRow   bool // [In][Out] instead, of a block by rows
}

// Panels is the number of panels.
func (m *Matrix) Panels() int { return (m.Out + Panel - 1) / Panel }

// Rows is the number of groups of inputs.
func (m *Matrix) Rows() int { return (m.In + m.Group - 1) / m.Group }

// Stride is the bytes of a panel.
func (m *Matrix) Stride() int { return m.Rows() * m.RowBytes() }

// RowBytes is the bytes of a group of inputs in a panel.
func (m *Matrix) RowBytes() int {
	switch m.Format {
	case Int8:
		return m.Group * Panel
	case Float32:
		return 4 * Panel
	}
	return 2 * Panel
}

// Bytes is the size of the weight.
func (m *Matrix) Bytes() int {
	if !m.ByRow {
		return m.Panels() * m.Stride()
	}
	if m.Format == Int8 {
		return m.In * m.Out
	}
	return 2 * m.In * m.Out
}

// Bytes is the size of all that is held of a block.
func (r *Reduced) Bytes(p *Param) int {
	n := 0
	for _, m := range []*Matrix{r.Values, r.Transposed} {
		if m != nil {
			n += m.Bytes()
		}
	}
	for _, row := range []string{r.Steps, r.Bias} {
		if row != "" {
			n += 4 * Panel * p.OutPanels()
		}
	}
	return n
}

// WeightBytes is the memory that a model's weights take, padding and copies included.
func (p *Program) WeightBytes() int {
	n := 0
	for _, b := range p.Params {
		switch {
		case b.Reduced != nil:
			n += b.Reduced.Bytes(b)
		case b.Transposed && p.Tied():
			n += 4 * (b.Floats() + (b.In+Panel-1)/Panel*b.Out*Panel)
		default:
			n += 4 * b.Floats()
		}
	}
	return n
}

// Exact reports whether assembly functions give the same bits as kernels in Go, losses aside: sums of integers are exact,
// and only activations by functions of their own differ.
func (p *Program) Exact() bool {
	if p.Precision.Format != Int8 {
		return false
	}
	for _, k := range p.Kernels {
		switch op := k.Op.(type) {
		case *ReducedProduct:
			if op.Fast != nil && op.Fast.After != nil {
				return false
			}
		case *Activate:
			if op.Fast != nil {
				return false
			}
		case *Softmax:
			if op.Fast != nil {
				return false
			}
		}
	}
	return true
}

// Bytes is the size of an input.
func (i Inputs) Bytes() int {
	if i.Most <= 127 {
		return 1
	}
	return 2
}

// String is the rounding as the plan shows it.
func (i Inputs) String() string {
	if i.Range == 0 {
		return fmt.Sprintf("±%d, the largest of each sample", i.Most)
	}
	return fmt.Sprintf("±%d in a range of ±%.6g", i.Most, i.Range)
}

// text is the block's storage on one line.
func (r *Reduced) text(p *Param) string {
	var parts []string
	for _, m := range []*Matrix{r.Values, r.Transposed} {
		switch {
		case m == nil:
		case m.ByRow:
			parts = append(parts, fmt.Sprintf("%s [%d][%d], by rows", m.Field, m.In, m.Out))
		case m.Format == Int8:
			parts = append(parts, fmt.Sprintf("%s [%d][%d][%d][%d]int8", m.Field, m.Panels(), m.Rows(), Panel, m.Group))
		case m.Format == Bfloat16:
			parts = append(parts, fmt.Sprintf("%s [%d][%d][%d][2]uint16", m.Field, m.Panels(), m.Rows(), Panel/2))
		case m.Format == Float32:
			parts = append(parts, fmt.Sprintf("%s [%d][%d][%d]float32", m.Field, m.Panels(), m.Rows(), Panel))
		default:
			parts = append(parts, fmt.Sprintf("%s [%d][%d][%d]uint16", m.Field, m.Panels(), m.Rows(), Panel))
		}
	}
	for _, row := range []string{r.Steps, r.Bias} {
		if row != "" {
			parts = append(parts, fmt.Sprintf("%s [%d][%d]float32", row, p.OutPanels(), Panel))
		}
	}
	return strings.Join(parts, ", ") + fmt.Sprintf(": %d bytes", r.Bytes(p))
}

// text says what weights are, and the error stated for them.
func (p Precision) text() string {
	if p.Format == Float32 {
		return ""
	}
	return fmt.Sprintf(", weights %v, stated error %.3g %%", p.Format, 100*p.Error())
}
