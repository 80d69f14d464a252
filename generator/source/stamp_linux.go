package source

import (
	"io/fs"
	"syscall"
)

// stampOf includes the change time, which no program can set back.
func stampOf(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), modTime: info.ModTime().UnixNano()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.ctime = st.Ctim.Nano()
	}
	return s
}
