package job

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"unsafe"
)

// samples are those of a data file, mapped into memory where that is possible.
type samples[X any] struct {
	samples []X
	close   func()
}

// open reads a data file of samples.
func (w *worker[X, Z, M, T]) open(path string) (samples[X], error) {
	if w.p.Rows != nil {
		return openRows(path, w.p.Rows)
	}
	return openArrays[X](path)
}

// openArrays reads a data file of samples X, an array of float32.
func openArrays[X any](path string) (samples[X], error) {
	var one X
	size := int64(unsafe.Sizeof(one))
	f, err := os.Open(path)
	if err != nil {
		return samples[X]{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return samples[X]{}, err
	}
	if info.Size() == 0 || info.Size()%size != 0 || int64(int(info.Size())) != info.Size() {
		return samples[X]{}, fmt.Errorf("%s: a whole number of samples of %d bytes expected, %d bytes found", path, size, info.Size())
	}
	n := int(info.Size() / size)
	if raw, err := mapped(f, int(info.Size())); err == nil && littleEndian {
		return samples[X]{unsafe.Slice((*X)(unsafe.Pointer(&raw[0])), n), func() { unmap(raw) }}, nil
	}
	x := make([]X, n)
	if _, err := io.ReadFull(f, bytesOf(x)); err != nil {
		return samples[X]{}, fmt.Errorf("%s: %w", path, err)
	}
	toLittleEndian(bytesOf(x))
	return samples[X]{x, func() {}}, nil
}

// openRows reads a data file of rows.
func openRows[X any](path string, rows *Rows[X]) (samples[X], error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return samples[X]{}, err
	}
	size := 4 * rows.Width
	if len(raw) == 0 || len(raw)%size != 0 {
		return samples[X]{}, fmt.Errorf("%s: a whole number of samples of %d bytes expected, %d bytes found", path, size, len(raw))
	}
	x, row := make([]X, len(raw)/size), make([]float32, rows.Width)
	for i := range x {
		for j := range row {
			row[j] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*size+4*j:]))
		}
		rows.Set(&x[i], row)
		if err := rows.Check(&x[i]); err != nil {
			return samples[X]{}, fmt.Errorf("%s: sample %d: %w", path, i, err)
		}
	}
	return samples[X]{x, func() {}}, nil
}

// rowsOf are samples as arrays of float32: themselves, or their rows.
func (w *worker[X, Z, M, T]) rowsOf(x []X) []float32 {
	if w.p.Rows == nil {
		return flat(x)
	}
	all := make([]float32, len(x)*w.p.Rows.Width)
	for i := range x {
		w.p.Rows.Get(&x[i], all[i*w.p.Rows.Width:(i+1)*w.p.Rows.Width])
	}
	return all
}

// bytesOf is the memory of arrays of float32.
func bytesOf[X any](x []X) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), len(x)*int(unsafe.Sizeof(x[0])))
}

// floatsOf is all values of an array of float32.
func floatsOf[X any](x *X) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(x)), unsafe.Sizeof(*x)/4)
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// toLittleEndian turns float32 of this machine's order into those of files, and back.
func toLittleEndian(raw []byte) {
	if littleEndian {
		return
	}
	for word := range slices.Chunk(raw, 4) {
		slices.Reverse(word)
	}
}
