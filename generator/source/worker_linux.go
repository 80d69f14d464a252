package source

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// limitSelf sets the process's own resource limits. The address space limit
// counts on top of what is mapped already, because the Go runtime reserves
// address space that it never uses.
func limitSelf(l Limits) error {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(b), " ")
	pages, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return err
	}
	mapped := pages * int64(os.Getpagesize())
	for _, set := range []struct {
		name  string
		which int
		value int64
	}{
		{"address space", unix.RLIMIT_AS, mapped + l.MemoryBytes},
		{"processor time", unix.RLIMIT_CPU, l.CPUSeconds},
		{"file size", unix.RLIMIT_FSIZE, l.FileBytes},
		{"core dumps", unix.RLIMIT_CORE, 0},
	} {
		if err := lower(set.which, uint64(set.value)); err != nil {
			return fmt.Errorf("%s: %w", set.name, err)
		}
	}
	return nil
}

// lower sets a limit unless a lower one is in force.
func lower(which int, value uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(which, &now); err != nil {
		return err
	}
	value = min(value, now.Max)
	// The hard limit is a little higher: reaching it kills without a word.
	return unix.Setrlimit(which, &unix.Rlimit{Cur: value, Max: min(value+5, now.Max)})
}
