package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// shaped says what flows: "784 values", "14×14×16".
func (f flow) shaped() string {
	if f.grid.H > 0 {
		return f.grid.String()
	}
	return values(f.size)
}

// through is what a layer of images makes of a flow.
func (f flow) through(grid nn.Grid, how string, at source.Span) flow {
	return flow{size: grid.Len(), grid: grid, line: f.line, how: how, by: textOf(at), at: at, before: &f}
}

// lost is a flow of unknown size, behind a mistake.
func (f flow) lost(at source.Span) flow { return flow{by: textOf(at), at: at, line: f.line} }

// fits reports whether values of one can stand beside those of the other, one by one.
func (f flow) fits(g flow) bool {
	return f.size == g.size && (f.grid.H == 0 || g.grid.H == 0 || f.grid == g.grid)
}

// maxTold bounds how many layers a message tells the sizes of.
const maxTold = 6

// history tells the layers that made a flow the size it is, the last first, each with its arithmetic.
func (f flow) history() []source.Related {
	var list []source.Related
	for now := &f; now != nil && len(list) < maxTold; now = now.before {
		text := fmt.Sprintf("%s makes %s", now.by, now.shaped())
		switch {
		case now.before == nil && now.grid.H > 0 && now.how == "":
			text = fmt.Sprintf("%s is %s", now.by, now.shaped())
		case now.how != "":
			text += ": " + now.how
		}
		list = append(list, source.Related{Span: now.at, Message: text})
	}
	return list
}

// An axis is how a kernel goes along the rows or the columns of an image.
type axis struct {
	n                     int // positions before
	k, stride, dilation   int
	before, behind        int // padding
	transposed, automatic bool
}

// after is the number of positions behind the layer: less than 1 where there are none.
func (a axis) after() int {
	switch {
	case !a.transposed:
		return nn.Covered(a.n, a.before, a.behind, a.k, a.stride, a.dilation)
	case a.automatic:
		return a.n * a.stride
	}
	return (a.n-1)*a.stride + nn.Reach(a.k, a.dilation) - a.before - a.behind
}

// arithmetic shows how after follows: "(29 + 2·1 − 3)/2 + 1 = 15".
func (a axis) arithmetic() string {
	reach, pad, inverse := nn.Reach(a.k, a.dilation), a.padding(" + "), a.padding(" − ")
	if a.transposed {
		if a.automatic {
			return fmt.Sprintf("%d·%d = %d", a.n, a.stride, a.after())
		}
		return fmt.Sprintf("(%d − 1)·%d + %d%s = %s", a.n, a.stride, reach, inverse, signed(a.after()))
	}
	if a.stride == 1 {
		return fmt.Sprintf("%d%s − %d + 1 = %s", a.n, pad, reach, signed(a.room()+1))
	}
	text := fmt.Sprintf("(%d%s − %d)/%d + 1 = ", a.n, pad, reach, a.stride)
	if room := a.room(); room < 0 || room%a.stride != 0 {
		exact := strconv.FormatFloat(float64(room)/float64(a.stride)+1, 'f', -1, 64)
		if whole, fraction, _ := strings.Cut(exact, "."); len(fraction) > 2 {
			exact = whole + "." + fraction[:2] + "…"
		}
		if room < 0 {
			return text + withMinus(exact)
		}
		return fmt.Sprintf("%s%s, rounded down to %d", text, exact, a.after())
	}
	return text + strconv.Itoa(a.after())
}

// withMinus is a number with a minus sign.
func withMinus(number string) string { return strings.Replace(number, "-", "−", 1) }

func signed(n int) string { return withMinus(strconv.Itoa(n)) }

// room is how far the kernel can move.
func (a axis) room() int { return a.n + a.before + a.behind - nn.Reach(a.k, a.dilation) }

// padding shows the padding of both sides behind a sign: " + 2·1", " + 1 + 2", or nothing.
func (a axis) padding(sign string) string {
	switch {
	case a.before == 0 && a.behind == 0:
		return ""
	case a.before == a.behind:
		return fmt.Sprintf("%s2·%d", sign, a.before)
	}
	return fmt.Sprintf("%s%d%s%d", sign, a.before, sign, a.behind)
}

// axesText shows the arithmetic of an image: once where rows and columns agree, and of a sequence that of its length.
func axesText(rows, columns axis, line bool) string {
	if r, c := rows.arithmetic(), columns.arithmetic(); !line && r != c {
		return "rows " + r + ", columns " + c
	}
	return rows.arithmetic()
}

// axesOf are the rows and the columns of a grid under a kernel. A kernel goes along the steps of a sequence alone.
func axesOf(g nn.Grid, line bool, along axis) (rows, columns axis) {
	rows, columns = along, along
	rows.n, columns.n = g.H, g.W
	if line {
		columns = axis{n: g.W, k: 1, stride: 1, dilation: 1, transposed: along.transposed, automatic: along.automatic}
	}
	return rows, columns
}

// wantGrid reports a layer of images where values have no places.
func (c *checker) wantGrid(now flow, at source.Span) bool {
	if now.grid.H > 0 {
		return true
	}
	d := source.Diagnostic{
		Code: source.NoImage, Span: at, Message: fmt.Sprintf("%s needs an image or a sequence", textOf(at)),
		Expected: "values with places, as of `image(28, 28)` or `sequence(100, 3)`", Found: fmt.Sprintf("%s, made by %s", values(now.size), now.by),
		Related: []source.Related{{Span: now.at, Message: fmt.Sprintf("%s makes %s", now.by, values(now.size))}},
	}
	switch g := c.lastGrid; {
	case !now.made:
		d.Hint = "write the input as `image(height, width)` or `sequence(steps, values)`; `dense` takes any values"
	case g.Len() == now.size:
		d.Hint = fmt.Sprintf("write `unflatten(%d, %d, %d)` before it", g.H, g.W, g.C)
	default:
		d.Hint = "write `unflatten(height, width, channels)` before it"
	}
	c.add(d)
	return false
}

// tooLarge reports an image of more values than a layer may have.
func (c *checker) tooLarge(g nn.Grid, at source.Span) bool {
	if float64(g.H)*float64(g.W)*float64(g.C) <= maxWidth {
		return false
	}
	c.add(source.Diagnostic{
		Code: source.OutOfRange, Span: at, Message: fmt.Sprintf("%s makes too many values", textOf(at)),
		Expected: "at most " + shown(maxWidth), Found: g.String(),
	})
	return true
}
