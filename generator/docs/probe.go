package docs

import (
	"embed"
	"io/fs"
	"sync"

	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

// corpora are the inputs of the extensions' own tests.
//
//go:embed ext/*/testdata/corpus.txt
var corpora embed.FS

// engineKey identifies how this program renders pages: its version, and what
// it makes of the corpora. So a change of the dialect makes old packs useless
// even if nobody thought of raising the version.
var engineKey = sync.OnceValue(func() string {
	parts := []string{engineVersion}
	_ = fs.WalkDir(corpora, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		source, err := fs.ReadFile(corpora, name)
		if err == nil {
			parts = append(parts, string(encodeRecord(renderPage(source, markdown.Options{}), nil)))
		}
		return err
	})
	return digest(parts...)
})
