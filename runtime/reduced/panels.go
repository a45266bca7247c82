package reduced

import (
	"math"
	"unsafe"
)

// panel is the width of a panel.
const panel = 16

// Panels is a weight in the layout of a kernel: panels of 16 outputs. The set is closed.
type Panels interface {
	// put sets the entry of input i and output o, of so many inputs.
	put(inputs, i, o int, v float32)
	at(inputs, i, o int) float32
	// limit is the largest magnitude of a weight, and the format's name.
	limit() (float32, string)
}

var (
	_ Panels = Floats(nil)
	_ Panels = Halves(nil)
	_ Panels = Bfloats(nil)
	_ Panels = Integers{}
)

// Floats are [panels][inputs][16] of float32: weights that are not rounded.
type Floats []float32

func (f Floats) index(inputs, i, o int) int           { return (o/panel*inputs+i)*panel + o%panel }
func (f Floats) put(inputs, i, o int, v float32)      { f[f.index(inputs, i, o)] = v }
func (f Floats) at(inputs, i, o int) float32          { return f[f.index(inputs, i, o)] }
func (f Floats) limit() (most float32, format string) { return math.MaxFloat32, "float32" }

// Halves are [panels][inputs][16] of IEEE 754 binary16.
type Halves []uint16

func (h Halves) index(inputs, i, o int) int           { return (o/panel*inputs+i)*panel + o%panel }
func (h Halves) put(inputs, i, o int, v float32)      { h[h.index(inputs, i, o)] = Half(v) }
func (h Halves) at(inputs, i, o int) float32          { return FromHalf(h[h.index(inputs, i, o)]) }
func (h Halves) limit() (most float32, format string) { return 65504, "f16" }

// Bfloats are [panels][inputs][8][2] of upper halves of float32: those of outputs c and 8+c lie side by side.
type Bfloats []uint16

func (b Bfloats) index(inputs, i, o int) int           { return (o/panel*inputs+i)*panel + o%8*2 + o%panel/8 }
func (b Bfloats) put(inputs, i, o int, v float32)      { b[b.index(inputs, i, o)] = Bfloat16(v) }
func (b Bfloats) at(inputs, i, o int) float32          { return FromBfloat16(b[b.index(inputs, i, o)]) }
func (b Bfloats) limit() (most float32, format string) { return 0x1.fep127, "bf16" }

// Integers are [panels][ceil(inputs/Group)][16][Group] of integers from -127 to 127, in steps that are kept elsewhere.
// Entries beyond the last input are 0.
type Integers struct {
	Values []int8
	Group  int
}

func (n Integers) index(inputs, i, o int) int {
	groups := (inputs + n.Group - 1) / n.Group
	return ((o/panel*groups+i/n.Group)*panel+o%panel)*n.Group + i%n.Group
}
func (n Integers) put(inputs, i, o int, v float32)      { n.Values[n.index(inputs, i, o)] = int8(v) }
func (n Integers) at(inputs, i, o int) float32          { return float32(n.Values[n.index(inputs, i, o)]) }
func (n Integers) limit() (most float32, format string) { return 0x1p127, "int8" }

// stepOf is the step of an output's weights, whose largest magnitude is given: a 127th of it, rounded up to 16 binary
// digits. A multiple of it up to 127 is then a float32, and the step of rounded weights is their own. It is 0, and so are
// the weights, where the largest is below 2⁻¹⁰⁰.
func stepOf(largest float32) float32 {
	if largest < least {
		return 0
	}
	fraction, exponent := math.Frexp(float64(largest) / 127)
	return float32(math.Ldexp(math.Ceil(math.Ldexp(fraction, 16)), exponent-16))
}

// Flat is all numbers of a, an array of T of any number of dimensions.
func Flat[T, A any](a *A) []T {
	var one T
	return unsafe.Slice((*T)(unsafe.Pointer(a)), unsafe.Sizeof(*a)/unsafe.Sizeof(one))
}
