// Package topk finds the k largest of many values. Of equal values the first are taken; a NaN is above all numbers, so that it
// is not lost. The result depends on the values alone.
package topk

import "math"

// Groups is the number of groups that Maxima and functions like it divide values into: value i belongs to group i mod Groups.
const Groups = 64

// Candidates is the size of a list of candidates.
const Candidates = 512

// most is the largest k that candidates are found for by maxima of groups, and spans how many parts of x have maxima of their own then.
const most, spans = 256, 8

// Spans is the number of parts of n values whose groups' maxima bound the k-th largest value closely: at least twice as many maxima
// as are looked for. It is 0 where there are too few values for that, or k is too large.
func Spans(n, k int) int {
	s := (2*k + Groups - 1) / Groups
	if k > most || n < 4*s*Groups {
		return 0
	}
	return s
}

// Span is the number of values in each of so many parts of n, but for the last one, which has the rest.
func Span(n, parts int) int { return n / parts / Groups * Groups }

// Select sets index to the places of the len(index) largest values of x, in ascending order. X has as many or more.
func Select(index []uint32, x []float32) {
	var maxima [spans * Groups]float32
	var candidates [Candidates]uint32
	parts := Spans(len(x), len(index))
	if parts == 0 {
		bisect(index, x)
		return
	}
	span := Span(len(x), parts)
	for i := range parts {
		end := (i + 1) * span
		if i == parts-1 {
			end = len(x)
		}
		Maxima((*[Groups]float32)(maxima[i*Groups:]), x[i*span:end])
	}
	bound := Bound(maxima[:parts*Groups], len(index))
	Keep(index, x, &candidates, Collect(&candidates, x, bound))
}

// Maxima sets m to the largest value of each group of x, NaN aside; of an empty group, or one of NaN, it is -Inf.
func Maxima(m *[Groups]float32, x []float32) {
	for g := range m {
		m[g] = float32(math.Inf(-1))
	}
	for ; len(x) >= Groups; x = x[Groups:] {
		for g, v := range (*[Groups]float32)(x) {
			if v > m[g] {
				m[g] = v
			}
		}
	}
	for g, v := range x {
		if v > m[g] {
			m[g] = v
		}
	}
}

// Bound is the k-th largest of m, which is reordered: of maxima of groups, at least k values are no less. M has k or more, and no NaN.
func Bound(m []float32, k int) float32 {
	low, high := 0, len(m)
	for high-low > 1 {
		pivot, i := m[(low+high)/2], low
		end := high
		for j := low; j < end; { // above the pivot, equal to it, below it
			switch {
			case m[j] > pivot:
				m[i], m[j] = m[j], m[i]
				i, j = i+1, j+1
			case m[j] < pivot:
				end--
				m[j], m[end] = m[end], m[j]
			default:
				j++
			}
		}
		switch {
		case k <= i:
			high = i
		case k <= end:
			return pivot
		default:
			low = end
		}
	}
	return m[low]
}

// Collect lists the places of the values of x that are not below a bound, in order, and returns how many there are: more than
// Candidates where the list does not hold them.
func Collect(c *[Candidates]uint32, x []float32, bound float32) int {
	n := 0
	for i, v := range x {
		if !(v < bound) {
			if n == len(c) {
				return n + 1
			}
			c[n] = uint32(i)
			n++
		}
	}
	return n
}

// Keep sets index to the places of the len(index) largest values among n candidates, at least as many, in ascending order; where the
// list does not hold all candidates, to those of x.
func Keep(index []uint32, x []float32, candidates *[Candidates]uint32, n int) {
	if n > len(candidates) {
		bisect(index, x)
		return
	}
	var keys [Candidates]uint64
	for i, c := range candidates[:n] {
		keys[i] = uint64(order(x[c]))<<32 | uint64(^c)
	}
	least := kth(keys[:n], len(index))
	to := index[:0]
	for _, c := range candidates[:n] {
		if uint64(order(x[c]))<<32|uint64(^c) >= least {
			to = append(to, c)
		}
	}
}

// kth is the k-th largest of different keys, which are reordered.
func kth(keys []uint64, k int) uint64 {
	for len(keys) > 1 {
		pivot, i := keys[len(keys)/2], 0
		keys[len(keys)/2] = keys[len(keys)-1]
		last := len(keys) - 1
		for j, key := range keys[:last] {
			if key > pivot {
				keys[i], keys[j] = key, keys[i]
				i++
			}
		}
		keys[last], keys[i] = keys[i], pivot
		switch {
		case k <= i:
			keys = keys[:i]
		case k == i+1:
			return pivot
		default:
			keys, k = keys[i+1:], k-i-1
		}
	}
	return keys[0]
}

// bisect is Select by counting the values that are no less than a bound, for 32 bounds.
func bisect(index []uint32, x []float32) {
	least := uint32(0) // the largest bound that k values are no less than
	for bit := uint32(1 << 31); bit > 0; bit >>= 1 {
		count := 0
		for _, v := range x {
			if order(v) >= least|bit {
				count++
			}
		}
		if count >= len(index) {
			least |= bit
		}
	}
	above := 0
	for _, v := range x {
		if order(v) > least {
			above++
		}
	}
	equal := len(index) - above
	to := index[:0]
	for i, v := range x {
		o := order(v)
		if o == least && equal > 0 {
			equal--
			to = append(to, uint32(i))
		} else if o > least {
			to = append(to, uint32(i))
		}
	}
}

// order is a number that grows with v, the same for 0 and -0, and largest for all NaN.
func order(v float32) uint32 {
	if v != v {
		return math.MaxUint32
	}
	bits := math.Float32bits(v + 0) // -0 becomes 0
	if bits>>31 == 1 {
		return ^bits
	}
	return bits | 1<<31
}
