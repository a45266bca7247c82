package plan

import "fmt"

// BilinearRow computes one row of a bilinear Upsample: FW·W positions between two rows of W positions of C channels. It takes y, up and low,
// the two rows, and how far y is from the upper one as a part of their distance. With Back it takes up, low and d, and adds to the first two,
// which must be apart.
type BilinearRow struct {
	W, C, FW int
	Back     bool
}

func (*BilinearRow) functionOp() {}

// Between is the part of the distance of two neighbours at which each of the FW positions between their centres lies.
func (op *BilinearRow) Between() []float64 {
	parts := make([]float64, op.FW)
	for j := range parts {
		parts[j] = float64(2*(op.Before()+j)+1-op.FW) / float64(2*op.FW)
	}
	return parts
}

// Before is the number of positions before the first centre. As many, or one more, are behind the last.
func (op *BilinearRow) Before() int { return op.FW / 2 }

func (op *BilinearRow) text() string {
	if op.Back {
		return fmt.Sprintf("derivative of a row of %d positions of %d channels between two of %d", op.W*op.FW, op.C, op.W)
	}
	return fmt.Sprintf("a row of %d positions of %d channels between two of %d", op.W*op.FW, op.C, op.W)
}

// work is what n rows compute, and the bytes that they read and write.
func (op *BilinearRow) work(n int) (flops, bytes int) {
	return 7 * op.W * op.FW * op.C * n, 4 * (op.W*op.FW + 4*op.W) * op.C * n
}
