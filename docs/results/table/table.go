package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// most is the relative difference up to which losses agree.
const most = 0.01

// agree returns an error unless the losses of each epoch agree.
func (m model) agree() error {
	for i, a := range m.aegen {
		if p := m.pytorch[i]; !(math.Abs(difference(a, p)) <= most) {
			return fmt.Errorf("epoch %d: loss %g, PyTorch %g: more than %g %% apart", i+1, a.Loss, p.Loss, 100*most)
		}
	}
	return nil
}

// difference is that of the losses, relative to PyTorch's.
func difference(aegen, pytorch epoch) float64 { return aegen.Loss/pytorch.Loss - 1 }

// markdown is a table of epochs for each model, with what disturbed it, and a table of the held-out errors.
func markdown(models []model) string {
	var b strings.Builder
	for _, m := range models {
		b.WriteString(m.epochs() + "\n" + m.others.String() + "\n")
	}
	return b.String() + heldOut(models)
}

// quiet is the share of a core, in %, up to which other processes leave times that mean something.
const quiet = 20

func (s shares) disturbed() bool { return max(s.Aegen, s.PyTorch) > quiet }

func (s shares) String() string {
	text := fmt.Sprintf("Other processes took %.0f %% of a core beside aegen, %.0f %% beside PyTorch", s.Aegen, s.PyTorch)
	if s.disturbed() {
		return text + ": too much for times.\n"
	}
	return text + ".\n"
}

// epochs is a model's table. Its last row has the median times.
func (m model) epochs() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s.ae, epoch | loss | PyTorch | difference | seconds | PyTorch | ratio |\n", m.name)
	b.WriteString("| --- | --: | --: | --: | --: | --: | --: |\n")
	for i, a := range m.aegen {
		p := m.pytorch[i]
		fmt.Fprintf(&b, "| %d | %.3f | %.3f | %+.3f %% | %s\n", i+1, a.Loss, p.Loss, 100*difference(a, p), m.times(a.Seconds, p.Seconds))
	}
	fmt.Fprintf(&b, "| median | | | | %s\n", m.times(median(m.aegen), median(m.pytorch)))
	return b.String()
}

// times are the last three cells of a row: empty if the runs were disturbed.
func (m model) times(aegen, pytorch float64) string {
	if m.others.disturbed() {
		return "| | |"
	}
	return fmt.Sprintf("%.2f | %.2f | %.2f |", aegen, pytorch, aegen/pytorch)
}

// median is the middle of the epochs' seconds, the upper one of two.
func median(epochs []epoch) float64 {
	var seconds []float64
	for _, e := range epochs {
		seconds = append(seconds, e.Seconds)
	}
	slices.Sort(seconds)
	return seconds[len(seconds)/2]
}

func heldOut(models []model) string {
	var b strings.Builder
	b.WriteString("| | held-out samples | numbers a code | sse | PyTorch | exact PCA |\n| --- | --: | --: | --: | --: | --: |\n")
	for _, m := range models {
		fmt.Fprintf(&b, "| %s.ae | %d | %d | %.3f | %.3f | %.3f |\n", m.name, m.samples, m.code, m.sse.aegen, m.sse.pytorch, m.sse.pca)
	}
	return b.String()
}
