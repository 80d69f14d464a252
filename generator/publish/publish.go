// Package publish turns a set of pages into a folder that a web server serves.
// [Release] renders what changed since the last release, writes the next
// release beside the served folder and exchanges the two in one step, so that
// a reader sees the old site or the new one, whole, whatever happens to the
// build.
//
// # How a release is made
//
// Two trees of files exist: the served folder, and a spare one that was served
// before it. Files that are the same in both are hard links to one file. A
// build brings the spare up to date: it removes what is gone, links what the
// served tree has and writes the rest as new files. Its cost is that of the
// changes; a fresh tree of 10,000 links would take about half a second, and
// removing the old one longer. No file that a served tree shares is ever
// written to.
//
// Which tree holds which release is recorded in the state folder by the trees'
// inode numbers, so that the record is right before and after the exchange and
// the exchange itself needs none. A tree that is being changed is struck off
// the record first. Whatever a killed build leaves behind is therefore either
// a whole release or a tree without a record, which the next build discards.
//
// # What it asks of the disk
//
// The two trees must be on one file system: the spare one is kept in the state
// folder if that allows it, else beside the served folder, as a hidden folder.
// The exchange is renameat2 with RENAME_EXCHANGE on Linux and renamex_np with
// RENAME_SWAP on macOS; elsewhere, and on file systems that do not know it,
// two renames, between which the folder is missing for a moment: Result.Swap
// says which it was. Before the exchange the file system is synced once.
package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/manifest"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/site"
)

// Options are what Release needs; all but Lock are required.
type Options struct {
	// Dir is the served folder. It is exchanged whole, so it must be
	// Callboard's own: absent, empty, or made by an earlier build. Its parent
	// must be writable. A symbolic link is followed.
	Dir string
	// StateDir keeps what is needed for the next build to be quick.
	StateDir string
	// Lock is the lock of StateDir that the caller holds; nil makes Release
	// take it for the time of the call.
	Lock  *Lock
	Set   *page.Set
	Theme *site.Theme
	// MaxFiles and MaxBytes bound the whole site; 0 means no bound. A site
	// that exceeds one is not released: the error is [ErrLimit].
	MaxFiles int
	MaxBytes int64

	disk disk // zero outside tests
}

// disk is what tests replace to see how a release fares on other disks: one
// that fails at some step, has no hard links, or knows no exchange.
type disk struct {
	step     func(what string) error     // called before each change
	move     func(from, to string) error // for the choice of the spare tree's place
	link     func(from, to string) error
	exchange func(a, b string) error
	hold     int // bytes held in memory before the spare tree is touched
}

func (d disk) orReal() disk {
	real := disk{step: func(string) error { return nil }, move: os.Rename, link: os.Link, exchange: exchangeFolders, hold: holdBytes}
	if d.step != nil {
		real.step = d.step
	}
	if d.move != nil {
		real.move = d.move
	}
	if d.link != nil {
		real.link = d.link
	}
	if d.exchange != nil {
		real.exchange = d.exchange
	}
	if d.hold != 0 {
		real.hold = d.hold
	}
	return real
}

// ErrLimit is returned where the site would have more files or bytes than
// Options allow.
var ErrLimit = errors.New("the site is too large")

// Result says what a release did.
type Result struct {
	// Total counts the site's pages, Rendered and Unchanged those rendered
	// now and kept, Removed those the last release had and this one has not.
	Total, Rendered, Unchanged, Removed int
	// Files and Bytes count everything in the site, pages included; Written
	// counts the files whose bytes had to be written.
	Files   int
	Bytes   int64
	Written int
	// SiteHash identifies the bytes of the site, in hexadecimal. Pages and
	// files that are Dated are left out of it, so that it stays the same for
	// as long as nothing but the time of the build changes.
	SiteHash string
	// Swap says how the served folder was replaced.
	Swap Swap
	// Warnings are the theme's, and that an exchange was not possible.
	Warnings diag.List
}

