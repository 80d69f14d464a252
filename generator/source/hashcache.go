package source

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stamp is what tells without reading whether a file may have changed.
type stamp struct {
	size           int64
	modTime, ctime int64 // nanoseconds since 1970; ctime is 0 where the system has none
}

// racy is how close to the start of a scan a file may have changed for its
// hash still to be kept: within the resolution of file times a later change
// could leave the same stamp.
func (s stamp) racy(start int64) bool {
	if s.ctime == 0 {
		return s.modTime > start-int64(2*time.Second)
	}
	return max(s.modTime, s.ctime) > start-int64(50*time.Millisecond)
}

const hashCacheVersion = "callboard-hashes 1"

// hashCache remembers the content hashes of a folder's files by path and
// stamp, in a text file with one line per file.
type hashCache struct {
	file  string
	start int64 // when this scan began, by the clock of the file system
	old   map[string]hashed
	next  []string // lines of the next version
	hits  int
}

type hashed struct {
	stamp stamp
	id    string
}

// openHashCache reads the cache; a missing or damaged one is empty.
func openHashCache(file string) *hashCache {
	c := &hashCache{file: file, old: map[string]hashed{}}
	if file == "" {
		return c
	}
	c.start = fileSystemTime(file)
	b, err := os.ReadFile(file)
	if err != nil {
		return c
	}
	text, ok := verified(b)
	if !ok {
		return c
	}
	version, rest, _ := strings.Cut(text, "\n")
	if version != hashCacheVersion {
		return c
	}
	for line := range strings.Lines(rest) {
		path, h, ok := parseHashLine(strings.TrimSuffix(line, "\n"))
		if !ok {
			clear(c.old)
			break
		}
		c.old[path] = h
	}
	return c
}

func parseHashLine(line string) (string, hashed, bool) {
	var n [3]int64
	id, rest, ok := strings.Cut(line, " ")
	if !ok {
		return "", hashed{}, false
	}
	for i := range n {
		var word string
		var err error
		if word, rest, ok = strings.Cut(rest, " "); !ok {
			return "", hashed{}, false
		}
		if n[i], err = strconv.ParseInt(word, 10, 64); err != nil {
			return "", hashed{}, false
		}
	}
	return rest, hashed{stamp{n[0], n[1], n[2]}, id}, true
}

func (c *hashCache) get(path string, s stamp) (string, bool) {
	h, ok := c.old[path]
	if !ok || h.stamp != s {
		return "", false
	}
	c.hits++
	c.keep(path, s, h.id)
	return h.id, true
}

func (c *hashCache) put(path string, s stamp, id string) {
	if c.file != "" && !s.racy(c.start) {
		c.keep(path, s, id)
	}
}

func (c *hashCache) keep(path string, s stamp, id string) {
	b := make([]byte, 0, len(id)+len(path)+64)
	b = append(append(b, id...), ' ')
	for _, n := range [...]int64{s.size, s.modTime, s.ctime} {
		b = append(strconv.AppendInt(b, n, 10), ' ')
	}
	c.next = append(c.next, string(append(b, path...)))
}

// save writes the next version unless nothing changed. The cache is a help
// and not a promise, so a failure to write it is no error.
func (c *hashCache) save() {
	if c.file == "" || c.hits == len(c.old) && c.hits == len(c.next) {
		return
	}
	slices.Sort(c.next)
	var b strings.Builder
	w := bufio.NewWriter(&b)
	fmt.Fprintln(w, hashCacheVersion)
	for _, line := range c.next {
		fmt.Fprintln(w, line)
	}
	w.Flush()
	_ = writeFile(c.file, sealed(b.String()))
}

// fileSystemTime returns the time that a file written now gets, which is what
// file times can be compared with: clocks of file servers differ.
func fileSystemTime(near string) int64 {
	if err := os.MkdirAll(filepath.Dir(near), 0o755); err != nil {
		return 0
	}
	f, err := os.CreateTemp(filepath.Dir(near), ".clock-*")
	if err != nil {
		return 0
	}
	defer os.Remove(f.Name())
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}
