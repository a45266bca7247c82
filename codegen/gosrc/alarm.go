package gosrc

import "github.com/aegen/aegen/compiler/nn"

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
	Unit   string // of scores
	Format string // of reduced weights, or ""
}

func (g *generator) alarmTest() alarmTest {
	return alarmTest{header: g.header(), Alarm: g.alarm(), Unit: g.p.Loss.Unit(), Format: g.model().Format}
}
