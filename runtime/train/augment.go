package train

import (
	"fmt"
	"math"
	"strings"
	"unsafe"

	"github.com/aegen/aegen/runtime/random"
)

// An Augment says how samples that are images are moved at random when a batch of training takes them. Its moves apply one after the other, as
// one map of places: Shorten, Khoshgoftaar: A survey on image data augmentation for deep learning, 2019. Places from outside of an image have
// what stands at its nearest edge.
//
// The numbers of a sample follow from the seed, the move, the number of the step and the sample's place in the batch.
type Augment struct {
	Height, Width, Channels int // of a sample, row by row, channels last
	Goal                    Goal
	GoalChannels            int
	Moves                   []Move
}

// A Goal says how targets move with their images.
type Goal int

const (
	Stays   Goal = iota // a target is no image, or there is none
	Values              // a target is an image of the same height and width
	Classes             // a target has a class for each place
)

// A Move is one of the moves; what is 0 is not done.
type Move struct {
	Horizontal, Vertical bool // flips, each of every second sample
	Shift                int  // by -Shift to Shift places in both directions
	Rows, Columns        int  // a window of this size, anywhere in the image, becomes the image
}

// describe is the moves as a spec says them, "" for none.
func (a *Augment) describe() string {
	if a == nil {
		return ""
	}
	var list []string
	for _, m := range a.Moves {
		switch {
		case m.Shift > 0:
			list = append(list, fmt.Sprintf("shift(%d)", m.Shift))
		case m.Rows > 0:
			list = append(list, fmt.Sprintf("crop(%d, %d)", m.Rows, m.Columns))
		default:
			list = append(list, fmt.Sprintf("flip(horizontal: %t, vertical: %t)", m.Horizontal, m.Vertical))
		}
	}
	return strings.Join(list, ", ")
}

// moves is the stream of the first move.
const moves = 1 << 38

// An axis is where the places of one direction come from: place p from scale·p + offset.
type axis struct{ scale, offset float64 }

// after is the map of places that applies to b first.
func (a axis) after(b axis) axis { return axis{a.scale * b.scale, a.scale*b.offset + a.offset} }

// axes draws the maps of both directions for a sample of a step.
func (a *Augment) axes(seed uint64, step, sample int) (y, x axis) {
	y, x = axis{1, 0}, axis{1, 0}
	for i, m := range a.Moves {
		key := random.Subkey(random.Subkey(random.Key(seed, moves+uint64(i)), step), sample)
		draw := func(k, n int) int { return int(uint64(uint32(random.Bits(key, k))) * uint64(n) >> 32) }
		y, x = y.after(m.axis(a.Height, m.Rows, m.Vertical, draw, 0)), x.after(m.axis(a.Width, m.Columns, m.Horizontal, draw, 2))
	}
	return y, x
}

// axis is a move in the direction of n places. Of a draw, number k and the next are its own.
func (m Move) axis(n, window int, flip bool, draw func(k, n int) int, k int) axis {
	to := axis{1, 0}
	if flip && draw(k, 2) == 1 {
		to = axis{-1, float64(n - 1)}
	}
	if m.Shift > 0 {
		to.offset += float64(draw(k+1, 2*m.Shift+1) - m.Shift)
	}
	if window > 0 && window < n {
		to.scale = float64(window) / float64(n)
		to.offset = float64(draw(k+1, n-window+1)) + to.scale/2 - 0.5
	}
	return to
}

// A tap is where a place comes from: between two places of which the second counts by.
type tap struct {
	first, second int
	by            float32
}

// taps lists those of n places, and nearest takes the nearest place alone.
func (a axis) taps(dst []tap, nearest bool) {
	last := len(dst) - 1
	for p := range dst {
		at := a.scale*float64(p) + a.offset
		if nearest {
			at = math.Floor(at + 0.5)
		}
		low := math.Floor(at)
		first := min(max(int(low), 0), last)
		dst[p] = tap{first, min(max(int(low)+1, 0), last), float32(at - low)}
	}
}

// An augmenter applies an Augment. It holds the taps of a sample.
type augmenter struct {
	*Augment
	rows, columns []tap
}

func newAugmenter(a *Augment) *augmenter {
	return &augmenter{Augment: a, rows: make([]tap, a.Height), columns: make([]tap, a.Width)}
}

// move sets a sample and its target, in words of 32 bits, to those that it was given, moved.
func (a *augmenter) move(x, fromX, y, fromY []float32, seed uint64, step, sample int) {
	down, across := a.axes(seed, step, sample)
	down.taps(a.rows, false)
	across.taps(a.columns, false)
	a.blend(x, fromX, a.Channels)
	switch a.Goal {
	case Values:
		a.blend(y, fromY, a.GoalChannels)
	case Classes:
		down.taps(a.rows, true)
		across.taps(a.columns, true)
		a.pick(bitsOf(y), bitsOf(fromY))
	}
}

// blend takes each place from the four around where it comes from.
func (a *augmenter) blend(to, from []float32, channels int) {
	i := 0
	for _, r := range a.rows {
		for _, c := range a.columns {
			at := func(row, column int) []float32 { return from[(row*a.Width+column)*channels:][:channels] }
			nearest := at(r.first, c.first)
			if r.by == 0 && c.by == 0 {
				i += copy(to[i:], nearest)
				continue
			}
			right, below, across := at(r.first, c.second), at(r.second, c.first), at(r.second, c.second)
			for k := range channels {
				to[i+k] = between(between(nearest[k], right[k], c.by), between(below[k], across[k], c.by), r.by)
			}
			i += channels
		}
	}
}

// between is a and b, of which b counts by. The product is rounded before it is added, on any processor.
func between(a, b, by float32) float32 { return a + float32(by*(b-a)) }

// pick takes each place from the nearest, whatever its words stand for.
func (a *augmenter) pick(to, from []uint32) {
	i := 0
	for _, r := range a.rows {
		row := from[r.first*a.Width:][:a.Width]
		for _, c := range a.columns {
			to[i] = row[c.first]
			i++
		}
	}
}

// words are all words of 32 bits of an array.
func words[X any](x *X) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(x)), unsafe.Sizeof(*x)/4)
}

// bitsOf are words as whole numbers.
func bitsOf(words []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(words))), len(words))
}

// augment sets a batch to the pairs of an order, moved.
func (r *run[X, Y]) augment(batch Pairs[X, Y], order []int32) {
	step := r.Epoch*r.steps + r.Step
	var y, fromY []float32
	for i, sample := range order {
		if r.cfg.Augment.Goal != Stays {
			y, fromY = words(&batch.Y[i]), words(&r.data.Y[sample])
		}
		r.moves.move(words(&batch.X[i]), words(&r.data.X[sample]), y, fromY, r.cfg.Seed, step, i)
	}
}
