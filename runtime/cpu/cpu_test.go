//go:build amd64 && !purego

package cpu

import (
	"os"
	"regexp"
	"testing"
)

// TestFeatures compares with what Linux says of the processor.
func TestFeatures(t *testing.T) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Skip(err)
	}
	flags := regexp.MustCompile(`(?m)^flags.*`).FindString(string(text))
	has := func(flag string) bool { return regexp.MustCompile(`\b` + flag + `\b`).MatchString(flags) }
	if want := has("avx2") && has("fma"); AVX2 != want {
		t.Errorf("AVX2 is %t, /proc/cpuinfo says %t", AVX2, want)
	}
	if want := has("avx2") && has("fma") && has("f16c"); F16C != want {
		t.Errorf("F16C is %t, /proc/cpuinfo says %t", F16C, want)
	}
}
