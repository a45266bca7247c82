// Package demo holds the data of `aegen demo` and draws its picture.
package demo

import (
	"bytes"
	_ "embed"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
)

//go:embed optdigits.idx.gz
var optdigits []byte

// Digits are 1,797 handwritten digits of 8 × 8 pixels, values 0 to 16; the last fifth is held out.
// UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak 1998, CC BY 4.0): see the README beside this file.
func Digits() (train, held *dataset.Table) {
	t, err := dataset.From(bytes.NewReader(optdigits), dataset.Options{}, false)
	if err != nil {
		panic("internal error: the embedded digits: " + err.Error())
	}
	n := t.Len() * 4 / 5 * t.Width
	return &dataset.Table{Name: "digits", Width: t.Width, Data: t.Data[:n]}, &dataset.Table{Name: "held-out digits", Width: t.Width, Data: t.Data[n:]}
}
