//go:build !amd64 || purego

package cpu

// AVX2, F16C and AVX512 are false: nothing here uses them.
const AVX2, F16C, AVX512 = false, false, false
