package checkout

import "strings"

// IsLFSPointer reports whether a file's bytes are a Git LFS pointer instead of
// the file: its first line names the version of the pointer format
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
func IsLFSPointer(b []byte) bool {
	return len(b) <= 1024 && strings.HasPrefix(string(b), "version https://git-lfs.github.com/spec/")
}
