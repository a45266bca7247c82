package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// split is how a loop is shared between workers, as Go source.
func split(s plan.Split) string {
	if s.Fork <= s.Task {
		return fmt.Sprintf("parallel.Split{Task: %d}", s.Task)
	}
	return fmt.Sprintf("parallel.Split{Task: %d, Fork: %d}", s.Task, s.Fork)
}

// teamTest is what the template of the team's test shows.
type teamTest struct {
	header
	Shared int // samples of a batch that every batch form shares between workers
}

func (g *generator) teamTest() teamTest {
	t := teamTest{header: g.header(), Shared: 128}
	for _, r := range g.p.Routines {
		t.Shared = max(t.Shared, r.Split.Fork, r.Split.Task+1)
	}
	return t
}
