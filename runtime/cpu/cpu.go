// Package cpu says what the processor can do, as far as generated kernels ask.
package cpu
