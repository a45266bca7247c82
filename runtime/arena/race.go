//go:build race

package arena

// Race says that the race detector is on: a sync.Pool then forgets at random, and what takes arenas from one allocates.
const Race = true
