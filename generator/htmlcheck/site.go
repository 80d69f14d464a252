package htmlcheck

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Site is a folder of finished pages.
type Site struct {
	// Pages by path, such as "catalog/index.html".
	Pages map[string]*Page
	// Files are the paths of all files.
	Files map[string]bool
	// Redirects of the file _redirects, from site path to target.
	Redirects map[string]string
	// Base is the address that the site says it is served at, with a trailing
	// slash; links to it count as internal. It may be empty.
	Base string
}

// ReadSite parses every HTML file of a folder.
func ReadSite(fsys fs.FS, base string) (*Site, error) {
	s := &Site{Pages: map[string]*Page{}, Files: map[string]bool{}, Redirects: map[string]string{}, Base: base}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		s.Files[name] = true
		if path.Ext(name) != ".html" && name != "_redirects" {
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if name == "_redirects" {
			s.readRedirects(data)
			return nil
		}
		s.Pages[name], err = Parse(data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read site: %w", err)
	}
	return s, nil
}

// readRedirects reads Netlify's form: "from to status" on each line.
func (s *Site) readRedirects(data []byte) {
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) >= 2 && f[0][0] != '#' {
			s.Redirects[f[0]] = f[1]
		}
	}
}

// Problems holds every page against the rules of [Page.Problems], and every
// link of the site against what there is. Problems are sorted by page.
func (s *Site) Problems() []Problem {
	var out []Problem
	for _, name := range s.PageNames() {
		p := s.Pages[name]
		for _, problem := range p.Problems() {
			problem.Page = name
			out = append(out, problem)
		}
		for _, l := range p.Links() {
			if wrong := s.badLink(name, l.URL); wrong != "" {
				out = append(out, Problem{name, "links", fmt.Sprintf("%s: %s", show(l.Node), wrong)})
			}
		}
	}
	for from, to := range s.Redirects {
		if wrong := s.badTarget(to); wrong != "" {
			out = append(out, Problem{"_redirects", "links", fmt.Sprintf("%s: %s", from, wrong)})
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return strings.Compare(a.Page, b.Page) })
	return out
}

// PageNames returns the paths of all pages, sorted.
func (s *Site) PageNames() []string {
	var names []string
	for name := range s.Pages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// mount is the sub-path that links are tried below: a site has to work there
// as well as at the root of a host.
const mount = "/portal/"

// badLink says what is wrong with an address on a page, "" if nothing is.
// Addresses on other hosts are not looked at.
func (s *Site) badLink(page, address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return fmt.Sprintf("%q is no address", address)
	case s.Base != "" && strings.HasPrefix(address, s.Base):
		return s.badTarget("/" + strings.TrimPrefix(address, s.Base))
	case u.Scheme != "" || u.Host != "":
		return ""
	case strings.HasPrefix(u.Path, "/"):
		// A host shows 404.html at any address, so that its links cannot be relative.
		if page != "404.html" {
			return fmt.Sprintf("%q does not work below a sub-path", address)
		}
		return s.badTarget(address)
	}
	at, err := url.Parse(mount + strings.TrimSuffix(page, "index.html"))
	if err != nil {
		return fmt.Sprintf("%q is no address", page)
	}
	target := at.ResolveReference(u)
	if climbs(page, u.Path) || !strings.HasPrefix(target.Path, mount) {
		return fmt.Sprintf("%q leads out of the site", address)
	}
	target.Path, target.RawPath = "/"+strings.TrimPrefix(target.Path, mount), ""
	return s.badTarget(target.String())
}

// climbs reports whether a relative path goes above the root of the site,
// which a browser at the root of a host would hide.
func climbs(page, rel string) bool {
	depth := strings.Count(page, "/")
	for part := range strings.SplitSeq(rel, "/") {
		switch part {
		case "..":
			depth--
		case ".", "":
		default:
			depth++
		}
		if depth < 0 {
			return true
		}
	}
	return false
}

// badTarget says what is wrong with a site path, "" if it and its fragment
// exist.
func (s *Site) badTarget(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return fmt.Sprintf("%q is no address", target)
	}
	if to, ok := s.Redirects[u.Path]; ok {
		if u, err = url.Parse(to); err != nil {
			return fmt.Sprintf("%q is no address", to)
		}
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	switch page := s.Pages[name]; {
	case !s.Files[name]:
		return fmt.Sprintf("there is no %s", u.Path)
	case page != nil && !page.HasID(u.Fragment):
		return fmt.Sprintf("there is no #%s on %s", u.Fragment, u.Path)
	}
	return ""
}

// Missing returns what is wrong with an address written in full or as a site
// path, such as in a sitemap; "" if it leads to something on the site.
func (s *Site) Missing(address string) string {
	if s.Base != "" {
		address = strings.TrimPrefix(address, strings.TrimSuffix(s.Base, "/"))
	}
	return s.badTarget(address)
}
