package plan

// A Target is what lower assumes of a machine.
type Target struct {
	Name       string
	Rows, Cols int // of a Go product's tile: what the registers hold
	StackBytes int // an arena up to this size lives on the stack
	CacheBytes int // a chunk's activations should fit in this
	Unrolled   int // code budget: multiply-adds that may be printed without a loop, a package
	Rate       int // FLOP a µs of one core at its best, to estimate times by
	Stream     int // bytes of weights a µs, from a cache
	Fork       int // µs of work that make a worker worth waking: that takes 1 where it spins, 5 to 50 where it has parked
	Vector     Vector
}

// Vector is what assembly functions assume. The zero Vector has none.
type Vector struct {
	Rows   int // samples of a product's tile, 16 outputs wide: two accumulators each
	Panels int // of a single sample's product: two accumulators each
	Unroll int // inputs an iteration
	Gather int // samples whose part of a panel is gathered for a weight gradient
	Near   int // bytes of weights up to which the processor's own prefetching keeps up
	Call   int // µs of one call at most: the scheduler cannot interrupt one
	Memory int // bytes a µs, from memory
	Value  int // FLOP in whose time an activation or a loss of a value is computed
}

// Portable is the target of Go kernels alone: eight scalar accumulators fit 16 registers beside their operands.
var Portable = Target{Name: "portable", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096,
	Rate: 4_000, Stream: 20_000, Fork: 5}

// AVX2 adds assembly functions for amd64 with AVX2 and FMA to the Go kernels: 16 registers of 8 floats hold 12 accumulators,
// two of weights and two of inputs.
var AVX2 = Target{Name: "avx2", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096,
	Rate: 100_000, Stream: 50_000, Fork: 5,
	Vector: Vector{Rows: 6, Panels: 4, Unroll: 4, Gather: 256, Near: 4 << 20, Call: 100, Memory: 18_000, Value: 200}}
