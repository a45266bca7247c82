package nn

import "fmt"

// An Alarm is a rate of alarms on normal samples: Count in Per. The zero Alarm is none.
type Alarm struct{ Count, Per int }

// String is the rate as a spec says it, without grouping of digits: "1 per 10000".
func (a Alarm) String() string { return fmt.Sprintf("%d per %d", a.Count, a.Per) }

// Needs is the least number of samples that the threshold for the rate can be taken from, ⌈1/α⌉ - 1: with fewer, the rank
// ⌈(n+1)(1-α)⌉ of the threshold among the n scores is above n.
func (a Alarm) Needs() int { return (a.Per+a.Count-1)/a.Count - 1 }

// Unit is what the scores of a loss are measured in.
func (l Loss) Unit() string {
	if l.Likelihood == MSE {
		return "mean squared error"
	}
	return "nats"
}
