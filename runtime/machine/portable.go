package machine

import "math"

// line is the floats that read takes at a time.
const line = 64

// portableLanes is the independent numbers of portableMultiplyAdd: more than a processor has under way.
const portableLanes = 12

// portableMultiplyAdd is multiplyAdd without assembly.
func portableMultiplyAdd(n int) float32 {
	const half = float32(0.5)
	var a, b, c, d, e, f, g, h, i, j, k, l float32
	for range n {
		a, b, c, d = a*half+half, b*half+half, c*half+half, d*half+half
		e, f, g, h = e*half+half, f*half+half, g*half+half, h*half+half
		i, j, k, l = i*half+half, j*half+half, k*half+half, l*half+half
	}
	return a + b + c + d + e + f + g + h + i + j + k + l
}

// portableRead is read without assembly.
func portableRead(x []float32, times int) uint32 {
	var a, b, c, d uint32
	for range times {
		for i := 3; i < len(x); i += 4 {
			a ^= math.Float32bits(x[i-3])
			b ^= math.Float32bits(x[i-2])
			c ^= math.Float32bits(x[i-1])
			d ^= math.Float32bits(x[i])
		}
	}
	return a ^ b ^ c ^ d
}
