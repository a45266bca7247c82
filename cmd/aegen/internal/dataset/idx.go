package dataset

import (
	"encoding/binary"
	"fmt"
	"io"
)

// readIDX reads unsigned bytes of the IDX format of the MNIST files. The first dimension counts the samples.
func readIDX(r io.Reader) (*Table, error) {
	var magic [4]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return nil, fmt.Errorf("IDX: truncated header")
	}
	if magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] == 0 || magic[3] > 8 {
		return nil, fmt.Errorf("IDX: unsigned bytes (magic 00 00 08) in 1 to 8 dimensions expected, % x found", magic)
	}
	samples, width := 0, 1
	for i := range int(magic[3]) {
		var word [4]byte
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return nil, fmt.Errorf("IDX: truncated header")
		}
		d := int(binary.BigEndian.Uint32(word[:]))
		if i == 0 {
			samples = d
		} else if width *= d; width > maxWidth {
			return nil, fmt.Errorf("IDX: at most %d values a sample expected", maxWidth)
		}
	}
	if samples == 0 || width == 0 {
		return nil, fmt.Errorf("IDX: no values: %d samples of %d", samples, width)
	}
	if int64(samples) > maxBytes/int64(width) {
		return nil, fmt.Errorf("IDX: %d samples of %d values are too large", samples, width)
	}
	data, err := readFloats(r, samples*width, 1, func(b []byte) float32 { return float32(b[0]) })
	if err != nil {
		return nil, fmt.Errorf("IDX: %w", err)
	}
	return &Table{Width: width, Data: data, Bytes: true}, nil
}
