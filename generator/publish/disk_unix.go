//go:build unix

package publish

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folderID names a folder by device and inode, which stay with it when it is
// renamed. It is false for what is no folder.
func folderID(folder string) (string, bool) {
	info, err := os.Lstat(folder)
	if err != nil || !info.IsDir() {
		return "", false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return fmt.Sprintf("%d:%d", stat.Dev, stat.Ino), true
}

// syncFolder makes renames inside a folder last. Some file systems have no
// such thing and say EINVAL.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

// syncParents syncs the folders that hold the two given ones.
func syncParents(a, b string) error {
	return errors.Join(syncFolder(filepath.Dir(a)), syncFolder(filepath.Dir(b)))
}
