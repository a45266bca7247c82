package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// split is how a loop is shared between workers, as Go source.
func split(s plan.Split) string {
	text := fmt.Sprintf("parallel.Split{Task: %d", s.Task)
	if s.Fork > s.Task {
		text += fmt.Sprintf(", Fork: %d", s.Fork)
	}
	if s.Most > 0 {
		text += fmt.Sprintf(", Most: %d", s.Most)
	}
	return text + "}"
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
