// Package arena shapes blocks of float32 as rows of fixed-size arrays, so that kernels see their sizes as types.
// A is always an array of float32, of one or more dimensions.
package arena

import (
	"fmt"
	"reflect"
	"unsafe"
)

// Rows is the n rows of type A that start offset floats into a. It panics if they do not fit.
func Rows[A any](a []float32, offset, n int) []A {
	if n == 0 {
		return nil
	}
	floats := a[offset : offset+n*int(unsafe.Sizeof(*(*A)(nil))/4)] // a variable of a large type would be on the heap
	return unsafe.Slice((*A)(unsafe.Pointer(&floats[0])), n)
}

// Cast is b with its elements as A, an array type of the same size.
func Cast[A, B any](b []B) []A {
	if unsafe.Sizeof(*(*A)(nil)) != unsafe.Sizeof(*(*B)(nil)) {
		panic(fmt.Sprintf("arena: %v is not of the size of %v", reflect.TypeFor[A](), reflect.TypeFor[B]()))
	}
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*A)(unsafe.Pointer(&b[0])), len(b))
}

// One is the slice of a alone.
func One[A any](a *A) []A { return unsafe.Slice(a, 1) }

// Flat is all floats of a, row-major.
func Flat[A any](a *A) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(a)), unsafe.Sizeof(*a)/4)
}

// Floats is all floats of rows, one row after the other.
func Floats[A any](rows []A) []float32 {
	if len(rows) == 0 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&rows[0])), uintptr(len(rows))*unsafe.Sizeof(rows[0])/4)
}

// New is a block of n floats that starts on a cache line of 64 bytes. Kernels may read, and do not use, 16 floats behind it.
func New(n int) []float32 {
	const line = 16
	a := make([]float32, n+2*line)
	if 4*n >= hugeFrom {
		advise(unsafe.Slice((*byte)(unsafe.Pointer(&a[0])), 4*len(a)))
	}
	skip := (line - int(uintptr(unsafe.Pointer(&a[0]))/4%line)) % line
	return a[skip : skip+n : skip+n]
}
