package alarm

import "math"

// Settle changes the parts of a score by what rounding makes of them, so that they sum to it exactly: added in order in float64 and
// rounded to float32, they are the score, bit for bit. The difference is shared in proportion to the parts' magnitudes, and what
// rounding leaves of it goes to the largest. Parts of a score that is not finite stay as they are. Parts that cancel to less than 2⁻²⁸ of their
// magnitude cannot hold to this.
func Settle(parts []float64, score float32) {
	total, size, largest := 0.0, 0.0, 0
	for i, v := range parts {
		total += v
		size += math.Abs(v)
		if math.Abs(v) > math.Abs(parts[largest]) {
			largest = i
		}
	}
	rest := float64(score) - total
	if rest-rest != 0 || len(parts) == 0 { // infinite or not a number
		return
	}
	if size > 0 {
		for i, v := range parts {
			parts[i] = v + rest*(math.Abs(v)/size)
		}
	}
	for range 4 {
		total = 0
		for _, v := range parts {
			total += v
		}
		if float32(total) == score {
			return
		}
		parts[largest] += float64(score) - total
	}
}
