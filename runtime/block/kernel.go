package block

// A Kernel is the shape of a convolution's weight, whose In is H·W taps of channels: input (ky·W + kx)·channels + c of output o.
// In safetensors it is what PyTorch has: [Out, In/taps, H, W], and with Deconv, a transposed convolution's,
// [In/taps·Groups, Out/Groups, H, W].
type Kernel struct {
	H, W, Groups int
	Deconv       bool
}

// shape is that of the weight in safetensors.
func (b Block) shape() []int {
	k := b.Kernel
	switch {
	case k == nil:
		return []int{b.Out, b.In}
	case k.Deconv:
		return []int{b.channels() * k.Groups, b.Out / k.Groups, k.H, k.W}
	}
	return []int{b.Out, b.channels(), k.H, k.W}
}

// channels are the inputs under a tap.
func (b Block) channels() int { return b.In / (b.Kernel.H * b.Kernel.W) }

// reordered copies a weight between [Out, In] and its shape in safetensors.
func (b Block) reordered(weight []float32, toFile bool) []float32 {
	k := b.Kernel
	if k == nil {
		return weight
	}
	to := make([]float32, len(weight))
	channels, taps := b.channels(), k.H*k.W
	for o := range b.Out {
		for t := range taps {
			for c := range channels {
				own, file := o*b.In+t*channels+c, (o*channels+c)*taps+t
				if k.Deconv {
					per := b.Out / k.Groups
					file = ((o/per*channels+c)*per+o%per)*taps + t
				}
				if toFile {
					to[file] = weight[own]
				} else {
					to[own] = weight[file]
				}
			}
		}
	}
	return to
}
