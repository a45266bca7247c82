package lower

import (
	"cmp"
	"slices"

	"github.com/aegen/aegen/compiler/plan"
)

// place gives every buffer of the arena an offset such that buffers that live at the same time do not overlap,
// the widest first, each at the lowest offset that is free for its whole life. It returns the arena's width.
// Largest-first is the better of the simple orders in Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net
// Inference, 2020.
func place(buffers []*plan.Buffer) int {
	order := slices.DeleteFunc(slices.Clone(buffers), func(b *plan.Buffer) bool { return b.External != "" || b.Kept || b.Whole })
	slices.SortStableFunc(order, func(a, b *plan.Buffer) int { return cmp.Compare(b.Width, a.Width) })
	width := 0
	var placed []*plan.Buffer // by offset
	for _, b := range order {
		b.Offset = 0
		for _, other := range placed {
			if b.First <= other.Last && other.First <= b.Last && b.Offset < other.Offset+other.Width && other.Offset < b.Offset+b.Width {
				b.Offset = other.Offset + other.Width
			}
		}
		placed = append(placed, b)
		slices.SortStableFunc(placed, func(a, b *plan.Buffer) int { return cmp.Compare(a.Offset, b.Offset) })
		width = max(width, b.Offset+b.Width)
	}
	return width
}
