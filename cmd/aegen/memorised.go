package main

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/check"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/job"
)

// canMemorise reports whether a model's decoder has a weight for each number of so many samples.
func canMemorise(m *ir.Model, samples int) bool {
	return slices.ContainsFunc(check.Capacity(m, samples), func(d source.Diagnostic) bool { return d.Code == source.Memorising })
}

// memorised says, where it is so, that the training loss has fallen and the validation loss has not, and why.
func (t *training) memorised(r *job.Trained) {
	m := r.Memorised
	if m == nil {
		return
	}
	who, why := "the model", "it has more freedom than the samples take away"
	if t.roomy {
		who, why = "the decoder", "it is large enough to memorise the data, and then a code need be no more than the number of a sample"
	}
	advice := "choose smaller widths, add samples, or write `stop early` in `train`"
	if r.Kept < r.Epochs {
		advice = fmt.Sprintf("the weights of epoch %d are kept; smaller widths or more samples may take them further", r.Kept)
	}
	t.line.Say("%s memorises the data: the training loss has fallen to %.6g, and the validation loss is %.6g, which was lower after epoch %d: %.6g\n%s; %s",
		who, m.Training, m.Validation, m.LowestEpoch, m.Lowest, why, advice)
}
