package search

import (
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
