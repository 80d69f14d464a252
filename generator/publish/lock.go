package publish

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrBusy is returned where another build holds the state folder. The lock is
// the system's own, so that it ends with the process that holds it, however
// that ends; there are no stale locks.
var ErrBusy = errors.New("another build is using the state folder")

// Lock is the right to change a state folder.
type Lock struct{ file *os.File }

// LockState takes the lock of a state folder, which it makes if need be. It
// does not wait: the error is [ErrBusy] if another process, or another Lock of
// this one, holds it, and names the process where that is known.
func LockState(stateDir string) (*Lock, error) {
	if err := os.MkdirAll(stateDir, 0o755); err != nil {
		return nil, fmt.Errorf("make state folder: %w", err)
	}
	name := filepath.Join(stateDir, "lock")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock state folder: %w", err)
	}
	if err := lockFile(f); err != nil {
		f.Close()
		if errors.Is(err, ErrBusy) {
			return nil, fmt.Errorf("%w%s", ErrBusy, holder(name))
		}
		return nil, fmt.Errorf("lock state folder: %w", err)
	}
	// Who holds the lock is told for the message above only.
	err = errors.Join(f.Truncate(0), writeAt(f, strconv.Itoa(os.Getpid())+"\n"))
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock state folder: %w", err)
	}
	return &Lock{file: f}, nil
}

// Unlock gives the lock back.
func (l *Lock) Unlock() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("unlock state folder: %w", err)
	}
	return nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

// holder says which process has the lock, as far as its file tells.
func holder(name string) string {
	text, err := os.ReadFile(name)
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return " (process " + pid + ")"
	}
	return ""
}
