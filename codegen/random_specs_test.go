package codegen_test

// wide is a model whose activations are too many for the stack. Its activation, its copies of weights and the optimiser's step
// are too much for one call of an assembly function.
const wide = `model Wide
input x = vector(4)
encoder { dense(12000) sigmoid }
bottleneck z = dense(16)
decoder mirror(encoder)
reconstruct mse
train {
optimizer sgd(lr: 1e-3)
clip norm(0.5)
batch 6
}
`

// wideLoss is a model whose loss of a batch is too much for one call, and so is the noise of one sample.
const wideLoss = `model WideLoss
input x = vector(12000)
corrupt gaussian(0.1)
corrupt uniform(0.1)
corrupt masking(0.1)
corrupt salt_pepper(0.01)
encoder { dense(8) relu }
bottleneck z = dense(2)
decoder mirror(encoder)
reconstruct bernoulli
train {
optimizer sgd(lr: 1e-6)
batch 6
}
`

// sparse is a model with a wide code of which few values are not 0.
const sparse = `model Sparse
input x = vector(50)
encoder { }
bottleneck z = dense(1500) relu topk(20)
decoder mirror(encoder)
reconstruct mse
train {
optimizer sgd(lr: 1e-2)
batch 21
}
`

// compact are models whose codes are values and places: with a bias that is subtracted from the input; with clipping by the norm, so that
// gradients are stored; with decay, so that no row of weights stays as it is.
var compact = []string{
	`model Compact
input x = vector(48) scale standard
encoder { }
bottleneck z = dense(1500) relu topk(20) { pre_bias }
decoder mirror(encoder)
reconstruct mse
train {
optimizer sgd(lr: 1e-2, momentum: 0.5)
batch 70
}
`, `model Clipped
input x = vector(32) scale range(-1, 3)
corrupt gaussian(0.1)
encoder { }
bottleneck z = dense(250) topk(7) { pre_bias }
decoder { dense }
reconstruct gaussian(std: 0.5)
train {
optimizer adam(lr: 1e-3)
clip norm(0.5)
batch 40
}
`, `model Decaying
input x = vector(80)
encoder { }
bottleneck z = dense(300) relu topk(70)
decoder { dense }
reconstruct bernoulli
train {
optimizer adamw(lr: 1e-3, decay: 0.1)
batch 5
}
`, `model Kept
input x = vector(64)
encoder { }
bottleneck z = dense(640) topk(80)
decoder { dense }
reconstruct mse
train {
optimizer rmsprop(lr: 1e-3)
clip value(1e-3)
batch 9
}
`, `model Batched
input x = vector(24)
encoder { dense(20) tanh }
bottleneck z = dense(96) relu batch_topk(3) { dead(after: 1, aux: 10) }
decoder { dense }
reconstruct mse
train {
optimizer sgd(lr: 0.1)
batch 7
}
`, `model Quantised
input x = vector(24)
encoder { dense(40) tanh }
bottleneck z = quantize(70, dim: 21, groups: 3)
decoder { dense(20) relu dense }
reconstruct mse
train {
optimizer sgd(lr: 0.05)
batch 11
}
`, `model Reviving
input x = vector(24)
encoder { }
bottleneck z = dense(96) relu topk(3) {
dead(after: 1, aux: 10)
pre_bias
}
decoder { dense }
reconstruct mse
train {
optimizer sgd(lr: 0.1)
batch 7
}
`, `model Revived
input x = vector(48)
encoder { }
bottleneck z = dense(320) relu topk(9) {
dead(after: 1, aux: 40)
pre_bias
unit_norm
}
decoder { dense }
reconstruct mse
train {
optimizer adam(lr: 1e-2)
batch 40
}
`, `model RevivedBatch
input x = vector(32)
encoder { }
bottleneck z = dense(256) batch_topk(5) {
dead(after: 2, aux: 64)
unit_norm
pre_bias
}
decoder { dense }
reconstruct mse
train {
optimizer adam(lr: 1e-2)
batch 40
}
`, `model ClippedUnits
input x = vector(32)
encoder { }
bottleneck z = dense(256) relu topk(5) {
dead(after: 1, aux: 20)
unit_norm
}
decoder { dense }
reconstruct mse
train {
optimizer adam(lr: 1e-2)
clip norm(0.5)
batch 37
}
`, `model BatchUnits
input x = vector(64)
encoder { }
bottleneck z = dense(512) relu batch_topk(12) { unit_norm }
decoder { dense }
reconstruct gaussian(std: 0.5)
train {
optimizer adamw(lr: 1e-3, decay: 0.1)
batch 9
}
`}
