//go:build !linux

package arena

func advise([]byte) {}
