package page

import (
	"html"
	"net/url"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/docs"
)

// The navigation of a docs site is one piece of HTML for all its pages. Three
// markers in it are filled in per page, by plain replacement; the byte 0 in
// them occurs nowhere else, since text from outside is stripped of it:
//
//   - navRoot stands before every link and becomes the way up to the site's root;
//   - navAt+path+navEnd in a link becomes aria-current="page" on that page;
//   - navSection+number+navEnd in a section becomes "open" where the page is inside.
const (
	navRoot    = "\x00r"
	navAt      = "\x00p"
	navSection = "\x00s"
	navEnd     = "\x00e"
)

// navIndex is a site's navigation with what its pages need to know of it.
type navIndex struct {
	fragment *Fragment
	open     map[*docs.Page][]int // sections around a page
	crumbs   map[*docs.Page][]string
}

// newNav renders a site's navigation: nested lists, sections as <details>.
func newNav(site *docs.Site) *navIndex {
	n := &navIndex{open: map[*docs.Page][]int{}, crumbs: map[*docs.Page][]string{}}
	if len(site.Nav) == 0 {
		return n
	}
	var b strings.Builder
	w := navWriter{b: &b, index: n}
	w.list(site.Nav, nil, nil)
	n.fragment = NewFragment(b.String())
	return n
}

type navWriter struct {
	b        *strings.Builder
	index    *navIndex
	sections int
}

func (w *navWriter) list(items []*docs.NavItem, open []int, titles []string) {
	w.b.WriteString("<ul>")
	for _, it := range items {
		w.b.WriteString("<li>")
		switch {
		case len(it.Children) > 0:
			w.section(it, open, titles)
		case it.Page != nil:
			w.page(it, open, titles)
		case safeURL(it.URL):
			w.b.WriteString(`<a href="` + html.EscapeString(it.URL) + `" rel="noopener noreferrer">` + navText(it.Title) + `</a>`)
		case downloadURL(it.URL):
			w.b.WriteString(`<a href="` + navRoot + html.EscapeString(it.URL) + `">` + navText(it.Title) + `</a>`)
		default:
			w.b.WriteString(`<span>` + navText(it.Title) + `</span>`)
		}
		w.b.WriteString("</li>")
	}
	w.b.WriteString("</ul>")
}

func (w *navWriter) section(it *docs.NavItem, open []int, titles []string) {
	n := w.sections
	w.sections++
	w.b.WriteString("<details" + navSection + strconv.Itoa(n) + navEnd + "><summary>" + navText(it.Title) + "</summary>")
	inside := append(open[:len(open):len(open)], n)
	if it.Page != nil {
		w.b.WriteString(`<p>`)
		w.page(it, inside, titles)
		w.b.WriteString(`</p>`)
	}
	w.list(it.Children, inside, append(titles[:len(titles):len(titles)], it.Title))
	w.b.WriteString("</details>")
}

func (w *navWriter) page(it *docs.NavItem, open []int, titles []string) {
	if _, seen := w.index.open[it.Page]; !seen {
		w.index.open[it.Page] = open
		w.index.crumbs[it.Page] = titles
	}
	path := docsPath(it.Page.Path)
	w.b.WriteString(`<a href="` + navRoot + path + `"` + navAt + path + navEnd + `>` + navText(it.Title) + `</a>`)
}

// downloadURL reports whether a URL is a path below the site's top.
func downloadURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && s != "" && u.Scheme == "" && u.Host == "" && !strings.HasPrefix(u.Path, "/") &&
		!strings.Contains(u.Path, "..") && !strings.ContainsAny(s, "\x00\\")
}

func navText(s string) string { return html.EscapeString(strings.ReplaceAll(s, "\x00", "")) }

// NavHTML returns the site's navigation for this page, with relative links,
// this page's entry marked with aria-current="page" and the sections around it
// unfolded: nested <ul>, sections as <details><summary>. Empty without one.
func (v *DocView) NavHTML() (string, error) {
	text, err := v.Nav.HTML()
	if err != nil || text == "" {
		return "", err
	}
	path := docsPath(v.Path)
	root := strings.Repeat("../", strings.Count(path, "/"))
	if root == "" {
		root = "./"
	}
	opened := map[string]bool{}
	for _, n := range v.NavOpen {
		opened[strconv.Itoa(n)] = true
	}
	var b strings.Builder
	b.Grow(len(text) + 64)
	for {
		i := strings.IndexByte(text, 0)
		if i < 0 || i+1 >= len(text) {
			b.WriteString(text)
			return b.String(), nil
		}
		b.WriteString(text[:i])
		marker := text[i : i+2]
		text = text[i+2:]
		if marker == navRoot {
			b.WriteString(root)
			continue
		}
		arg, rest, _ := strings.Cut(text, navEnd)
		text = rest
		switch {
		case marker == navAt && arg == path:
			b.WriteString(` aria-current="page"`)
		case marker == navSection && opened[arg]:
			b.WriteString(" open")
		}
	}
}
