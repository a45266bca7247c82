package topk

import "math"

// Ranks finds the k-th largest of many values that come in rows, in three passes over all of them:
//
//	for r.Begin(k); r.More(); r.Next() {
//		r.Count(row) // for every row
//	}
//	value := r.Value()
//
// Each pass counts the values by some bits of their order, and so fixes these bits of the result.
type Ranks struct {
	counts [1 << 11]int
	above  uint32 // the bits that are fixed
	shift  int    // of the bits that this pass counts by
	k      int    // the rank among the values whose bits are the fixed ones
}

// shifts are those of the passes.
var shifts = [...]int{21, 10, 0}

// Begin starts with the first pass. K is at least 1 and at most the number of values.
func (r *Ranks) Begin(k int) { *r = Ranks{shift: shifts[0], k: k} }

// More reports whether there is another pass.
func (r *Ranks) More() bool { return r.shift >= 0 }

// Count counts the values of a row.
func (r *Ranks) Count(row []float32) {
	fixed := r.shift + 11
	if r.shift == 0 {
		fixed = 10
	}
	for _, v := range row {
		if o := order(v); o>>fixed == r.above>>fixed || fixed >= 32 {
			r.counts[o>>r.shift&(1<<(fixed-r.shift)-1)]++
		}
	}
}

// Next ends a pass.
func (r *Ranks) Next() {
	i := len(r.counts) - 1
	for r.k > r.counts[i] {
		r.k -= r.counts[i]
		i--
	}
	r.above |= uint32(i) << r.shift
	clear(r.counts[:])
	switch r.shift {
	case shifts[0]:
		r.shift = shifts[1]
	case shifts[1]:
		r.shift = shifts[2]
	default:
		r.shift = -1
	}
}

// Value is the k-th largest value.
func (r *Ranks) Value() float32 {
	switch {
	case r.above == math.MaxUint32:
		return float32(math.NaN())
	case r.above>>31 == 1:
		return math.Float32frombits(r.above &^ (1 << 31))
	}
	return math.Float32frombits(^r.above)
}
