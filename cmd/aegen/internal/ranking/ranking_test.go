package ranking

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestKnownValues compares with what scikit-learn's roc_auc_score and average_precision_score give.
func TestKnownValues(t *testing.T) {
	for _, c := range []struct {
		scores    []float32
		anomalous []bool
		auroc, ap float64
	}{
		{[]float32{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true}, 0.75, 0.8333333333333333},
		{[]float32{1, 1, 1, 1}, []bool{false, false, true, false}, 0.5, 0.25},
		{[]float32{3, 2, 1}, []bool{true, false, false}, 1, 1},
		{[]float32{1, 2, 3}, []bool{true, false, false}, 0, 1.0 / 3},
		{[]float32{2, 2, 1, 3, 3, 0}, []bool{true, false, true, true, false, false}, 0.5555555555555556, 0.5333333333333333},
	} {
		if got := AUROC(c.scores, c.anomalous); math.Abs(got-c.auroc) > 1e-15 {
			t.Errorf("AUROC of %v: %v, want %v", c.scores, got, c.auroc)
		}
		if got := AveragePrecision(c.scores, c.anomalous); math.Abs(got-c.ap) > 1e-15 {
			t.Errorf("average precision of %v: %v, want %v", c.scores, got, c.ap)
		}
	}
}

// TestAUROCIsTheShareOfPairs counts all pairs of random scores with many ties.
func TestAUROCIsTheShareOfPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		n := 2 + r.IntN(60)
		scores, anomalous := make([]float32, n), make([]bool, n)
		for i := range scores {
			scores[i], anomalous[i] = float32(r.IntN(10)), i == 0 || i > 1 && r.IntN(3) == 0
		}
		sum, pairs := 0.0, 0.0
		for i := range scores {
			for j := range scores {
				if anomalous[i] && !anomalous[j] {
					pairs++
					if scores[i] > scores[j] {
						sum++
					} else if scores[i] == scores[j] {
						sum += 0.5
					}
				}
			}
		}
		if got := AUROC(scores, anomalous); got != sum/pairs {
			t.Fatalf("%v %v: %v, want %v", scores, anomalous, got, sum/pairs)
		}
	}
}
