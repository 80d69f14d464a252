// Package serve answers HTTP requests from a built site the way a static host
// would: index files, 404.html, the site's own _headers and _redirects, and
// compression. With live reload it also tells open pages to load again after
// a rebuild. It is for local use; production needs only a file host.
package serve

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Handler serves one output folder. The folder may be exchanged for the next
// release at any time: each request opens files by path afresh.
type Handler struct {
	dir    string
	reload *Reload
}

// New returns a handler for a built site. reload may be nil; if not, HTML
// pages get a script that waits for it.
func New(dir string, reload *Reload) *Handler { return &Handler{dir: dir, reload: reload} }

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.reload != nil && strings.HasPrefix(r.URL.Path, reloadPrefix) {
		h.reload.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	clean := path.Clean("/" + r.URL.Path)
	if strings.HasSuffix(r.URL.Path, "/") && clean != "/" {
		clean += "/"
	}
	rules := h.rules()
	status, name := http.StatusOK, h.resolve(clean)
	if name == "" && !strings.HasSuffix(clean, "/") && h.resolve(clean+"/") != "" {
		redirect(w, r, clean+"/", http.StatusMovedPermanently)
		return
	}
	if name == "" {
		if to, code, ok := rules.redirect(clean); ok {
			redirect(w, r, to, code)
			return
		}
		status, name = http.StatusNotFound, h.resolve("/404.html")
	}
	rules.headers(clean, w.Header())
	// Nothing is kept by the browser while someone works on the site.
	w.Header().Set("Cache-Control", "no-cache")
	if name == "" {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	h.send(w, r, name, status)
}

// resolve returns the file for a clean URL path, or "".
func (h *Handler) resolve(clean string) string {
	if strings.Contains(clean, "/.") {
		return "" // hosts do not serve dot files
	}
	if strings.HasSuffix(clean, "/") {
		clean += "index.html"
	}
	// A path that is another one here, such as one with backslashes, is none.
	local, err := filepath.Localize(strings.TrimPrefix(clean, "/"))
	if err != nil {
		return ""
	}
	name := filepath.Join(h.dir, local)
	if fi, err := os.Stat(name); err != nil || !fi.Mode().IsRegular() {
		return ""
	}
	return name
}

func redirect(w http.ResponseWriter, r *http.Request, to string, code int) {
	if r.URL.RawQuery != "" && !strings.Contains(to, "?") {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", to)
	w.WriteHeader(code)
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request, name string, status int) {
	body, err := os.ReadFile(name)
	if err != nil {
		http.Error(w, "the site is being replaced; try again", http.StatusServiceUnavailable)
		return
	}
	ctype := contentType(name)
	if h.reload != nil && strings.HasPrefix(ctype, "text/html") {
		body = h.reload.inject(body)
	}
	header := w.Header()
	header.Set("Content-Type", ctype)
	header.Add("Vary", "Accept-Encoding")
	if compressible(ctype) && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		_, _ = z.Write(body) // a bytes.Buffer does not fail
		_ = z.Close()
		body = buf.Bytes()
	}
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = io.Copy(w, bytes.NewReader(body)) // the reader may have gone
	}
}

// contentType goes by extension alone, from a fixed table where the system's
// could differ between machines.
func contentType(name string) string {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".xml":
		return "application/xml; charset=utf-8"
	case ".txt", ".md", ".yaml", ".yml", ".proto", ".graphql":
		return "text/plain; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

func compressible(ctype string) bool {
	return strings.HasPrefix(ctype, "text/") || strings.HasPrefix(ctype, "application/json") ||
		strings.HasPrefix(ctype, "application/xml") || strings.HasPrefix(ctype, "image/svg")
}
