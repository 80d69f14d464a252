//go:build !linux

package source

import "io/fs"

// stampOf knows no change time on this system.
func stampOf(info fs.FileInfo) stamp {
	return stamp{size: info.Size(), modTime: info.ModTime().UnixNano()}
}
