package topk

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLists compares the lists with a search through all uses.
func TestLists(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	const places, samples, kept = 53, 20, 6
	l := NewLists(places, samples*kept)
	for range 3 {
		var all []Use
		for s := range uint32(samples) {
			for j := range uint32(r.IntN(kept + 1)) {
				all = append(all, Use{s, j, uint32(r.IntN(places))})
			}
		}
		l.Begin()
		for _, u := range all {
			l.Count(u.Place)
		}
		l.Counted()
		for _, u := range all {
			l.Add(u)
		}
		for p := range (places + Panel - 1) / Panel {
			want := slices.DeleteFunc(slices.Clone(all), func(u Use) bool { return int(u.Place)/Panel != p })
			if got := l.Of(p); !slices.Equal(got, want) {
				t.Errorf("panel %d: %v, want %v", p, got, want)
			}
		}
	}
}
