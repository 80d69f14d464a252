package search

import (
	"context"
	"fmt"
	"slices"
	"testing"
)

// BenchmarkCold indexes and exports pages of about 5 KB in six sections.
func BenchmarkCold(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		docs := newGenerator(9, 40000).corpus(n, 5, 120)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				x, err := Open(b.TempDir())
				if err != nil {
					b.Fatal(err)
				}
				s := mustUpdate(b, x, docs)
				b.ReportMetric(float64(s.Files), "files")
				b.ReportMetric(float64(size(b, x)), "export-bytes")
				if err := x.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func size(b *testing.B, x *Index) int {
	total := 0
	for _, s := range exported(b, x) {
		total += len(s)
	}
	return total
}

// BenchmarkOneChange updates and exports after one sentence changed, the
// index being opened anew each time, as a build does.
func BenchmarkOneChange(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		docs := newGenerator(9, 40000).corpus(n, 5, 120)
		x := openIndex(b, docs)
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				sections, _ := docs[7].Load()
				sections = slices.Clone(sections)
				sections[0].Text = fmt.Sprintf("the ledger waits for checkout number %d. %s", i, sections[0].Text)
				changed := slices.Clone(docs)
				changed[7] = withSections(docs[7], sections)
				y, err := Open(x.dir)
				if err != nil {
					b.Fatal(err)
				}
				s := mustUpdate(b, y, changed)
				if s.Indexed != 1 || s.Rebuilt {
					b.Fatalf("%+v", s)
				}
				b.ReportMetric(float64(s.Written), "files-written")
				if err := y.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFirstQuery is what a browser loads for its first query: files and
// bytes, the pointer included, on generated and on real pages.
func BenchmarkFirstQuery(b *testing.B) {
	for _, c := range []struct {
		name string
		docs func() []Document
	}{
		{"generated-10000", func() []Document { return newGenerator(9, 40000).corpus(10000, 5, 120) }},
		{"real", func() []Document { return realDocuments(b) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			docs := c.docs()
			x := openIndex(b, docs)
			var bytes, files []int
			for i := range 60 {
				d := docs[i*len(docs)/60]
				n, f := firstQuery(b, x, d.Title)
				bytes, files = append(bytes, n), append(files, f)
			}
			slices.Sort(bytes)
			slices.Sort(files)
			r, err := x.Reader()
			if err != nil {
				b.Fatal(err)
			}
			i := 0
			for b.Loop() {
				i++
				if _, err := r.Query(context.Background(), docs[(i*61)%len(docs)].Title, 10); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(x.ledger.files)), "files")
			b.ReportMetric(float64(size(b, x)), "export-bytes")
			b.ReportMetric(float64(bytes[30]), "bytes-median")
			b.ReportMetric(float64(bytes[57]), "bytes-p95")
			b.ReportMetric(float64(files[30]), "requests-median")
		})
	}
}

// firstQuery returns the bytes and files loaded for one query and its ten results.
func firstQuery(b *testing.B, x *Index, text string) (bytes, files int) {
	bytes, files = len(x.ledger.pointer), 1
	r, err := newReader(x.ledger.pointer, func(name string) ([]byte, error) {
		packed, err := x.readFile(name)
		bytes, files = bytes+len(packed), files+1
		return packed, err
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := r.Query(context.Background(), text, 10); err != nil {
		b.Fatal(err)
	}
	return bytes, files
}
