package publish

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchangeFolders swaps two folders in one step. The error is
// errors.ErrUnsupported where the file system cannot.
func exchangeFolders(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	return err
}

// syncFileSystem writes everything of the file system that holds the folder to
// the disk: one call, whatever the number of files.
func syncFileSystem(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(f.Fd())), f.Close())
}
