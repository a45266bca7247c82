// Package ranking judges how well scores tell anomalous samples from normal ones.
package ranking

import (
	"cmp"
	"slices"
)

// A group is the samples of one score.
type group struct{ anomalous, normal int }

// groups are the samples by their scores, the highest first.
func groups(scores []float32, anomalous []bool) []group {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(scores[j], scores[i]) })
	var list []group
	for k, i := range order {
		if k == 0 || scores[i] != scores[order[k-1]] {
			list = append(list, group{})
		}
		if g := &list[len(list)-1]; anomalous[i] {
			g.anomalous++
		} else {
			g.normal++
		}
	}
	return list
}

// AUROC is the area under the receiver operating characteristic: the share of pairs of an anomalous and a normal sample of which the anomalous one scores
// higher, a pair of equal scores counted half [Mann and Whitney 1947; Hanley and McNeil 1982]. There must be samples of both kinds.
func AUROC(scores []float32, anomalous []bool) float64 {
	halves, above, below := 0, 0, 0 // half pairs; samples of higher scores
	for _, g := range groups(scores, anomalous) {
		halves += g.normal * (2*above + g.anomalous)
		above += g.anomalous
		below += g.normal
	}
	return float64(halves) / (2 * float64(above) * float64(below))
}

// AveragePrecision is the area under the steps of precision over recall, Σ (Rₖ - Rₖ₋₁)·Pₖ over the different scores from the highest down: of the
// samples that score at least the k-th, Pₖ is the share that is anomalous, and Rₖ their share of all anomalous ones. Between two steps nothing is
// interpolated, which would be too good [Davis and Goadrich 2006]. There must be an anomalous sample.
func AveragePrecision(scores []float32, anomalous []bool) float64 {
	sum, found, seen := 0.0, 0, 0
	for _, g := range groups(scores, anomalous) {
		found += g.anomalous
		seen += g.anomalous + g.normal
		sum += float64(g.anomalous) * float64(found) / float64(seen)
	}
	return sum / float64(found)
}
