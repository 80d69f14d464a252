package publish

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/callboard-portal/callboard/generator/manifest"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/site"
)

// MarkerPath is a file in every site by which Callboard recognises a folder as
// its own when the state folder is gone.
const MarkerPath = ".callboard-site"

const markerText = "This folder is written by `callboard build` and replaced whole every time.\nFiles put here by hand disappear with the next build.\n"

// contents is what the next release consists of, by path.
type contents struct {
	pages []wantedPage
	files []page.File
	paths map[string]bool
	dated []string // paths that carry the time of the build
}

type wantedPage struct {
	*page.Page
	path string
	key  manifest.Hash
}

// newContents lists all paths of the release and computes the keys of its
// pages. Two files that cannot both exist are an error: the page stage must
// have resolved them.
func newContents(ctx context.Context, set *page.Set, assets []page.File) (*contents, error) {
	c := &contents{paths: make(map[string]bool, len(set.Pages)+len(set.Files)+len(assets)+1)}
	c.files = append(c.files, page.NewFile(MarkerPath, []byte(markerText)))
	c.files = append(c.files, assets...)
	c.files = append(c.files, set.Files...)
	folded := make(map[string]string, cap(c.files))
	for _, f := range c.files {
		if err := c.addPath(folded, f.Path); err != nil {
			return nil, err
		}
		if f.Dated {
			c.dated = append(c.dated, f.Path)
		}
	}
	c.pages = make([]wantedPage, len(set.Pages))
	for i, p := range set.Pages {
		if err := site.CheckURL(p.URL); err != nil {
			return nil, err
		}
		c.pages[i] = wantedPage{Page: p, path: site.FilePath(p.URL)}
		if err := c.addPath(folded, c.pages[i].path); err != nil {
			return nil, err
		}
		if p.Dated {
			c.dated = append(c.dated, c.pages[i].path)
		}
	}
	if err := c.checkFolders(folded); err != nil {
		return nil, err
	}
	return c, c.computeKeys(ctx)
}

// addPath refuses paths that leave the site, and those equal to another but
// for case, which are one file on some hosts.
func (c *contents) addPath(folded map[string]string, name string) error {
	if !fs.ValidPath(name) || name == "." || strings.Contains(name, "\\") {
		return fmt.Errorf("file path %q does not stay inside the site", name)
	}
	key := strings.ToLower(name)
	if other, ok := folded[key]; ok {
		return fmt.Errorf("two files of the site want the path %s (the other is %s)", name, other)
	}
	folded[key] = name
	c.paths[name] = true
	return nil
}

// checkFolders refuses a file where another file needs a folder.
func (c *contents) checkFolders(folded map[string]string) error {
	for key, name := range folded {
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if other, ok := folded[dir]; ok {
				return fmt.Errorf("the site cannot hold both the file %s and the file %s below it", other, name)
			}
		}
	}
	return nil
}

// computeKeys computes the keys on all cores: hashing the view-models is a
// large part of a build in which little changed.
func (c *contents) computeKeys(ctx context.Context) error {
	workers := min(runtime.GOMAXPROCS(0), len(c.pages)/16+1)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(c.pages) && errs[w] == nil && ctx.Err() == nil; i += workers {
				c.pages[i].key, errs[w] = pageKey(c.pages[i].Page)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func pageKey(p *page.Page) (manifest.Hash, error) {
	key, err := p.Key()
	if err != nil {
		return manifest.Hash{}, err
	}
	return manifest.ParseHash(key)
}
