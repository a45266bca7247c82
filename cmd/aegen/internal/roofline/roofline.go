// Package roofline holds measured times against what the machine does at most: Williams, Waterman and Patterson, Roofline:
// An Insightful Visual Performance Model for Multicore Architectures, 2009.
package roofline

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
)

// A Line is one measurement, as it is printed as JSON. Up to N, it is what other programs print of their measurements.
type Line struct {
	Peer  string `json:"peer"`
	Model string `json:"model"`
	job.Measured
	GFLOPS         float64 `json:"gflops"` // of the model's arithmetic
	PeakShare      float64 `json:"peak_share"`
	Bandwidth      float64 `json:"bandwidth,omitempty"` // GB/s of weights read, for a single sample
	BandwidthShare float64 `json:"bandwidth_share,omitempty"`
	Roofline       float64 `json:"roofline_us"` // the least time: of the arithmetic at the peak or of reading the weights once
	Kernels        string  `json:"kernels"`     // "AVX-512", "AVX2" or "portable"
}

// New holds a measurement of a program against the machine's figures for as many threads.
func New(p *plan.Program, machine job.Machine, m job.Measured) Line {
	peer := "aegen"
	if f := p.Precision.Format; f != plan.Float32 {
		peer += "-" + f.String()
	}
	l := Line{Peer: peer, Model: strings.ToLower(p.Name), Measured: m, Kernels: Kernels(p, machine)}
	flops, bytes := float64(m.Batch*arithmetic(p, m.Mode)), float64(WeightBytes(p))
	seconds := m.Median / 1e6
	l.GFLOPS, l.PeakShare = flops/seconds/1e9, flops/seconds/machine.Peak
	if m.Mode == "infer" && m.Batch == 1 {
		l.Bandwidth, l.BandwidthShare = bytes/seconds/1e9, bytes/seconds/machine.Read
	}
	l.Roofline = 1e6 * max(flops/machine.Peak, bytes/machine.Read)
	for _, v := range []*float64{&l.Median, &l.Min, &l.GFLOPS, &l.PeakShare, &l.Bandwidth, &l.BandwidthShare, &l.Roofline} {
		*v = rounded(*v)
	}
	return l
}

// Kernels says how the program's kernels run on a machine.
func Kernels(p *plan.Program, machine job.Machine) string {
	switch {
	case !machine.AVX2 || len(p.Functions) == 0:
		return "portable"
	case machine.AVX512:
		return "AVX-512"
	}
	return "AVX2"
}

// arithmetic is the operations of one sample, a multiply-add counted as two.
func arithmetic(p *plan.Program, mode string) int {
	steps, n := reconstruct(p).Steps, 0
	if mode == "train" {
		steps = p.Train.Steps()
		for _, u := range p.Train.Updates {
			n += u.Cost.FLOPs
		}
	}
	for _, s := range steps {
		n += s.Cost.FLOPs
	}
	return n
}

// WeightBytes is what a reconstruction reads of weights.
func WeightBytes(p *plan.Program) int {
	n := 0
	for _, s := range reconstruct(p).Steps {
		n += s.Cost.Weights
	}
	return n
}

func reconstruct(p *plan.Program) *plan.Routine {
	for _, r := range p.Routines {
		if r.Name == "Reconstruct" {
			return r
		}
	}
	panic(fmt.Sprintf("internal error: %s has no routine Reconstruct", p.Name))
}

// rounded keeps six digits.
func rounded(v float64) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		panic(fmt.Sprintf("internal error: a measurement of %v", v))
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	return v
}
