//go:build !amd64 || purego

package cpu

// AVX2 and AVX512 are false: nothing here uses them.
const AVX2, AVX512 = false, false
