//go:build unix

package job

import (
	"os"
	"syscall"
)

// mapped is a file in memory, page-aligned and not to be written.
func mapped(f *os.File, size int) ([]byte, error) {
	return syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
}

func unmap(raw []byte) { syscall.Munmap(raw) }
