package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// alarm checks the section; s is nil where there is none.
func (c *checker) alarm(s *grammar.Alarm) nn.Alarm {
	if s == nil {
		return nn.Alarm{}
	}
	count := c.argument(numberOf(intArg("the number of alarms", 1, 1e9-1)), s.Count, nil)
	low := 2.0
	if count.ok {
		low = count.value + 1
	}
	per := c.argument(numberOf(intArg("the number of samples", low, 1e9)), s.Per, nil)
	if !count.ok || !per.ok {
		return nn.Alarm{}
	}
	return nn.Alarm{Count: int(count.value), Per: int(per.value)}
}

// Alarm warns of a rate of alarms that a number of normal samples cannot show. At is where the rate stands in a spec, if it does.
func Alarm(rate nn.Alarm, at source.Span, samples int) []source.Diagnostic {
	if samples >= rate.Needs() {
		return nil
	}
	return []source.Diagnostic{{
		Severity: source.Warning, Code: source.RareAlarm, Span: at,
		Message: fmt.Sprintf("%s cannot show a rate of %s per %s", counted(samples, "normal sample"), shown(float64(rate.Count)), shown(float64(rate.Per))),
		Hint: fmt.Sprintf("at least %s are needed; until then the threshold is the largest score, which about 1 in %s normal samples exceeds",
			shown(float64(rate.Needs())), shown(float64(samples+1))),
	}}
}
