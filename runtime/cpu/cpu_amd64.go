//go:build !purego

package cpu

// AVX2 reports whether the processor has AVX2 and FMA and the operating system saves their registers.
var AVX2 = avx2()

// AVX512 reports whether it has AVX2 and the parts F, DQ, BW and VL of AVX-512 too, and the operating system saves their registers.
var AVX512 = AVX2 && avx512()

// F16C reports whether the processor also converts vectors of IEEE 754 binary16.
var F16C = AVX2 && f16c()

// cpuid is the instruction CPUID: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2A.
func cpuid(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// xgetbv reads the extended control register 0: which registers the operating system saves.
func xgetbv() (eax, edx uint32)

func avx2() bool {
	const (
		fma, osxsave, avx = 1 << 12, 1 << 27, 1 << 28 // leaf 1, ecx
		avx2              = 1 << 5                    // leaf 7, ebx
		saved             = 1<<1 | 1<<2               // xmm and ymm
	)
	if highest, _, _, _ := cpuid(0, 0); highest < 7 {
		return false
	}
	if _, _, ecx, _ := cpuid(1, 0); ecx&(fma|osxsave|avx) != fma|osxsave|avx {
		return false
	}
	if eax, _ := xgetbv(); eax&saved != saved {
		return false
	}
	_, ebx, _, _ := cpuid(7, 0)
	return ebx&avx2 != 0
}

func avx512() bool {
	const (
		parts = 1<<16 | 1<<17 | 1<<30 | 1<<31 // leaf 7, ebx: F, DQ, BW, VL
		saved = 1<<5 | 1<<6 | 1<<7            // masks, the upper halves of zmm0 to 15, and zmm16 to 31
	)
	if eax, _ := xgetbv(); eax&saved != saved {
		return false
	}
	_, ebx, _, _ := cpuid(7, 0)
	return ebx&parts == parts
}

func f16c() bool {
	_, _, ecx, _ := cpuid(1, 0)
	return ecx&(1<<29) != 0
}
