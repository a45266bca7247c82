package randspec

import (
	"math/rand/v2"
	"strings"
)

// pretrained adds layer-wise pretraining to half of the specs whose decoder mirrors single layers.
func pretrained(text string, seed uint64) string {
	r := &writer{rand.New(rand.NewPCG(seed, 11))}
	if !strings.Contains(text, "mirror(") || strings.Contains(text, "residual") || strings.Contains(text, "pre_bias") || r.IntN(2) == 0 {
		return text
	}
	return strings.Replace(text, "train {\n", "train {\n"+r.pick("pretrain layers(epochs: 2)\n", "pretrain layers(epochs: 1, lr: 0.02)\n"), 1)
}
