package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/callboard-portal/callboard/generator/manifest"
	"github.com/callboard-portal/callboard/generator/page"
)

// ErrForeign is returned where the served folder holds something that is not
// a site of Callboard's. Nothing is touched then.
var ErrForeign = errors.New("what is there was not made by Callboard; choose another folder with -o, or move it away first")

// store is the pair of trees and the record of what they hold.
type store struct {
	dir    string // <state>/release
	served string // the folder that is served
	spare  string // where the next release is made
	record record
	disk   disk

	// live and base are what the served and the spare tree hold; nil where
	// there is no such tree, or none worth keeping.
	live, base *tree
	// clean is whether the served tree holds exactly its manifest's files.
	clean bool
}

// tree is a folder and the files in it that are known to be good.
type tree struct {
	root  string
	pages map[string]manifest.Page
	files map[string]manifest.File
	keys  map[string]manifest.Hash // of files that are no pages
	// What the pages were rendered with.
	engine, themeDigest string
}

func newTree(root string, m *manifest.Manifest) *tree {
	return &tree{root: root, pages: m.Pages, files: m.Files, keys: m.Keys, engine: m.Engine, themeDigest: m.ThemeDigest}
}

// renderedLike reports whether pages of equal key are of equal bytes.
func (t *tree) renderedLike(m *manifest.Manifest) bool {
	return t != nil && t.engine == m.Engine && t.themeDigest == m.ThemeDigest
}

func openStore(ctx context.Context, stateDir, served string, d disk) (*store, error) {
	dir, err := filepath.Abs(filepath.Join(stateDir, "release"))
	if err != nil {
		return nil, fmt.Errorf("locate state folder: %w", err)
	}
	if inside, err := filepath.Rel(served, dir); err == nil && filepath.IsLocal(inside) {
		return nil, fmt.Errorf("the state folder %s lies in the folder to publish to, which is replaced whole; put it elsewhere", stateDir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make state folder: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(served), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder above the site: %w", err)
	}
	s := &store{dir: dir, served: served, disk: d}
	if s.spare, err = s.spareFolder(); err != nil {
		return nil, err
	}
	if err := s.mendRename(); err != nil {
		return nil, err
	}
	if s.record, err = readRecord(s.recordFile()); err != nil {
		return nil, err
	}
	if err := s.openLive(ctx); err != nil {
		return nil, err
	}
	return s, s.openSpare(ctx)
}

func (s *store) recordFile() string { return filepath.Join(s.dir, "record.json") }

// spareFolder chooses where the spare tree lives: in the state folder if a
// folder can be renamed from there to beside the served one, else beside it.
func (s *store) spareFolder() (string, error) {
	hidden := filepath.Join(filepath.Dir(s.served), "."+filepath.Base(s.served)+".callboard-")
	probe, beside := filepath.Join(s.dir, "probe"), hidden+"probe"
	if err := errors.Join(os.RemoveAll(probe), os.Mkdir(probe, 0o755)); err != nil {
		return "", fmt.Errorf("write to state folder: %w", err)
	}
	if err := os.RemoveAll(beside); err != nil {
		return "", fmt.Errorf("write to the folder above the site: %w", err)
	}
	if err := s.disk.move(probe, beside); err == nil {
		return filepath.Join(s.dir, "next"), os.Remove(beside)
	}
	return hidden + "next", os.Remove(probe)
}

// openLive finds out what the served folder holds.
func (s *store) openLive(ctx context.Context) error {
	info, err := os.Stat(s.served)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at the site: %w", err)
	case !info.IsDir():
		return fmt.Errorf("publish to %s: %w", s.served, ErrForeign)
	}
	m, err := s.recorded(s.served)
	if err != nil {
		return err
	}
	if m != nil {
		s.live = newTree(s.served, m)
		s.clean, err = s.live.survey(ctx)
		return err
	}
	entries, err := os.ReadDir(s.served)
	if err != nil {
		return fmt.Errorf("look at the site: %w", err)
	}
	if len(entries) == 0 {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(s.served, MarkerPath)); err != nil {
		return fmt.Errorf("publish to %s: %w", s.served, ErrForeign)
	}
	if s.live, err = s.adopt(ctx, s.served); err != nil {
		return err
	}
	s.clean, err = s.live.survey(ctx)
	return err
}

// openSpare finds out what the spare tree holds. It is kept only if it is
// exactly what its record says. Where somebody changed files under the served
// tree that is looked up, for the spare may hold the same files; otherwise
// nobody knows where the spare is, and its record is believed.
func (s *store) openSpare(ctx context.Context) error {
	if _, err := os.Stat(s.spare); err != nil {
		return nil
	}
	base, doubt := (*tree)(nil), false
	m, err := s.recorded(s.spare)
	if err != nil {
		return err
	}
	if m != nil {
		base, doubt = newTree(s.spare, m), s.live != nil && !s.clean
	} else if s.live == nil && len(s.record.Trees) > 0 {
		if base, err = s.adopt(ctx, s.spare); err != nil {
			return err
		}
		doubt = true // adopt reads plain files and looks at nothing else
	}
	if doubt {
		if clean, err := base.survey(ctx); err != nil || !clean {
			return err
		}
	}
	s.base = base
	return nil
}

// recorded returns the manifest recorded for a folder, nil for none. A damaged
// manifest is as good as none; one of a later Callboard is an error.
func (s *store) recorded(folder string) (*manifest.Manifest, error) {
	id, ok := folderID(folder)
	if !ok {
		return nil, nil
	}
	for _, t := range s.record.Trees {
		if t.ID != id {
			continue
		}
		m, err := manifest.Read(filepath.Join(s.dir, t.Manifest))
		if err == nil || errors.Is(err, manifest.ErrNewer) {
			return m, err
		}
	}
	return nil, nil
}

// adopt reads every file of a tree whose record does not fit, as after a cache
// was restored on another machine. Pages of recorded manifests whose files are
// there unharmed keep their keys.
func (s *store) adopt(ctx context.Context, root string) (*tree, error) {
	found, err := manifest.Scan(ctx, root)
	if err != nil {
		return nil, err
	}
	for _, r := range s.record.Trees {
		m, err := manifest.Read(filepath.Join(s.dir, r.Manifest))
		if err != nil {
			continue
		}
		for url, p := range m.Pages {
			if found.Files[p.Path].Hash == m.Files[p.Path].Hash {
				found.Pages[url] = p
			}
		}
		for name, key := range m.Keys {
			if found.Files[name].Hash == m.Files[name].Hash {
				found.Keys[name] = key
			}
		}
		if len(found.Pages) > 0 {
			found.Engine, found.ThemeDigest = m.Engine, m.ThemeDigest
			break
		}
	}
	return newTree(root, found), nil
}

// removedPages counts the pages of the served tree that are not in the set.
func (s *store) removedPages(pages []*page.Page) int {
	if s.live == nil {
		return 0
	}
	kept := 0
	for _, p := range pages {
		if _, ok := s.live.pages[p.URL]; ok {
			kept++
		}
	}
	return len(s.live.pages) - kept
}
