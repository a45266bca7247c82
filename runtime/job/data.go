package job

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"unsafe"

	"github.com/aegen/aegen/runtime/train"
)

// samples are those of a data file, mapped into memory where that is possible.
type samples[X any] struct {
	samples []X
	close   func()
}

// open reads a data file of samples X, words of 32 bits.
func open[X any](path string) (samples[X], error) {
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

// pairs are samples with their targets, which a model that is compared with its input has none of.
type pairs[X, Y any] struct {
	train.Pairs[X, Y]
	close func()
}

// openPairs reads samples, from rows if they are structs, and the file of their targets if there is one.
func openPairs[X, Y any](rows *Rows[X], data, targets string) (pairs[X, Y], error) {
	read := open[X]
	if rows != nil {
		read = func(path string) (samples[X], error) { return openRows(path, rows) }
	}
	x, err := read(data)
	if err != nil || targets == "" {
		return pairs[X, Y]{train.Pairs[X, Y]{X: x.samples}, x.close}, err
	}
	y, err := open[Y](targets)
	if err == nil && len(y.samples) != len(x.samples) {
		err = fmt.Errorf("%s: %d targets expected, one for each sample of %s, %d found", targets, len(x.samples), data, len(y.samples))
		y.close()
	}
	if err != nil {
		x.close()
		return pairs[X, Y]{}, err
	}
	return pairs[X, Y]{train.Pairs[X, Y]{X: x.samples, Y: y.samples}, func() { x.close(); y.close() }}, nil
}

// bytesOf is the memory of words of 32 bits.
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
