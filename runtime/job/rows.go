package job

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"unsafe"
)

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

// structs says how what a model decodes to becomes rows, where it is a struct; else it is nil.
func (w *worker[X, Y, Z, R, M]) structs() *Rows[R] {
	rows, _ := any(w.p.Rows).(*Rows[R])
	return rows
}

// width is how many numbers what a model decodes to has.
func (w *worker[X, Y, Z, R, M]) width() int {
	if rows := w.structs(); rows != nil {
		return rows.Width
	}
	var one R
	return int(unsafe.Sizeof(one) / 4)
}

// numbers are all values of what a model decodes to.
func (w *worker[X, Y, Z, R, M]) numbers(r []R) []float32 {
	rows := w.structs()
	if rows == nil {
		return flat(r)
	}
	all := make([]float32, len(r)*rows.Width)
	for i := range r {
		rows.Get(&r[i], all[i*rows.Width:(i+1)*rows.Width])
	}
	return all
}
