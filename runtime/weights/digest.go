package weights

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
)

// Digest names the numbers of all tensors: 16 hexadecimal digits of a SHA-256 over names, shapes and bits. The order of the tensors
// and the metadata do not matter.
func (f File) Digest() string {
	tensors := slices.SortedFunc(slices.Values(f.Tensors), func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	h := sha256.New()
	buffer := make([]byte, 0, 4*chunk)
	for _, t := range tensors {
		fmt.Fprintf(h, "%q %v\n", t.Name, t.Shape)
		for part := range slices.Chunk(t.Data, chunk) {
			buffer = buffer[:0]
			for _, v := range part {
				buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
			}
			h.Write(buffer)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
