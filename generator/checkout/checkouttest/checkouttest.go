// Package checkouttest makes checkouts out of a few lines of text, so that a
// stage's test needs no git: [Files] from a map, [Txtar] from an archive,
// [Tree] from any file system. It is for tests only.
package checkouttest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// Commit is the commit hash of every checkout made here.
const Commit = "0123456789abcdef0123456789abcdef01234567"

// Time is the commit time of every checkout made here.
var Time = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// Files returns a fresh checkout named name whose tree holds the given files,
// as if cloned from https://github.com/acme/<last part of name> at [Commit].
// Callers may change its fields before they hand it on.
func Files(name string, files map[string]string) *checkout.Checkout {
	tree := fstest.MapFS{}
	for p, text := range files {
		tree[p] = &fstest.MapFile{Data: []byte(text), Mode: 0o644, ModTime: Time}
	}
	c := over(name, tree)
	c.Digest = digest(files)
	return c
}

// Txtar returns a checkout as [Files] does, with the files of a txtar
// archive; the archive's comment is ignored.
func Txtar(name, archive string) *checkout.Checkout {
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files[f.Name] = string(f.Data)
	}
	return Files(name, files)
}

// Tree returns a checkout as [Files] does, over a file system, which it
// reads lazily. Its Digest is empty.
func Tree(name string, tree fs.FS) *checkout.Checkout { return over(name, tree) }

func over(name string, tree fs.FS) *checkout.Checkout {
	base := "https://github.com/acme/" + path.Base(name)
	return &checkout.Checkout{
		Name: name, URL: base + ".git", Ref: "main", Commit: Commit,
		CommitTime: Time, FetchedAt: Time, State: checkout.Fresh,
		FS: tree, Origin: "git",
		Descriptors: []string{"catalog-info.{yaml,yml}"},
		Web:         checkout.Web{Host: "github", Base: base, Branch: "main", Commit: Commit},
		History:     checkout.NewHistory(nil, false),
		BlobHash: func(p string) string {
			b, err := fs.ReadFile(tree, p)
			if err != nil {
				return ""
			}
			sum := sha256.Sum256(b)
			return hex.EncodeToString(sum[:])
		},
	}
}

func digest(files map[string]string) string {
	h := sha256.New()
	for _, p := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %q\n", p, files[p])
	}
	return hex.EncodeToString(h.Sum(nil))
}
