package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/grammar/source"
)

// sizeCodes are mistakes that another size of the input may mend.
var sizeCodes = []source.Code{source.ResidualSize, source.DecoderSize, source.KernelSize, source.SkipShape, source.UnpoolPair, source.MirrorForm}

// maxTried bounds how far from the size of the input others are tried, and maxTrials the layers that are shaped in doing so.
const maxTried, maxTrials = 64, 1 << 14

// hintSizes adds to mistakes about the sizes of images which sizes of the input would fit. D is the design before its layers had sizes, and
// said how many mistakes had been reported by then.
func (c *checker) hintSizes(d *design, said int) {
	about := func(m source.Diagnostic) bool { return slices.Contains(sizeCodes, m.Code) }
	if d.input.grid.H == 0 || said > 0 && source.HasErrors(c.list[:said]) || !slices.ContainsFunc(c.list[said:], about) {
		return
	}
	fit := c.fitting(d)
	if len(fit) == 0 {
		return
	}
	word, _, _ := strings.Cut(strings.Trim(textOf(d.input.at), "`"), "(")
	var forms []string
	for _, g := range fit {
		dims := fmt.Sprintf("%d, %d", g[0], g[1])
		if d.input.line {
			dims = fmt.Sprint(g[0])
		}
		if n := d.input.grid.C; n > 1 {
			dims += fmt.Sprintf(", %d", n)
		}
		forms = append(forms, fmt.Sprintf("%s(%s)", word, dims))
	}
	text := listed(forms) + choose(len(forms) > 1, " would fit", " would fit")
	for i := range c.list[said:] {
		if m := &c.list[said+i]; about(*m) {
			if m.Hint != "" {
				m.Hint += "; "
			}
			m.Hint += text
		}
	}
}

// fitting are the sizes nearest to that of the input, one below and one above, with which no mistake is left. Rows and columns differ by
// the same number first, then each on its own.
func (c *checker) fitting(d *design) [][2]int {
	in := d.input.grid
	layers := 1 + count(d.encoder) + count(d.code.steps) + count(d.decoder.steps)
	var list [][2]int
	for _, step := range [][2]int{{1, 1}, {1, 0}, {0, 1}} {
		if in.W == 1 {
			step[1] = 0
		}
		for _, sign := range []int{-1, 1} {
			for by := 1; by <= min(maxTried, maxTrials/layers/6); by++ {
				h, w := in.H+sign*by*step[0], in.W+sign*by*step[1]
				if h < 1 || w < 1 || step[0]+step[1] == 0 {
					break
				}
				if c.wouldFit(d, h, w) {
					list = append(list, [2]int{h, w})
					break
				}
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// wouldFit reports whether the layers have their sizes for an input of h rows of w positions. A target of the input's size goes with it.
func (c *checker) wouldFit(d *design, h, w int) bool {
	other, old := *d, d.input.grid
	if other.input.grid.H, other.input.grid.W = h, w; float64(h)*float64(w)*float64(old.C) > maxWidth {
		return false
	}
	other.input.size = other.input.grid.Len()
	if t := &other.target; t.grid.H == old.H && t.grid.W == old.W {
		t.grid.H, t.grid.W = h, w
		t.size = t.grid.Len()
	}
	trial := newChecker(c.file)
	trial.names, trial.skips = c.names, c.skips
	trial.sizes(&other, d.encoder)
	return !source.HasErrors(trial.list)
}
