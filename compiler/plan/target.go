package plan

import (
	"strconv"
	"strings"
)

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
	Narrow, Wide Registers // AVX2 with FMA, and AVX-512 where the processor has it; both give the same bits
	Strip        int       // panels of a product of several samples, taken together: what wide registers hold
	Panels       int       // of a single sample's product: their accumulators hide the latency of a multiply-add
	Unroll       int       // inputs an iteration of a single sample's product
	Inputs       int       // of a weight gradient's tile
	Text         int       // bytes of text of assembly functions, estimated: what comes when they are spent runs in Go
	Small        int       // floats of weights up to which a function takes samples through the whole network
	Near         int       // bytes of weights up to which the processor's own prefetching keeps up
	Call         int       // µs of one call at most: the scheduler cannot interrupt one
	Memory       int       // bytes a µs, from memory
	Value        int       // FLOP in whose time an activation or a loss of a value is computed
}

// Registers are those of one instruction set.
type Registers struct {
	Lanes  int   // floats in one
	Strip  Sizes // samples of a tile of Strip panels, or of one panel at a time where Strip panels are too many
	Single Sizes // samples of a tile of one panel
	Whole  Sizes // samples of a tile that goes through a whole network
	Ahead  Sizes // the same where the first layer of the next tile is computed beside others: registers hold both; none if they do not
	Inputs int   // of a weight gradient's tile that are in registers at a time
	Unroll int   // inputs of a product, or samples of a gradient, an iteration: a tile of more registers needs less of it
}

// Sizes are the numbers of samples that a tile may have, the largest first; 0 ends them. The last one is 1.
type Sizes [6]int

// Next is the size of the first tile of n samples, at least one: with many samples the largest, and the last ones are shared so that
// tiles are few and none is so thin that it waits for its own sums.
func (s Sizes) Next(n int) int {
	if n >= 2*s[0] {
		return s[0]
	}
	cost, first := make([]int, n+1), make([]int, n+1)
	for m := 1; m <= n; m++ {
		for _, size := range s {
			if size == 0 || size > m {
				continue
			}
			const thin, call = 4, 1 // a tile of fewer samples takes as long, and each has its own beginning and end
			if c := cost[m-size] + max(size, thin) + call; first[m] == 0 || c < cost[m] {
				cost[m], first[m] = c, size
			}
		}
	}
	return first[n]
}

// String is the sizes in order.
func (s Sizes) String() string {
	var sizes []string
	for _, size := range s {
		if size > 0 {
			sizes = append(sizes, strconv.Itoa(size))
		}
	}
	return strings.Join(sizes, ", ")
}

// Portable is the target of Go kernels alone: eight scalar accumulators fit 16 registers beside their operands.
var Portable = Target{Name: "portable", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096,
	Rate: 4_000, Stream: 20_000, Fork: 5}

// AMD64 adds assembly functions for amd64 to the Go kernels. 16 registers of 8 floats hold 12 accumulators, two of weights and two of
// inputs; 32 registers of 16 floats hold twice as many. Times are those of AVX2: a call that takes 100 µs there is shorter with AVX-512.
var AMD64 = Target{Name: "amd64 at the rates of AVX2", Rows: 2, Cols: 4, StackBytes: 64 << 10, CacheBytes: 256 << 10, Unrolled: 4096,
	Rate: 100_000, Stream: 50_000, Fork: 5,
	Vector: Vector{
		Narrow: Registers{Lanes: 8, Strip: Sizes{6, 5, 4, 3, 2, 1}, Single: Sizes{6, 5, 4, 3, 2, 1}, Whole: Sizes{6, 4, 1}, Inputs: 6, Unroll: 4},
		Wide:   Registers{Lanes: 16, Strip: Sizes{12, 8, 4, 2, 1}, Single: Sizes{16, 8, 4, 2, 1}, Whole: Sizes{24, 8, 4, 1}, Ahead: Sizes{16, 8, 4, 1}, Inputs: 24, Unroll: 2},
		Strip:  2, Panels: 4, Unroll: 4, Inputs: 24, Text: 1 << 20, Small: 8192, Near: 4 << 20, Call: 100, Memory: 18_000, Value: 200}}
