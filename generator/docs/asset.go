package docs

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // for the dimensions
	_ "image/jpeg" // for the dimensions
	_ "image/png"  // for the dimensions
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// The limits of assets, in bytes: of one file and of a site.
const (
	maxAsset      = 5 << 20
	maxSiteAssets = 100 << 20
)

// assetTypes are the extensions of files that are published, and what the
// head of such a file must look like to http.DetectContentType; "" is for
// formats it does not know, which browsers do not run. HTML, XML, scripts and
// the like are never published on the portal's origin.
var assetTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "", ".ico": "image/x-icon",
	".svg": "", ".bmp": "image/bmp", ".pdf": "application/pdf", ".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "", ".ogg": "application/ogg", ".wav": "audio/wave",
	".txt": "text/plain", ".csv": "text/plain", ".json": "text/plain", ".yaml": "text/plain", ".yml": "text/plain", ".toml": "text/plain",
	".zip": "application/zip", ".gz": "application/x-gzip", ".tgz": "application/x-gzip", ".tar": "",
	".docx": "application/zip", ".xlsx": "application/zip", ".pptx": "application/zip", ".drawio": "",
	".py": "text/plain", ".sh": "text/plain", ".go": "text/plain", ".java": "text/plain", ".sql": "text/plain", ".proto": "text/plain", ".graphql": "text/plain",
	".woff": "", ".woff2": "",
}

// publishAll publishes the files of docs_dir that are of a kind that is
// published, whether or not a page refers to them.
func (s *siteBuild) publishAll() {
	for i, f := range s.tree.assets {
		if a := s.publish(f.path); a != nil && s.bytes > maxSiteAssets {
			s.diags.Add(diag.Diagnostic{Code: "docs-assets-too-large", Severity: diag.Error, Entity: s.site.Entity.String(),
				Pos:     diag.Pos{Source: s.site.Source, File: f.path},
				Message: "the files beside the pages have more than 100 MiB; this one and those after it are left out", Hint: "keep large files elsewhere and link to them"})
			for _, g := range s.tree.assets[i:] {
				s.assets[g.path] = nil
			}
			return
		}
	}
}

// publish returns the asset for a file of the checkout, or nil if there is no
// such file or it is not of a kind that is published.
func (s *siteBuild) publish(file string) *Asset {
	s.mu.Lock()
	a, ok := s.assets[file]
	s.mu.Unlock()
	if ok {
		return a
	}
	a = s.asset(file)
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.assets[file]; ok { // another page was faster
		return other
	}
	if a != nil {
		s.bytes += a.Size
	}
	s.assets[file] = a
	return a
}

// asset makes the asset for a file, or returns nil.
func (s *siteBuild) asset(file string) *Asset {
	want, ok := assetTypes[strings.ToLower(path.Ext(file))]
	if !ok || hidden(file) {
		return nil
	}
	fsys := s.place.checkout.FS
	info, err := fs.Stat(fsys, file)
	if _, ok := s.rel(file); !ok {
		s.probe(file) // the listing of docs_dir would not show a change
	}
	if err != nil || info.IsDir() || info.Size() > maxAsset {
		return nil
	}
	a := &Asset{Path: s.assetPath(file), File: file, Hash: s.place.checkout.BlobHash(file), Size: info.Size()}
	if isImage(file) || want != "" {
		data, err := fs.ReadFile(fsys, file)
		if err != nil || !agrees(want, data) {
			return nil
		}
		a.Width, a.Height = dimensions(file, data)
	}
	a.Open = s.opener(file)
	if isSVG(file) {
		if _, err := a.Open(); err != nil { // not SVG, or nothing that could be published
			return nil
		}
		a.Hash = digest(engineVersion, a.Hash)
	}
	return a
}

// opener returns a function that reads a file as it is to be published.
func (s *siteBuild) opener(file string) func() ([]byte, error) {
	fsys := s.place.checkout.FS
	return func() ([]byte, error) {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		if isSVG(file) {
			return sanitize.SVG(data)
		}
		return data, nil
	}
}

func hidden(file string) bool {
	return strings.HasPrefix(file, ".") || strings.Contains(file, "/.")
}

// assetPath returns the URL path of a file: its place in docs_dir, or below
// "_files/" if it lies elsewhere in the repository.
func (s *siteBuild) assetPath(file string) string {
	if rel, ok := s.rel(file); ok {
		return slugPath(rel)
	}
	return "_files/" + slugPath(file)
}

func isSVG(file string) bool { return strings.EqualFold(path.Ext(file), ".svg") }

func isImage(file string) bool {
	return isSVG(file) || strings.HasPrefix(assetTypes[strings.ToLower(path.Ext(file))], "image/")
}

// agrees reports whether a file's head is what its extension says.
func agrees(want string, data []byte) bool {
	if want == "" {
		return true
	}
	got, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return got == want || want == "image/x-icon" && strings.HasPrefix(got, "image/") || len(data) == 0
}

// dimensions returns an image's size in pixels, or zeros.
func dimensions(file string, data []byte) (width, height int) {
	if isSVG(file) {
		return sanitize.SVGSize(data)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width > 1<<16 || c.Height > 1<<16 {
		return 0, 0
	}
	return c.Width, c.Height
}

// size returns the attributes that keep an image's place free.
func (r *resolver) size(a *Asset) string {
	return ` width="` + strconv.Itoa(a.Width) + `" height="` + strconv.Itoa(a.Height) + `"`
}
