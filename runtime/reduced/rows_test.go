package reduced

import "testing"

// TestRows puts weights by rows and reads them again.
func TestRows(t *testing.T) {
	const in, out = 3, 5
	for _, rows := range []Panels{HalfRows{make([]uint16, in*out), out}, BfloatRows{make([]uint16, in*out), out}, IntegerRows{make([]int8, in*out), out}} {
		for i := range in {
			for o := range out {
				rows.put(in, i, o, float32(i*out+o))
			}
		}
		for i := range in {
			for o := range out {
				if got, want := rows.at(in, i, o), float32(i*out+o); got != want {
					t.Errorf("%T: input %d, output %d: %v, want %v", rows, i, o, got, want)
				}
			}
		}
	}
}
