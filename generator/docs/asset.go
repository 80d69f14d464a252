package docs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	for _, f := range s.tree.assets {
		s.publish(f.path)
	}
}

// publish returns the asset for a file of the checkout, or nil if there is no
// such file or it is not of a kind that is published.
func (s *siteBuild) publish(file string) *Asset {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.assets[file]; ok {
		return a
	}
	s.assets[file] = nil
	want, ok := assetTypes[strings.ToLower(path.Ext(file))]
	if !ok || hidden(file) {
		return nil
	}
	fsys := s.place.checkout.FS
	info, err := fs.Stat(fsys, file)
	s.probes[file] = err == nil
	if err != nil || info.IsDir() || info.Size() > maxAsset || s.bytes+info.Size() > maxSiteAssets {
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
	a.Open = func() ([]byte, error) { return fs.ReadFile(fsys, file) }
	if isSVG(file) {
		sum := sha256.Sum256([]byte(engineVersion + a.Hash))
		a.Hash = hex.EncodeToString(sum[:16])
		a.Open = func() ([]byte, error) {
			data, err := fs.ReadFile(fsys, file)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", file, err)
			}
			return sanitize.SVG(data)
		}
	}
	s.bytes += info.Size()
	s.assets[file] = a
	return a
}

func hidden(file string) bool {
	return strings.HasPrefix(file, ".") || strings.Contains(file, "/.")
}

// assetPath returns the URL path of a file: its place in docs_dir, or below
// "_files/" if it lies elsewhere in the repository.
func (s *siteBuild) assetPath(file string) string {
	if rel, ok := strings.CutPrefix(file, s.config.docsDir+"/"); ok || s.config.docsDir == "." {
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
