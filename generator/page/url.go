package page

import (
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// The URL space. Every site path is made here, so that pages, links, search
// results and redirects agree. All paths begin with "/"; those of pages end
// with "/".

// Paths of the portal's single pages.
const (
	HomeURL     = "/"
	CatalogURL  = "/catalog/"
	DocsURL     = "/docs/"
	APIDocsURL  = "/api-docs/"
	ExploreURL  = "/explore/"
	GraphURL    = "/graph/"
	SearchURL   = "/search/"
	AZURL       = "/search/a-z/"
	ProblemsURL = "/problems/"
	AboutURL    = "/about/"
	NotFoundURL = "/404.html"
)

// EntityURL returns the path of an entity's page: kind and namespace in lower
// case, the name as written.
func EntityURL(r entity.Ref) string {
	return "/catalog/" + segment(strings.ToLower(r.Namespace)) + "/" + segment(strings.ToLower(r.Kind)) + "/" + segment(r.Name) + "/"
}

// DocsSiteURL returns the path of the index page of an entity's documentation.
func DocsSiteURL(r entity.Ref) string {
	return "/docs/" + segment(strings.ToLower(r.Namespace)) + "/" + segment(strings.ToLower(r.Kind)) + "/" + segment(r.Name) + "/"
}

// DocsPageURL returns the path of a documentation page, given its path inside
// the docs site ("" for the index, else with a trailing slash).
func DocsPageURL(r entity.Ref, path string) string {
	return DocsSiteURL(r) + docsPath(path)
}

// docsPath makes every part of a path inside a docs site safe, over
// [A-Za-z0-9._~-]; the result is "" or ends in "/". What is safe already is
// kept, "~" included, since the docs stage writes the links inside its pages
// by the paths it gives them.
func docsPath(path string) string {
	path = strings.Trim(path, "/")
	if path == "" {
		return ""
	}
	if len(path) <= 200 && path[0] != '.' && !strings.Contains(path, "/.") && !strings.Contains(path, "..") && !strings.Contains(path, "//") && !strings.ContainsFunc(path, foreign) {
		return path + "/"
	}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if p == "" || p[0] == '.' || strings.Contains(p, "..") || len(p) > 200 || strings.ContainsFunc(p, foreign) {
			parts[i] = strings.ReplaceAll(segment(p), "~7e", "~")
		}
	}
	return strings.Join(parts, "/") + "/"
}

// foreign reports whether a character does not belong in a docs path.
func foreign(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '/' || r == '-' || r == '.' || r == '_' || r == '~')
}

// FacetURL returns the path of a catalog list narrowed by one facet ("kind",
// "owner", "tag", "type", "lifecycle", "system", "namespace").
func FacetURL(facet, value string) string {
	return CatalogURL + facet + "/" + segment(strings.ToLower(value)) + "/"
}

// EntityJSONPath returns the site path, without a leading slash, of an
// entity's JSON at Backstage's REST path.
func EntityJSONPath(r entity.Ref) string {
	return "api/catalog/entities/by-name/" + segment(strings.ToLower(r.Kind)) + "/" + segment(strings.ToLower(r.Namespace)) + "/" + segment(r.Name) + ".json"
}

// segment turns any string into one safe path segment over [A-Za-z0-9._~-].
// Other bytes become "~" and two hexadecimal digits, so distinct strings stay
// distinct; a leading dot is escaped too, so that no segment is "." or "..",
// or hidden from hosts that skip dot files, and so is a dot after a dot, since
// Hugo writes a page whose address has ".." in it to the wrong place. Longer than 200 bytes is cut and
// made distinct by a hash.
func segment(s string) string {
	if plainSegment(s) {
		return s
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.' && i > 0 && !strings.HasSuffix(b.String(), "."):
			b.WriteByte(c)
		default:
			b.WriteByte('~')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	switch out := b.String(); {
	case out == "":
		return "~"
	case len(out) > 200:
		return out[:180] + "~" + shortHash(s)
	default:
		return out
	}
}

// plainSegment reports whether segment leaves s as it is.
func plainSegment(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' && i > 0 && s[i-1] != '.') {
			return false
		}
	}
	return s != "" && len(s) <= 200
}

// Rel returns a link from one site path to another, relative, so that the
// site works below any sub-path. Absolute URLs, fragments and empty links are
// returned as they are.
func Rel(from, to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return to
	}
	dir := from[:strings.LastIndexByte(from, '/')+1]
	path, tail := to, ""
	if i := strings.IndexAny(to, "?#"); i >= 0 {
		path, tail = to[:i], to[i:]
	}
	if path == dir {
		return "./" + tail
	}
	common := 0
	for i := 0; i < len(dir) && i < len(path) && dir[i] == path[i]; i++ {
		if dir[i] == '/' {
			common = i + 1
		}
	}
	up := strings.Repeat("../", strings.Count(dir[common:], "/"))
	rest := path[common:]
	if up == "" && rest != "" && (strings.Contains(strings.SplitN(rest, "/", 2)[0], ":") || rest[0] == '/') {
		up = "./"
	}
	if up+rest == "" {
		return "./" + tail
	}
	return up + rest + tail
}
