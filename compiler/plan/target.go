package plan

// A Target is what lower assumes of a machine.
type Target struct {
	Name       string
	Rows, Cols int // of a product's tile: what the registers hold
	StackBytes int // an arena up to this size lives on the stack
	CacheBytes int // a chunk's activations should fit in this
	Unrolled   int // code budget: multiply-adds that may be printed without a loop, a package
}

// Portable is the target of the Go kernels: eight scalar accumulators fit 16 registers beside their operands.
var Portable = Target{Name: "portable", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096}
