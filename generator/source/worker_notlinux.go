//go:build !linux

package source

import "runtime/debug"

// limitSelf can only ask the garbage collector to keep memory low here: the
// wall clock timeout and the byte limit still hold.
func limitSelf(l Limits) error {
	debug.SetMemoryLimit(l.MemoryBytes)
	return nil
}
