package weights

import "fmt"

// panel is the width of a panel: 16 floats are a cache line and two AVX2 registers.
const panel = 16

// Pack fills panels, [ceil(out/16)][rows][16], from weight [out, in] and bias [out], each row-major.
// Panel p holds outputs 16p to 16p+15. Its first row is the bias, and row 1+k is input k; without a bias (nil) row k is.
// Columns beyond out become 0. It panics if the lengths do not fit.
func Pack(panels, weight, bias []float32, in, out int) {
	rows, first := check(panels, weight, bias, in, out)
	for p := 0; p*panel < out; p++ {
		block := panels[p*rows*panel : (p+1)*rows*panel]
		clear(block)
		for c := range min(panel, out-p*panel) {
			o := p*panel + c
			if bias != nil {
				block[c] = bias[o]
			}
			for k, v := range weight[o*in : (o+1)*in] {
				block[(first+k)*panel+c] = v
			}
		}
	}
}

// Unpack is the inverse of Pack. With a nil bias the panels must have no row for it.
func Unpack(weight, bias, panels []float32, in, out int) {
	rows, first := check(panels, weight, bias, in, out)
	for o := range out {
		block, c := panels[o/panel*rows*panel:], o%panel
		if bias != nil {
			bias[o] = block[c]
		}
		for k := range in {
			weight[o*in+k] = block[(first+k)*panel+c]
		}
	}
}

// check returns the rows of a panel and the row of input 0.
func check(panels, weight, bias []float32, in, out int) (rows, first int) {
	if bias != nil {
		first = 1
	}
	rows = first + in
	if len(panels) != (out+panel-1)/panel*rows*panel || len(weight) != in*out || bias != nil && len(bias) != out {
		panic(fmt.Sprintf("weights: %d floats of panels, weight %d, bias %d do not fit %d inputs and %d outputs",
			len(panels), len(weight), len(bias), in, out))
	}
	return rows, first
}
