//go:build amd64 && !purego

package cpu

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestFeatures compares with what Linux says of the processor.
func TestFeatures(t *testing.T) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Skip(err)
	}
	flags := regexp.MustCompile(`(?m)^flags.*`).FindString(string(text))
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(flag string) bool { return !regexp.MustCompile(`\b` + flag + `\b`).MatchString(flags) })
	}
	if want := has("avx2", "fma"); AVX2 != want {
		t.Errorf("AVX2 is %t, /proc/cpuinfo says %t", AVX2, want)
	}
	if want := has("avx2", "fma", "f16c"); F16C != want {
		t.Errorf("F16C is %t, /proc/cpuinfo says %t", F16C, want)
	}
	if want := has("avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"); AVX512 != want {
		t.Errorf("AVX512 is %t, /proc/cpuinfo says %t", AVX512, want)
	}
}
