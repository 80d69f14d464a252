package docs

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/callboard-portal/callboard/generator/diag"
)

// The limits of a docs folder.
const (
	maxFiles = 20_000
	maxDepth = 32
)

// file is a file of the docs: rel is its path in docs_dir, path in the checkout.
type file struct {
	rel, path string
	url       string // of pages: the URL path inside the site
}

// tree is what a docs folder holds.
type tree struct {
	pages  []*file // index first, then by path, folders after files (MkDocs' order)
	assets []*file
}

// listTree lists the docs of a place. Hidden files and a folder "templates" at
// the top are left out as MkDocs does (mkdocs/structure/files.py).
func listTree(p *place, c *config) (*tree, diag.List) {
	t, diags := &tree{}, diag.List{}
	count := 0
	var walk func(dir string, depth int)
	walk = func(dir string, depth int) {
		entries, _ := fs.ReadDir(p.checkout.FS, dir)
		slices.SortFunc(entries, compareEntries)
		for _, e := range entries {
			full := path.Join(dir, e.Name())
			rel := strings.TrimPrefix(strings.TrimPrefix(full, c.docsDir), "/")
			if strings.HasPrefix(e.Name(), ".") || rel == "templates" || c.exclude.match(rel) {
				continue
			}
			if count++; count > maxFiles {
				return
			}
			switch {
			case isDir(p.checkout.FS, full, e):
				if depth < maxDepth {
					walk(full, depth+1)
				}
			case isMarkdown(e.Name()):
				t.pages = append(t.pages, &file{rel: rel, path: full})
			default:
				t.assets = append(t.assets, &file{rel: rel, path: full})
			}
		}
	}
	if isDirectory(p.checkout.FS, c.docsDir) {
		walk(c.docsDir, 0)
	}
	if count > maxFiles {
		diags.Add(diag.Diagnostic{Code: "docs-too-many", Severity: diag.Error, Pos: diag.Pos{Source: p.checkout.Name, File: c.docsDir},
			Message: "the docs folder has more than 20000 files; the rest is left out", Hint: "point docs_dir at the docs alone, or use exclude_docs"})
	}
	t.addReadme(p, c)
	return t, diags
}

func isDirectory(fsys fs.FS, dir string) bool {
	info, err := fs.Stat(fsys, dir)
	return err == nil && info.IsDir()
}

func isDir(fsys fs.FS, full string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink != 0 {
		return isDirectory(fsys, full)
	}
	return e.IsDir()
}

func isMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdown", ".mkdn", ".mkd":
		return true
	}
	return false
}

func isIndex(name string) bool {
	stem := strings.TrimSuffix(name, path.Ext(name))
	return stem == "index" || strings.EqualFold(stem, "readme")
}

// compareEntries puts index and README first, then files, then folders.
func compareEntries(a, b fs.DirEntry) int {
	rank := func(e fs.DirEntry) int {
		switch {
		case e.IsDir():
			return 3
		case strings.HasPrefix(e.Name(), "index."):
			return 0
		case isIndex(e.Name()):
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name(), b.Name()))
}

// addReadme makes the README beside mkdocs.yml the index where docs_dir has
// none (techdocs' legacyCopyReadmeMdToIndexMd).
func (t *tree) addReadme(p *place, c *config) {
	for _, f := range t.pages {
		if isIndex(f.rel) {
			return
		}
	}
	for _, name := range []string{"README.md", "readme.md"} {
		if full := path.Join(p.root, name); isFile(p.checkout.FS, full) {
			t.pages = slices.Insert(t.pages, 0, &file{rel: "index.md", path: full})
			return
		}
	}
}

// assignURLs gives every page its path inside the site. Of pages that want
// the same one, the first keeps it and the others are left out.
func (t *tree) assignURLs(p *place) diag.List {
	var diags diag.List
	taken := map[string]*file{}
	kept := t.pages[:0]
	for _, f := range t.pages {
		f.url = pageURL(f.rel)
		if other := taken[strings.ToLower(f.url)]; other != nil {
			if isIndex(path.Base(f.rel)) && isIndex(path.Base(other.rel)) {
				continue // README beside index: MkDocs shows index
			}
			diags.Add(diag.Diagnostic{Code: "docs-page-collision", Severity: diag.Warning, Pos: diag.Pos{Source: p.checkout.Name, File: f.path},
				Related: []diag.Pos{{Source: p.checkout.Name, File: other.path}},
				Message: quote(f.rel) + " and " + quote(other.rel) + " would have the same address; the second is left out", Hint: "rename one of them"})
			continue
		}
		taken[strings.ToLower(f.url)] = f
		kept = append(kept, f)
	}
	t.pages = kept
	return diags
}

// pageURL returns the URL path of a Markdown file: that of MkDocs' directory
// URLs, with characters that addresses should not contain made "-".
func pageURL(rel string) string {
	dir, name := path.Split(rel)
	if isIndex(name) {
		return slugPath(dir)
	}
	return slugPath(dir + strings.TrimSuffix(name, path.Ext(name)) + "/")
}

// slugPath replaces all but letters, digits and "._~-/" by "-".
func slugPath(p string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '/' || r == '.' || r == '_' || r == '~' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return '-'
	}, norm.NFC.String(p))
	parts := strings.Split(plain, "/")
	for i, s := range parts {
		parts[i] = asciiSegment(s)
	}
	return strings.Join(parts, "/")
}

// asciiSegment writes a segment of a path over [A-Za-z0-9._~-], which is what
// the portal's addresses are made of: other bytes become "~" and two
// hexadecimal digits, and so does a dot that begins it or follows a dot. One
// longer than 200 bytes is cut and made distinct by a hash, before its extension.
func asciiSegment(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c == '.' && (i == 0 || s[i-1] == '.') {
			fmt.Fprintf(&b, "~%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	if b.Len() <= 200 {
		return b.String()
	}
	sum, ext := sha256.Sum256([]byte(s)), path.Ext(b.String())
	if len(ext) > 10 || strings.Contains(ext, "~") {
		ext = ""
	}
	return b.String()[:170] + "~" + hex.EncodeToString(sum[:6]) + ext
}
