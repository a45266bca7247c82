package nn

// An Inside is the places of a window whose taps are all inside of In: rows from Top up to Bottom, and columns from Left up to Right, of Out.
type Inside struct{ Top, Bottom, Left, Right int }

// Inside finds them.
func (w Window) Inside() Inside {
	var p Inside
	p.Top, p.Bottom = inside(w.In.H, w.Out.H, w.KH, w.SH, w.DH, w.Top)
	p.Left, p.Right = inside(w.In.W, w.Out.W, w.KW, w.SW, w.DW, w.Left)
	return p
}

// inside is the range of places along one side.
func inside(in, out, taps, stride, dilation, before int) (from, to int) {
	from = min(out, (before+stride-1)/stride)
	if last := in - Reach(taps, dilation) + before; last >= 0 {
		to = min(out, last/stride+1)
	}
	return from, max(from, to)
}

// Cols is how many there are in a row.
func (p Inside) Cols() int { return p.Right - p.Left }

// None reports whether there are none.
func (p Inside) None() bool { return p.Top == p.Bottom || p.Left == p.Right }

// All reports whether all places of a grid are among them.
func (p Inside) All(out Grid) bool {
	return p.Top == 0 && p.Left == 0 && p.Bottom == out.H && p.Right == out.W
}

// Tiles reports whether each position of In is under one tap of one place.
func (w Window) Tiles() bool {
	return w.SH == w.KH && w.SW == w.KW && w.DH == 1 && w.DW == 1 && w.In.H == w.Out.H*w.SH && w.In.W == w.Out.W*w.SW && w.Top == 0 && w.Left == 0
}

// Offset is the distance in floats of a tap from the first one.
func (w Window) Offset(tap int) int {
	return (tap/w.KW*w.DH*w.In.W + tap%w.KW*w.DW) * w.In.C
}
