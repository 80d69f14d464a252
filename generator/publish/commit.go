package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/callboard-portal/callboard/generator/manifest"
)

// strikeSpare takes the spare tree off the record before it is changed.
func (s *store) strikeSpare() error {
	id, _ := folderID(s.served)
	var rest []recordedTree
	for _, t := range s.record.Trees {
		if s.live != nil && t.ID == id {
			rest = append(rest, t)
		}
	}
	if s.base == nil && len(rest) == len(s.record.Trees) {
		return nil
	}
	return s.saveRecord(rest...)
}

// emptySpare discards whatever is where the spare tree goes.
func (s *store) emptySpare() error {
	if err := s.disk.step("discard"); err != nil {
		return err
	}
	for _, leftover := range []string{s.spare, s.copyFolder()} {
		if err := os.RemoveAll(leftover); err != nil {
			return err
		}
	}
	return os.Mkdir(s.spare, 0o755)
}

// copyFolder is where the first release's spare tree is made.
func (s *store) copyFolder() string { return s.spare + "-copy" }

// movedFolder is where the served tree waits between two renames.
func (s *store) movedFolder() string { return s.spare + "-moved" }

// commit makes the finished spare tree the served one. Everything is on the
// disk and on record before the exchange; after it only the folders that it
// changed are synced.
func (s *store) commit(ctx context.Context, next *manifest.Manifest) (Swap, error) {
	other, otherTree := s.served, s.live
	if s.live == nil {
		if err := s.copySpare(ctx, next); err != nil {
			return "", err
		}
		other, otherTree = s.copyFolder(), newTree(s.copyFolder(), next)
	} else if !s.clean {
		otherTree = nil
	}
	if err := s.disk.step("sync"); err != nil {
		return "", err
	}
	if err := syncFileSystem(s.spare); err != nil {
		return "", fmt.Errorf("sync the file system: %w", err)
	}
	if err := s.recordTrees(s.spare, next, other, otherTree); err != nil {
		return "", err
	}
	swap, err := s.swap()
	if err != nil {
		return "", err
	}
	return swap, s.tidy()
}

// recordTrees records what a tree holds, and what a second one holds if it is
// not nil.
func (s *store) recordTrees(folder string, m *manifest.Manifest, other string, held *tree) error {
	name, err := s.keepManifest(m)
	if err != nil {
		return err
	}
	id, _ := folderID(folder)
	trees := []recordedTree{{ID: id, Manifest: name}}
	if held != nil {
		if id, ok := folderID(other); ok {
			name, err := s.manifestOf(held, id)
			if err != nil {
				return err
			}
			trees = append(trees, recordedTree{ID: id, Manifest: name})
		}
	}
	return s.saveRecord(trees...)
}

// manifestOf returns the name of a tree's manifest, writing it if the tree was
// not on record.
func (s *store) manifestOf(t *tree, id string) (string, error) {
	for _, r := range s.record.Trees {
		if r.ID == id {
			return r.Manifest, nil
		}
	}
	return s.keepManifest(&manifest.Manifest{Engine: t.engine, ThemeDigest: t.themeDigest, Pages: t.pages, Files: t.files, Keys: t.keys})
}

// copySpare makes a second tree of links to a first release, so that the next
// build finds a spare one. File systems without hard links go without.
func (s *store) copySpare(ctx context.Context, m *manifest.Manifest) error {
	g := &growing{root: s.copyFolder(), disk: s.disk, folders: map[string]bool{}}
	if err := errors.Join(os.RemoveAll(g.root), os.Mkdir(g.root, 0o755)); err != nil {
		return err
	}
	for name := range m.Files {
		if err := errors.Join(ctx.Err(), g.link(s.spare, name, false)); err != nil {
			return err
		}
	}
	return nil
}

// swap puts the spare tree in the place of the served one, which becomes the
// spare.
func (s *store) swap() (Swap, error) {
	if err := s.disk.step("swap"); err != nil {
		return "", err
	}
	how, err := s.exchange()
	if err != nil {
		return "", fmt.Errorf("exchange %s with the next release (a mount point cannot be exchanged; publish to a folder inside it): %w", s.served, err)
	}
	return how, errors.Join(s.disk.step("swapped"), syncParents(s.served, s.spare))
}

func (s *store) exchange() (Swap, error) {
	if s.live == nil {
		return SwapCreated, s.create()
	}
	err := s.disk.exchange(s.spare, s.served)
	if err == nil {
		return SwapExchanged, nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return "", err
	}
	return SwapRenamed, s.renamePair()
}

// create puts a first release where nothing is, or an empty folder.
func (s *store) create() error {
	if err := os.Remove(s.served); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(s.spare, s.served); err != nil {
		return err
	}
	if err := s.disk.step("created"); err != nil {
		return err
	}
	return os.Rename(s.copyFolder(), s.spare)
}

// renamePair is the exchange for systems that have none.
func (s *store) renamePair() error {
	if err := os.Rename(s.served, s.movedFolder()); err != nil {
		return err
	}
	if err := s.disk.step("moved away"); err != nil {
		return errors.Join(err, os.Rename(s.movedFolder(), s.served))
	}
	if err := os.Rename(s.spare, s.served); err != nil {
		return errors.Join(err, os.Rename(s.movedFolder(), s.served))
	}
	if err := s.disk.step("moved in"); err != nil {
		return err
	}
	return os.Rename(s.movedFolder(), s.spare)
}

// mendRename completes or undoes renames at which an earlier build was killed.
func (s *store) mendRename() error {
	if exists(s.movedFolder()) {
		switch {
		case !exists(s.served):
			return os.Rename(s.movedFolder(), s.served)
		case !exists(s.spare):
			return os.Rename(s.movedFolder(), s.spare)
		}
	}
	if exists(s.copyFolder()) && !exists(s.spare) {
		return os.Rename(s.copyFolder(), s.spare)
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
