package codebook

import "fmt"

// Append appends numbers to b in bits bits each, at most 16, the low ones first. The last byte is filled up with zeros. It allocates where
// b has no room.
func Append(b []byte, numbers []uint16, bits int) []byte {
	word, n := uint32(0), 0
	for _, v := range numbers {
		word |= uint32(v) << n
		for n += bits; n >= 8; n -= 8 {
			b = append(b, byte(word))
			word >>= 8
		}
	}
	if n > 0 {
		b = append(b, byte(word))
	}
	return b
}

// Unpack sets numbers to those that Append wrote at the beginning of b. It fails if b is too short or a number is not below codes, and changes
// nothing then.
func Unpack(numbers []uint16, b []byte, bits, codes int) error {
	if want := (len(numbers)*bits + 7) / 8; len(b) < want {
		return fmt.Errorf("codebook: %d bytes, want %d", len(b), want)
	}
	for _, set := range []bool{false, true} {
		word, n, at := uint32(0), 0, 0
		for i := range numbers {
			for ; n < bits; n += 8 {
				word |= uint32(b[at]) << n
				at++
			}
			v := word & (1<<bits - 1)
			if int(v) >= codes {
				return fmt.Errorf("codebook: index %d is %d, want 0 to %d", i, v, codes-1)
			}
			if set {
				numbers[i] = uint16(v)
			}
			word >>= bits
			n -= bits
		}
	}
	return nil
}
