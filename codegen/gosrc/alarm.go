package gosrc

import (
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// alarm is the rate of alarms that the spec asks for, or nil.
func (g *generator) alarm() *nn.Alarm {
	if g.p.Alarm == (nn.Alarm{}) {
		return nil
	}
	return &g.p.Alarm
}

// alarmTest is what the template of the test of alarms shows.
type alarmTest struct {
	header
	Alarm  *nn.Alarm
	Unit   string   // of scores
	Format string   // of reduced weights, or ""
	Fields []field  // of a record
	Parts  []string // the first contributions of samples, as Go source, where a score has any
}

func (g *generator) alarmTest() alarmTest {
	t := alarmTest{header: g.header(), Alarm: g.alarm(), Unit: g.p.Loss.Unit(), Format: g.model().Format}
	if g.p.Record != nil {
		t.Fields = g.record().Fields
	}
	if v := g.p.Vectors; g.p.Explain != nil {
		for s := range plan.Samples {
			t.Parts = append(t.Parts, numbers(v.Contributions[s*v.OutKept:(s+1)*v.OutKept]))
		}
	}
	return t
}
