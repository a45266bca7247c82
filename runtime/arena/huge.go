package arena

import "unsafe"

// hugeFrom is the bytes of a block from which huge pages are asked for: fewer than two of them gain nothing.
const hugeFrom = 4 << 20

// Huge asks the system to hold p in huge pages, and returns it. A block of many megabytes that is read from end to end waits less for
// the translation of its addresses then. Call it before the block is written. It changes no value, and does nothing for small blocks
// and on systems other than Linux.
func Huge[T any](p *T) *T {
	if size := unsafe.Sizeof(*p); size >= hugeFrom {
		advise(unsafe.Slice((*byte)(unsafe.Pointer(p)), size))
	}
	return p
}
