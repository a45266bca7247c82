//go:build !purego

package machine

import "github.com/aegen/aegen/runtime/cpu"

// lanes is the number of independent numbers of multiplyAdd.
func lanes() int {
	switch {
	case cpu.AVX512:
		return 24 * 16
	case cpu.AVX2:
		return 12 * 8
	}
	return portableLanes
}

// multiplyAdd takes lanes numbers n times from x to x/2 + 1/2, from 0, and returns their sum: lanes·(1 - 2⁻ⁿ).
func multiplyAdd(n int) float32 {
	switch {
	case cpu.AVX512:
		return multiplyAdd512(n)
	case cpu.AVX2:
		return multiplyAdd256(n)
	}
	return portableMultiplyAdd(n)
}

// read goes over x so many times and returns the exclusive or of all it has read. The length of x is a multiple of line.
func read(x []float32, times int) uint32 {
	switch {
	case len(x) == 0 || times == 0:
		return 0
	case cpu.AVX512:
		return read512(&x[0], len(x)/line, times)
	case cpu.AVX2:
		return read256(&x[0], len(x)/line, times)
	}
	return portableRead(x, times)
}

// multiplyAdd256 is multiplyAdd with AVX2 and FMA, 12 registers of 8 numbers.
func multiplyAdd256(n int) float32

// multiplyAdd512 is multiplyAdd with AVX-512, 24 registers of 16 numbers.
func multiplyAdd512(n int) float32

// read256 is read with AVX2, of at least one line, at least once.
//
//go:noescape
func read256(x *float32, lines, times int) uint32

// read512 is read256 with AVX-512.
//
//go:noescape
func read512(x *float32, lines, times int) uint32