// Swap is a way to replace the served folder.
type Swap string

// The ways to replace the served folder.
const (
	// SwapNone: the site is byte for byte what was served already.
	SwapNone Swap = "none"
	// SwapCreated: there was no site before.
	SwapCreated Swap = "created"
	// SwapExchanged: exchanged in one step.
	SwapExchanged Swap = "exchanged"
	// SwapRenamed: by two renames; the folder was missing in between.
	SwapRenamed Swap = "renamed"
)

// renderer renders pages and hands each to put, from several goroutines.
type renderer func(ctx context.Context, pages []*page.Page, put func(url string, data []byte) error) (diag.List, error)

// Release renders the pages whose key changed and replaces the served folder
// with the site that the set describes. On any error the served folder stays
// as it was. The error is [ErrBusy] where another build holds the state folder,
// [ErrLimit] where the site is too large, and [ErrForeign] where Dir holds
// files that are not a site of Callboard's.
//
// The published bytes depend on Set and Theme alone, not on what the state
// folder holds.
func Release(ctx context.Context, o Options) (res Result, err error) {
	if o.Lock == nil {
		if o.Lock, err = LockState(o.StateDir); err != nil {
			return Result{}, err
		}
		defer func() { err = errors.Join(err, o.Lock.Unlock()) }()
	}
	assets, err := o.Theme.Assets(ctx)
	if err != nil {
		return Result{}, err
	}
	render := func(ctx context.Context, pages []*page.Page, put func(string, []byte) error) (diag.List, error) {
		out, err := site.Render(ctx, site.Input{Theme: o.Theme, Pages: pages, Put: put})
		return out.Warnings, err
	}
	if res, err = release(ctx, o, o.Theme.Digest(), assets, render); err != nil {
		return Result{}, err
	}
	return res, o.Theme.RemoveOthers()
}

// release is Release, with any renderer, for the holder of the lock.
func release(ctx context.Context, o Options, themeDigest string, assets []page.File, render renderer) (res Result, err error) {
	dir, err := servedFolder(o.Dir)
	if err != nil {
		return Result{}, err
	}
	want, err := newContents(ctx, o.Set, assets)
	if err != nil {
		return Result{}, err
	}
	s, err := openStore(ctx, o.StateDir, dir, o.disk.orReal())
	if err != nil {
		return Result{}, err
	}
	w := newWriter(s, want, manifest.New(site.EngineVersion, themeDigest))
	w.maxFiles, w.maxBytes = o.MaxFiles, o.MaxBytes
	stale := w.reuse()
	res = Result{Total: len(o.Set.Pages), Rendered: len(stale), Unchanged: len(o.Set.Pages) - len(stale), Removed: s.removedPages(o.Set.Pages)}
	if res.Warnings, err = render(ctx, stale, w.putPage); err != nil {
		return Result{}, errors.Join(err, w.abandon())
	}
	if res.Swap, err = w.finish(ctx); err != nil {
		return Result{}, fmt.Errorf("publish to %s: %w", o.Dir, errors.Join(err, w.abandon()))
	}
	if res.Swap == SwapRenamed {
		res.Warnings.Add(notAtomic(o.Dir))
	}
	res.Files, res.Bytes, res.Written = len(w.next.Files), w.next.Bytes(), w.written
	res.SiteHash = w.next.SiteHash(want.dated...).String()
	return res, nil
}

// servedFolder returns the absolute path of the folder to replace, with links
// followed, since it is what they point to that is exchanged.
func servedFolder(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("locate %s: %w", dir, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	switch {
	case err == nil:
		abs = real
	case exists(abs):
		return "", fmt.Errorf("publish to %s: the link leads nowhere: %w", dir, err)
	}
	if abs == filepath.Dir(abs) {
		return "", fmt.Errorf("publish to %s: a root folder cannot be exchanged; use a folder inside it", dir)
	}
	return abs, nil
}
