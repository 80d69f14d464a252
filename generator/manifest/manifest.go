// Package manifest records what a site is made of: each page with the key it
// was rendered from, and each file with its hash. A build compares it with
// what it wants to publish and so knows what changed, and a later stage checks
// files against it before they go anywhere. Start with [Manifest].
//
// A manifest is kept in the state folder, never in the site: it holds keys and
// times that say how the site was made, and the published bytes must not
// depend on that.
package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Hash is a SHA-256.
type Hash [sha256.Size]byte

// Sum returns the hash of data.
func Sum(data []byte) Hash { return sha256.Sum256(data) }

// ParseHash reads the hexadecimal form.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return Hash{}, fmt.Errorf("hash %q is not %d hexadecimal digits", s, 2*len(h))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("hash %q: %w", s, err)
	}
	return h, nil
}

// String returns the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Manifest describes one release of a site. Treat one that others may read as
// immutable; there is no locking.
type Manifest struct {
	// Engine names the renderer and its version.
	Engine string
	// ThemeDigest identifies theme, brand and shell: what every page's bytes
	// depend on besides its key.
	ThemeDigest string
	// Pages are the HTML pages by URL. It is empty where the manifest was made
	// by [Scan], which cannot know keys.
	Pages map[string]Page
	// Files are all files of the release, pages included, by slash-separated
	// path without a leading slash.
	Files map[string]File
	// Keys are what files that are no pages were made from, by path, where
	// that is known without their bytes: for one path, equal keys mean equal bytes.
	Keys map[string]Hash
}

// Page is a page of a release.
type Page struct {
	// Key is what the page was rendered from, see page.Page.Key.
	Key Hash
	// Path is its file, a key of Manifest.Files.
	Path string
}

// File is a file of a release.
type File struct {
	Hash Hash
	// Size is in bytes.
	Size int64
	// Modified is the file's modification time in nanoseconds since 1970, by
	// which a file that somebody touched is noticed without reading it. It is
	// no part of SiteHash.
	Modified int64
}

// New returns an empty manifest.
func New(engine, themeDigest string) *Manifest {
	return &Manifest{Engine: engine, ThemeDigest: themeDigest, Pages: map[string]Page{}, Files: map[string]File{}, Keys: map[string]Hash{}}
}

// SiteHash identifies the published bytes: a SHA-256 over path, size and hash
// of every file in the order of paths, but for the paths left out. Equal hashes
// mean equal sites, however they were built.
func (m *Manifest) SiteHash(leaveOut ...string) Hash {
	h := sha256.New()
	var line []byte
	for _, path := range slices.Sorted(maps.Keys(m.Files)) {
		if slices.Contains(leaveOut, path) {
			continue
		}
		f := m.Files[path]
		line = append(line[:0], path...)
		line = append(line, 0)
		line = strconv.AppendInt(line, f.Size, 10)
		line = append(line, 0)
		line = append(line, f.Hash[:]...)
		h.Write(line)
	}
	return Hash(h.Sum(nil))
}

// Bytes returns the size of all files together.
func (m *Manifest) Bytes() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}
