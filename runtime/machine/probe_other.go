//go:build !amd64 || purego

package machine

func lanes() int { return portableLanes }

func multiplyAdd(n int) float32 { return portableMultiplyAdd(n) }

func read(x []float32, times int) uint32 { return portableRead(x, times) }
