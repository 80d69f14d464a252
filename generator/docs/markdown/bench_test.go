package markdown

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// benchPages returns the pages of the corpus that are below 64 KiB, or the
// hand-written ones where there is no corpus.
func benchPages(b *testing.B) ([][]byte, int64) {
	root := "../../../../shared/corpus/techdocs"
	if _, err := os.Stat(root); err != nil {
		root = "testdata"
	}
	var pages [][]byte
	size := int64(0)
	_ = filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err == nil && filepath.Ext(p) == ".md" {
			if src, err := os.ReadFile(p); err == nil && len(src) < 64<<10 {
				pages = append(pages, src)
				size += int64(len(src))
			}
		}
		return nil
	})
	if len(pages) == 0 {
		b.Fatal("no pages")
	}
	return pages, size
}

func benchmarkEach(b *testing.B, f func(src []byte)) {
	pages, size := benchPages(b)
	b.SetBytes(size)
	b.ResetTimer()
	for range b.N {
		for _, p := range pages {
			f(p)
		}
	}
	b.ReportMetric(float64(len(pages))*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkRenderGoldmark is goldmark with GFM alone.
func BenchmarkRenderGoldmark(b *testing.B) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	var buf bytes.Buffer
	benchmarkEach(b, func(src []byte) {
		buf.Reset()
		if err := md.Convert(src, &buf); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkRenderDialect is parsing and rendering of the whole dialect, without
// colors and sanitising.
func BenchmarkRenderDialect(b *testing.B) {
	benchmarkEach(b, func(src []byte) {
		c, err := convert(src, Options{plain: true})
		if err != nil {
			b.Fatal(err)
		}
		buffers.Put(c.html)
	})
}

// BenchmarkRender is everything: colors, sanitising and outline.
func BenchmarkRender(b *testing.B) {
	benchmarkEach(b, func(src []byte) {
		if _, err := Render(src, Options{}); err != nil {
			b.Fatal(err)
		}
	})
}
