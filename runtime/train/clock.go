package train

import "time"

// pace is the least time between two Progress events.
const pace = 200 * time.Millisecond

// A clock measures the speed of a run. Nothing that is computed depends on it.
type clock struct {
	began, told time.Time
	samples     int
}

func (c *clock) start() { c.began, c.told = time.Now(), time.Now() }

func (c *clock) count(samples int) { c.samples += samples }

// due reports whether an event may come, and then takes it as told.
func (c *clock) due() bool {
	if now := time.Now(); now.Sub(c.told) >= pace {
		c.told = now
		return true
	}
	return false
}

func (c *clock) seconds() float64 { return time.Since(c.began).Seconds() }

// speed is samples a second since the start.
func (c *clock) speed() float64 { return float64(c.samples) / max(c.seconds(), 1e-9) }

// left is the seconds that so many samples take at the speed so far.
func (c *clock) left(samples int) float64 { return float64(samples) / max(c.speed(), 1e-9) }
