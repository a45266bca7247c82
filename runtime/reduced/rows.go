package reduced

// Weights of which single inputs are read: [inputs][Out], a row an input.
type (
	// HalfRows are IEEE 754 binary16.
	HalfRows struct {
		Values []uint16
		Out    int
	}
	// BfloatRows are upper halves of float32.
	BfloatRows struct {
		Values []uint16
		Out    int
	}
	// IntegerRows are integers from -127 to 127, in steps that are kept elsewhere.
	IntegerRows struct {
		Values []int8
		Out    int
	}
)

var (
	_ Panels = HalfRows{}
	_ Panels = BfloatRows{}
	_ Panels = IntegerRows{}
)

func (h HalfRows) put(_, i, o int, v float32)    { h.Values[i*h.Out+o] = Half(v) }
func (h HalfRows) at(_, i, o int) float32        { return FromHalf(h.Values[i*h.Out+o]) }
func (h HalfRows) limit() (float32, string)      { return Halves(nil).limit() }
func (b BfloatRows) put(_, i, o int, v float32)  { b.Values[i*b.Out+o] = Bfloat16(v) }
func (b BfloatRows) at(_, i, o int) float32      { return FromBfloat16(b.Values[i*b.Out+o]) }
func (b BfloatRows) limit() (float32, string)    { return Bfloats(nil).limit() }
func (n IntegerRows) put(_, i, o int, v float32) { n.Values[i*n.Out+o] = int8(v) }
func (n IntegerRows) at(_, i, o int) float32     { return float32(n.Values[i*n.Out+o]) }
func (n IntegerRows) limit() (float32, string)   { return Integers{}.limit() }
