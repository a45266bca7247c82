// Package alarm decides from scores which samples are anomalous: a threshold calibrated on normal samples, what is known of the rate
// of its alarms, and a counter that says when scores have drifted away from the calibrated ones.
package alarm

import (
	"fmt"
	"math/bits"
	"strconv"
)

// A Rate is how many of so many normal samples may raise an alarm: 1 per 10_000. Both are at least 1, and Alarms is less than Per.
type Rate struct {
	Alarms int `json:"alarms"`
	Per    int `json:"per"`
}

// Value is the rate as a number between 0 and 1.
func (r Rate) Value() float64 { return float64(r.Alarms) / float64(r.Per) }

// String is the rate as a spec says it: "1 per 10_000".
func (r Rate) String() string { return grouped(r.Alarms) + " per " + grouped(r.Per) }

// Check returns an error unless the rate lies between 0 and 1.
func (r Rate) Check() error {
	if r.Alarms < 1 || r.Per <= r.Alarms {
		return fmt.Errorf("alarm: a rate of at least 1 alarm per more than so many samples expected, %v found", r)
	}
	return nil
}

// Needs is the least number of calibration samples that supports the rate: n ≥ 1/α - 1.
func (r Rate) Needs() int { return (r.Per+r.Alarms-1)/r.Alarms - 1 }

// rank is k = ⌈(n+1)(1-α)⌉ = n + 1 - ⌊(n+1)α⌋ in whole numbers.
func (r Rate) rank(n int) int {
	high, low := bits.Mul64(uint64(n)+1, uint64(r.Alarms))
	quotient, _ := bits.Div64(high, low, uint64(r.Per))
	return n + 1 - int(quotient)
}

// grouped writes a number with `_` between its thousands where it has five digits or more, as specs do.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	if len(digits) >= 5 {
		for i := len(digits) - 3; i > 0; i -= 3 {
			digits = digits[:i] + "_" + digits[i:]
		}
	}
	return digits
}
