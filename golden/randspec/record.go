package randspec

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

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
