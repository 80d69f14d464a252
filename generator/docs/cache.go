package docs

import (
	"fmt"
	"html"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// id names the site's packs.
func (s *siteBuild) id() string { return digest(s.place.entity.Ref().Key())[:16] }

// context is what a site depends on besides its files.
func (s *siteBuild) context() string {
	p := s.place
	w := p.checkout.Web
	return digest(s.opt.key(), p.entity.Ref().String(), p.entity.Title(), fmt.Sprint(p.entity.Pos("metadata.annotations."+annotationRef)),
		p.checkout.Name, p.root, p.config, w.Host, w.Base, w.Branch)
}

// treeKey is the key of a site that depends on the very checkout; "" if the
// checkout's content has no digest.
func (s *siteBuild) treeKey() string {
	if s.place.checkout.Digest == "" {
		return "none"
	}
	return digest("tree", s.context(), s.place.checkout.Digest)
}

// docsKey is the key of a site that depends on nothing but the files it is
// made of, found out without reading any.
func (s *siteBuild) docsKey() string {
	hash := s.place.checkout.BlobHash
	parts := []string{"docs", s.context(), s.config.docsDir, hash(s.place.config)}
	for _, in := range s.includes {
		parts = append(parts, in.target, in.config.file, hash(in.config.file), in.config.docsDir)
	}
	for _, dir := range slices.Sorted(maps.Keys(s.folders)) {
		if f := s.folders[dir]; f != nil {
			parts = append(parts, f.file, hash(f.file))
		}
	}
	for _, f := range slices.Concat(s.tree.pages, s.tree.assets) {
		parts = append(parts, f.path, hash(f.path))
	}
	return digest(parts...)
}

// valid reports whether what a pack's links asked for is still so. With
// files, this includes files outside of the docs.
func (s *siteBuild) valid(p *pack, files bool) bool {
	if p.header.Tree == "none" && !files {
		return false
	}
	for key, home := range p.header.Entities {
		ref, err := entity.ParseRef(key, "", entity.DefaultNamespace)
		if err != nil || s.entityHome(ref) != home {
			return false
		}
	}
	for i := range p.header.Pages {
		q := &p.header.Pages[i]
		for name, value := range q.Macros {
			if strings.HasPrefix(name, "git_") && html.EscapeString(s.macro(name, &Page{File: q.File})) != value {
				return false
			}
		}
	}
	if files {
		for file, hash := range p.header.Probes {
			if s.probe(file) != hash {
				return false
			}
		}
	}
	return true
}

// probe returns what identifies a file's content, "folder" for a folder and
// "" for nothing. It remembers the answer: a cached site is good only while
// all answers stay the same.
func (s *siteBuild) probe(file string) string {
	answer := ""
	if info, err := fs.Stat(s.place.checkout.FS, file); err == nil {
		if answer = "folder"; !info.IsDir() {
			answer = s.place.checkout.BlobHash(file)
		}
	}
	s.mu.Lock()
	s.probes[file] = answer
	s.mu.Unlock()
	return answer
}

// entityHome returns the folder of an entity in the URL space, below "docs/"
// or "catalog/", and "" if there is no such entity.
func (s *siteBuild) entityHome(ref entity.Ref) string {
	home := ""
	if e := s.catalog.Get(ref); e != nil {
		home = strings.ToLower(e.Metadata.Namespace) + "/" + strings.ToLower(e.Kind) + "/" + e.Metadata.Name + "/"
	}
	s.mu.Lock()
	s.homes[ref.Key()] = home
	s.mu.Unlock()
	return home
}

// restore makes the site what a pack says.
func (s *siteBuild) restore(p *pack) {
	h := &p.header
	s.site.Title, s.site.Description, s.site.Redirects, s.diags = h.Title, h.Description, h.Redirects, h.Diags
	pages := make([]Page, len(h.Pages))
	s.site.Pages = make([]*Page, len(h.Pages))
	for i := range h.Pages {
		q := &h.Pages[i]
		pages[i] = Page{Path: q.Path, File: q.File, Title: q.Title, Description: q.Description, Tags: q.Tags,
			HideNav: q.HideNav, HideTOC: q.HideTOC, NoSearch: q.NoSearch, Hash: q.Hash, load: p.body(i).loader(q.Title, q.Macros)}
		s.site.Pages[i] = &pages[i]
		s.locatePage(&pages[i], q.Edit)
	}
	s.site.Nav = s.restoreNav(h.Nav)
	s.site.Assets = h.Assets
	for i := range s.site.Assets {
		s.site.Assets[i].Open = s.opener(s.site.Assets[i].File)
	}
	s.pack = p.file
}

func (s *siteBuild) restoreNav(items []packNav) []*NavItem {
	var out []*NavItem
	for _, it := range items {
		n := &NavItem{Title: it.Title, URL: it.URL, Children: s.restoreNav(it.Children)}
		if it.Page > 0 && it.Page <= len(s.site.Pages) {
			n.Page = s.site.Pages[it.Page-1]
		}
		out = append(out, n)
	}
	return out
}

// reuse offers the bodies of older packs to pages whose source is the same.
func (s *siteBuild) reuse(packs []*pack) {
	s.cached = map[string]body{}
	for _, p := range packs {
		for i, q := range p.header.Pages {
			if _, ok := s.cached[q.Source]; !ok && q.Source != "" {
				s.cached[q.Source] = p.body(i)
			}
		}
		if s.base == "" {
			s.base = p.file
		}
	}
}

// save writes the site to a pack, if there is a cache.
func (s *siteBuild) save(treeKey, docsKey string) error {
	if s.cache.dir == "" {
		return nil
	}
	h := &packHeader{Tree: treeKey, Docs: docsKey, Title: s.site.Title, Description: s.site.Description, Redirects: s.site.Redirects,
		Diags: s.diags, Assets: s.site.Assets, Probes: s.probes, Entities: s.homes}
	index := map[*Page]int{}
	bodies := make([]body, len(s.pages))
	offset := 0
	for i, p := range s.pages {
		q := p.page
		index[q] = i + 1
		if p.doc.transient {
			h.Tree, h.Docs = "none", "none"
		}
		bodies[i] = p.body
		h.Pages = append(h.Pages, packPage{Path: q.Path, File: q.File, Title: q.Title, Description: q.Description, Tags: q.Tags,
			HideNav: q.HideNav, HideTOC: q.HideTOC, NoSearch: q.NoSearch, Hash: q.Hash, Source: p.key, Edit: p.edit, Snippets: p.snippets, Macros: p.macros,
			Offset: offset, Length: p.body.length, Sum: p.body.sum})
		offset += p.body.length
	}
	h.Nav = packNavItems(s.site.Nav, index)
	s.pack = s.cache.path(s.id(), digest(treeKey, docsKey, fmt.Sprint(s.probes), fmt.Sprint(s.homes)))
	if err := writePack(s.pack, h, bodies); err != nil {
		return err
	}
	written, err := openPack(s.pack)
	if err != nil {
		return fmt.Errorf("read docs cache back: %w", err)
	}
	for i, p := range s.pages { // from here on the bodies are on disk only
		p.body = written.body(i)
		p.page.load = p.body.loader(p.page.Title, p.macros)
	}
	return nil
}

func packNavItems(items []*NavItem, index map[*Page]int) []packNav {
	var out []packNav
	for _, it := range items {
		out = append(out, packNav{Title: it.Title, URL: it.URL, Page: index[it.Page], Children: packNavItems(it.Children, index)})
	}
	return out
}
