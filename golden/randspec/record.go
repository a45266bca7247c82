package randspec

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// learned is how a vector is scaled: by a range, or for a sixth of the specs by what is learned.
func learned(seed uint64, scale string) string {
	r := &writer{rand.New(rand.NewPCG(seed, 10))}
	if r.IntN(6) == 0 {
		return " scale standard"
	}
	return scale
}

// record is no record for three quarters of the specs, else one of some fields.
func record(seed uint64) string {
	r := &writer{rand.New(rand.NewPCG(seed, 8))}
	if r.IntN(4) != 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("input x = record {\n")
	for i := range 1 + r.IntN(9) {
		fmt.Fprintf(&b, "f%d: %s\n", i, r.pick("real", "real", "real(log)", "category(a, b)", "category(tcp, udp, icmp, 4, \"five\")", "binary", "count"))
	}
	b.WriteString("}")
	return b.String()
}
