package plan

// A Target is what lower assumes of a machine.
type Target struct {
	Name       string
	Rows, Cols int // of a Go product's tile: what the registers hold
	StackBytes int // an arena up to this size lives on the stack
	CacheBytes int // a chunk's activations should fit in this
	Unrolled   int // code budget: multiply-adds that may be printed without a loop, a package
	Vector     Vector
}

// Vector is what assembly functions assume. The zero Vector has none.
type Vector struct {
	Rows   int // samples of a product's tile, 16 outputs wide: two accumulators each
	Panels int // of a single sample's product: two accumulators each
	Unroll int // inputs an iteration
	Gather int // samples whose part of a panel is gathered for a weight gradient
	Near   int // bytes of weights up to which the processor's own prefetching keeps up
	FLOPs  int // of one call: the scheduler cannot interrupt one, and 5 million take about 50 µs
}

// Portable is the target of Go kernels alone: eight scalar accumulators fit 16 registers beside their operands.
var Portable = Target{Name: "portable", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096}

// AVX2 adds assembly functions for amd64 with AVX2 and FMA to the Go kernels: 16 registers of 8 floats hold 12 accumulators,
// two of weights and two of inputs.
var AVX2 = Target{Name: "avx2", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096,
	Vector: Vector{Rows: 6, Panels: 4, Unroll: 4, Gather: 256, Near: 4 << 20, FLOPs: 5_000_000}}
