//go:build !linux

package docs

// limitWorker does nothing where memory cannot be limited; the time limit still holds.
func limitWorker() {}
