package nn

import "fmt"

// A Grid is the shape of a sample of H rows of W positions of C channels, row-major: value (y, x, c) is number (y·W + x)·C + c.
// A sequence of T steps of N values has H = T, W = 1, C = N.
type Grid struct{ H, W, C int }

// Len is the number of values.
func (g Grid) Len() int { return g.H * g.W * g.C }

// Positions is the number of positions.
func (g Grid) Positions() int { return g.H * g.W }

func (g Grid) String() string { return fmt.Sprintf("%d×%d×%d", g.H, g.W, g.C) }

// A Window is how a kernel of KH×KW taps goes over a grid In, its large side, and meets a grid Out, its small side: position (oy, ox)
// of Out is where tap (ky, kx) lies on position (oy·SH + ky·DH - Top, ox·SW + kx·DW - Left) of In. Positions outside of In are padding.
// A convolution goes from In to Out, a transposed convolution from Out to In.
// Dumoulin, Visin: A guide to convolution arithmetic for deep learning, 2016.
type Window struct {
	In, Out                  Grid
	KH, KW                   int // taps
	SH, SW                   int // strides
	DH, DW                   int // dilations
	Top, Left, Bottom, Right int // padding
	Groups                   int // of channels; each group of Out meets the group of In of the same number
}

// Taps is the number of taps.
func (w Window) Taps() int { return w.KH * w.KW }

// At is the position of In under tap (ky, kx) of position (oy, ox) of Out, and whether it is inside.
func (w Window) At(oy, ox, ky, kx int) (y, x int, inside bool) {
	y, x = oy*w.SH+ky*w.DH-w.Top, ox*w.SW+kx*w.DW-w.Left
	return y, x, 0 <= y && y < w.In.H && 0 <= x && x < w.In.W
}

// Reach is the number of positions that a kernel of k taps spans.
func Reach(k, dilation int) int { return (k-1)*dilation + 1 }

// Covered is the number of places that a kernel has along n positions with padding: (n + before + after - reach)/stride + 1, or 0.
func Covered(n, before, after, k, stride, dilation int) int {
	room := n + before + after - Reach(k, dilation)
	if room < 0 {
		return 0
	}
	return room/stride + 1
}

// Valid reports why the numbers of a window do not fit each other, or nil.
func (w Window) Valid() error {
	for _, n := range []int{w.In.H, w.In.W, w.In.C, w.Out.H, w.Out.W, w.Out.C, w.KH, w.KW, w.SH, w.SW, w.DH, w.DW, w.Groups} {
		if n < 1 {
			return fmt.Errorf("a size of %v is below 1", w)
		}
	}
	if min(w.Top, w.Left, w.Bottom, w.Right) < 0 {
		return fmt.Errorf("%v: negative padding", w)
	}
	if w.In.C%w.Groups != 0 || w.Out.C%w.Groups != 0 {
		return fmt.Errorf("%v: channels do not divide into groups", w)
	}
	if h, v := Covered(w.In.H, w.Top, w.Bottom, w.KH, w.SH, w.DH), Covered(w.In.W, w.Left, w.Right, w.KW, w.SW, w.DW); h != w.Out.H || v != w.Out.W {
		return fmt.Errorf("%v: the kernel has %d×%d places", w, h, v)
	}
	return nil
}

// String is the window as the text of graphs shows it: what is not usual comes behind the sizes.
func (w Window) String() string {
	s := fmt.Sprintf("%v→%v kernel %d×%d", w.In, w.Out, w.KH, w.KW)
	if w.SH != 1 || w.SW != 1 {
		s += fmt.Sprintf(" stride %d×%d", w.SH, w.SW)
	}
	if w.DH != 1 || w.DW != 1 {
		s += fmt.Sprintf(" dilation %d×%d", w.DH, w.DW)
	}
	if w.Top != 0 || w.Left != 0 || w.Bottom != 0 || w.Right != 0 {
		s += fmt.Sprintf(" pad %d,%d,%d,%d", w.Top, w.Left, w.Bottom, w.Right)
	}
	if w.Groups != 1 {
		s += fmt.Sprintf(" groups %d", w.Groups)
	}
	return s
}
