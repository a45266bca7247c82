package weights

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"unicode/utf8"
)

const (
	metadataKey = "__metadata__"
	headerLimit = 100_000_000 // bytes, as in the reference implementation
	chunk       = 1 << 14     // floats converted at a time
)

// Write writes the file as safetensors. The same file gives the same bytes: metadata in the order of its keys,
// tensors in the order given.
func Write(w io.Writer, f File) error {
	header, err := header(f)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	buffer := make([]byte, 0, 4*chunk)
	for _, t := range f.Tensors {
		for part := range slices.Chunk(t.Data, chunk) {
			buffer = buffer[:0]
			for _, v := range part {
				buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
			}
			if _, err := w.Write(buffer); err != nil {
				return fmt.Errorf("weights: %w", err)
			}
		}
	}
	return nil
}

// header returns all that stands before the data. It is padded with spaces to a multiple of 8 bytes.
func header(f File) ([]byte, error) {
	var b bytes.Buffer
	b.Write(make([]byte, 8))
	b.WriteByte('{')
	if err := writeMetadata(&b, f.Metadata); err != nil {
		return nil, err
	}
	seen, offset := map[string]bool{metadataKey: true}, 0
	for _, t := range f.Tensors {
		n, ok := size(t.Shape)
		if !ok || n != len(t.Data) {
			return nil, fmt.Errorf("weights: %s: shape %v does not hold %d values", t.Name, t.Shape, len(t.Data))
		}
		if seen[t.Name] {
			return nil, fmt.Errorf("weights: two tensors have the name %s", t.Name)
		}
		seen[t.Name] = true
		if b.Len() > 9 {
			b.WriteByte(',')
		}
		if err := writeString(&b, t.Name); err != nil {
			return nil, err
		}
		shape, _ := json.Marshal(append([]int{}, t.Shape...)) // [] for a scalar, not null
		fmt.Fprintf(&b, `:{"dtype":"F32","shape":%s,"data_offsets":[%d,%d]}`, shape, offset, offset+4*n)
		offset += 4 * n
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	length := b.Len() - 8
	if length > headerLimit {
		return nil, errors.New("weights: the header is longer than 100 MB")
	}
	binary.LittleEndian.PutUint64(b.Bytes(), uint64(length))
	return b.Bytes(), nil
}

func writeMetadata(b *bytes.Buffer, metadata map[string]string) error {
	if len(metadata) == 0 {
		return nil
	}
	b.WriteString(`"` + metadataKey + `":{`)
	for i, key := range slices.Sorted(maps.Keys(metadata)) {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeString(b, key); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeString(b, metadata[key]); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func writeString(b *bytes.Buffer, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("weights: %q is not UTF-8", s)
	}
	text, _ := json.Marshal(s)
	b.Write(text)
	return nil
}
