package arena

import (
	"syscall"
	"unsafe"
)

// advise asks for huge pages in those 2 MiB of b that begin on a multiple of 2 MiB. A refusal changes nothing.
func advise(b []byte) {
	const (
		page         = 2 << 20
		advHugepages = 14 // MADV_HUGEPAGE of linux/mman.h
	)
	start := uintptr(unsafe.Pointer(&b[0]))
	first, last := (start+page-1)/page*page, (start+uintptr(len(b)))/page*page
	if first < last {
		_ = syscall.Madvise(b[first-start:last-start], advHugepages)
	}
}
