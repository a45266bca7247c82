package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// shapeConv gives a convolution its window. It reports whether it has one.
func (c *checker) shapeConv(s conv, now flow) (conv, flow, bool) {
	if now.size == 0 || s.channels < 1 {
		return s, now.lost(s.at), false
	}
	if !c.wantGrid(now, s.at) || !c.checkGroups(s, now) {
		return s, now.lost(s.at), false
	}
	along := axis{k: s.kernel, stride: s.stride, dilation: s.dilation, before: s.pad, behind: s.pad, transposed: s.deconv}
	reach := nn.Reach(s.kernel, s.dilation)
	if s.pad == samePad {
		along.automatic = true
		along.before = (reach - 1) / 2
		along.behind = reach - 1 - along.before
	} else if !c.checkPad(s.pad, reach, s.at) {
		return s, now.lost(s.at), false
	}
	rows, columns := axesOf(now.grid, now.line, along)
	after := nn.Grid{H: rows.after(), W: columns.after(), C: s.channels}
	if !c.checkPlaces(rows, columns, now, s.at) || c.tooLarge(after, s.at) {
		return s, now.lost(s.at), false
	}
	w := nn.Window{
		In: now.grid, Out: after, KH: rows.k, KW: columns.k, SH: rows.stride, SW: columns.stride, DH: rows.dilation, DW: columns.dilation,
		Top: rows.before, Bottom: rows.behind, Left: columns.before, Right: columns.behind, Groups: s.groups,
	}
	if s.deconv {
		w.In, w.Out = w.Out, w.In
	}
	s.window = w
	return s, now.through(after, axesText(rows, columns, now.line), s.at), true
}

// checkGroups sees that channels divide into groups.
func (c *checker) checkGroups(s conv, now flow) bool {
	wrong, what := s.channels, "that it makes"
	if now.grid.C%s.groups != 0 {
		wrong, what = now.grid.C, "that enter it"
	}
	if wrong%s.groups == 0 {
		return true
	}
	c.add(source.Diagnostic{
		Code: source.GroupSize, Span: s.at, Message: fmt.Sprintf("%s do not divide into %s", counted(wrong, "channel"), counted(s.groups, "group")),
		Expected: fmt.Sprintf("a divisor of %d, the channels %s", wrong, what), Found: shown(float64(s.groups)),
		Hint:    "as many groups as channels enter is a kernel for each channel of its own",
		Related: []source.Related{{Span: now.at, Message: fmt.Sprintf("%s makes %s", now.by, now.shaped())}},
	})
	return false
}

// checkPad sees that a kernel never lies in the padding alone.
func (c *checker) checkPad(pad, reach int, at source.Span) bool {
	if pad < reach {
		return true
	}
	c.add(source.Diagnostic{
		Code: source.OutOfRange, Span: at, Message: fmt.Sprintf("pad must be less than %d, what the kernel spans", reach), Found: shown(float64(pad)),
		Expected: fmt.Sprintf("at most %d", reach-1), Hint: "farther out, a kernel would see padding alone",
	})
	return false
}

// checkPlaces sees that a kernel has a place in the image.
func (c *checker) checkPlaces(rows, columns axis, now flow, at source.Span) bool {
	wrong := rows
	if rows.after() > 0 {
		wrong = columns
	}
	if wrong.after() > 0 {
		return true
	}
	reach := nn.Reach(wrong.k, wrong.dilation)
	d := source.Diagnostic{
		Code: source.KernelSize, Span: at, Message: fmt.Sprintf("%s has no place in %s: %s", textOf(at), now.shaped(), wrong.arithmetic()),
		Expected: fmt.Sprintf("at least %s, or a smaller kernel", counted(reach-wrong.before-wrong.behind, "position")), Found: fmt.Sprint(wrong.n),
		Hint: "without `pad` the padding keeps the size at stride 1", Related: now.history(),
	}
	if wrong.transposed {
		d.Message = fmt.Sprintf("%s leaves nothing of %s: %s", textOf(at), now.shaped(), wrong.arithmetic())
		d.Expected, d.Found, d.Hint = "", "", "choose a smaller `pad`; without one the result is `stride` times as large"
	}
	c.add(d)
	return false
}
