package publish

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchangeFolders swaps two folders in one step. The error is
// errors.ErrUnsupported where the file system cannot.
func exchangeFolders(a, b string) error {
	err := unix.RenamexNp(a, b, unix.RENAME_SWAP)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		return errors.ErrUnsupported
	}
	return err
}

// syncFileSystem asks the system to write everything to the disk; macOS has
// no call for one file system.
func syncFileSystem(string) error { return unix.Sync() }
