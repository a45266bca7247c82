// Package codebook has the arithmetic of quantised codes: which vector of a codebook is nearest, how the codebook moves in training, and
// how the numbers of vectors are stored in as few bits as they need. A codebook is in panels of 16 vectors, [ceil(codes/16)][dim][16]float32,
// padded. Nothing is allocated but where it is said.
package codebook

import "math"

// panel is the width of a panel.
const panel = 16

// Nearest is the number of the vector at the least Euclidean distance from h, the first of equals, or -1 where no distance is finite.
// Squares are added in the order of the values.
func Nearest(h, book []float32, codes int) int {
	return nearest(float32(math.Inf(1)), -1, 0, h, book, codes)
}

// Least is Nearest where the least distances of the vectors of each lane among all full panels are known, lanes[0], and the panels that have
// them, lanes[1].
func Least(lanes *[2][panel]float32, h, book []float32, codes int) int {
	best, at := float32(math.Inf(1)), -1
	for c, sum := range &lanes[0] {
		number := int(lanes[1][c])*panel + c
		if sum < best || sum == best && number < at {
			best, at = sum, number
		}
	}
	if at >= 0 && codes%panel != 0 { // lanes round otherwise than what follows, and equal vectors have equal distances
		best = 0
		for k, v := range h {
			d := v - book[at/panel*panel*len(h)+k*panel+at%panel]
			best += d * d
		}
	}
	return nearest(best, at, codes/panel*panel, h, book, codes)
}

// nearest goes on from a vector and its distance.
func nearest(best float32, at, first int, h, book []float32, codes int) int {
	for ; first < codes; first += panel {
		var sums [panel]float32
		rows := book[first*len(h):]
		for k, v := range h {
			row := (*[panel]float32)(rows[k*panel:])
			for c, e := range row {
				d := v - e
				sums[c] += d * d
			}
		}
		for c, sum := range sums[:min(panel, codes-first)] {
			if sum < best {
				best, at = sum, first+c
			}
		}
	}
	return at
}

// Vector sets v to a vector of the codebook.
func Vector(v, book []float32, number int) {
	from := number/panel*len(v)*panel + number%panel
	for k := range v {
		v[k] = book[from+k*panel]
	}
}

// Quantize sets each group of dim values of z to the vector nearest to that of h, and numbers, if there is room, to the vectors' numbers. Where
// no distance is finite, they are NaN.
func Quantize(z, numbers, h, book []float32, dim, codes int) {
	for g := 0; g*dim < len(h); g++ {
		Put(z[g*dim:(g+1)*dim], numbers, g, Nearest(h[g*dim:(g+1)*dim], book, codes), book)
	}
}

// Put sets z to the vector of a number and numbers[g], if there is room, to the number. Both are NaN for a number below 0.
func Put(z, numbers []float32, g, number int, book []float32) {
	n := float32(number)
	if number < 0 {
		n = float32(math.NaN())
		for k := range z {
			z[k] = n
		}
	} else {
		Vector(z, book, number)
	}
	if g < len(numbers) {
		numbers[g] = n
	}
}

// Commitment is Σ(h - z)², added in order in float64.
func Commitment(h, z []float32) float64 {
	sum := 0.0
	for i, v := range h {
		d := float64(v) - float64(z[i])
		sum += d * d
	}
	return sum
}
