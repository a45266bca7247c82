package random

// sampling is the stream of a Source. Training takes those below.
const sampling = 1 << 40

// A Source gives random numbers one after the other. It is for one goroutine at a time, allocates nothing, and may be copied: a copy gives
// the same numbers. The same seed gives the same numbers everywhere.
type Source struct {
	key  uint64
	next int
}

// NewSource returns the source of a seed.
func NewSource(seed uint64) *Source { return &Source{key: Key(seed, sampling)} }

// bits are the next 32 bits.
func (s *Source) bits() int32 {
	b := Bits(s.key, s.next)
	s.next++
	return b
}

// Normal returns a number from the normal distribution with mean 0 and deviation 1.
func (s *Source) Normal() float32 { return float32(Normal(s.bits())) }

// Uniform returns a number uniform in [0, 1), a multiple of 2⁻²⁴.
func (s *Source) Uniform() float32 { return float32(uint32(s.bits())>>8) / (1 << 24) }
