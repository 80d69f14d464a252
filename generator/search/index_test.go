package search

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
)

func TestIncrementalExportIsTheCleanExport(t *testing.T) {
	g := newGenerator(7, 900)
	docs := g.corpus(90, 4, 20)
	x := openIndex(t, docs)
	rnd := rand.New(rand.NewPCG(3, 4))
	for step := range 14 {
		docs = edit(g, rnd, docs, step)
		stats := mustUpdate(t, x, docs)
		if stats.Rebuilt {
			t.Fatalf("step %d: rebuilt from nothing", step)
		}
		if step%5 == 1 { // reopened, as by the next build
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			y, err := Open(x.dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = y.Close() })
			x = y
		}
		shuffled := slices.Clone(docs)
		rnd.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		clean := exported(t, openIndex(t, shuffled))
		if got := exported(t, x); !maps.Equal(got, clean) {
			for name := range clean {
				if got[name] != clean[name] {
					t.Errorf("step %d: %s differs: %d and %d bytes", step, name, len(got[name]), len(clean[name]))
				}
			}
			t.FailNow()
		}
	}
}

// edit changes a few documents, or many in every sixth step.
func edit(g *generator, rnd *rand.Rand, docs []Document, step int) []Document {
	out := slices.Clone(docs)
	n := 1 + rnd.IntN(3)
	if step%6 == 5 {
		n = 40
	}
	for range n {
		i := rnd.IntN(len(out))
		switch rnd.IntN(4) {
		case 0:
			out = slices.Delete(out, i, i+1)
		case 1:
			out = append(out, g.doc(1000+rnd.IntN(1000), 1+rnd.IntN(6), 20))
		case 2:
			out = append(out, g.entity(1000+rnd.IntN(1000)))
		default:
			sections, _ := out[i].Load()
			sections = slices.Clone(sections)
			sections[rnd.IntN(len(sections))].Text += " " + g.text(8)
			if rnd.IntN(2) == 0 {
				sections = append(sections, Section{ID: "new", Heading: g.text(2), Text: g.text(10)})
			}
			out[i] = withSections(out[i], sections)
		}
	}
	return sorted(out)
}

func TestUnchangedDocumentsAreNotLoaded(t *testing.T) {
	g := newGenerator(1, 300)
	docs := g.corpus(30, 3, 20)
	x := openIndex(t, docs)
	for i := range docs {
		if i != 4 {
			docs[i].Load = func() ([]Section, error) { t.Errorf("%s was loaded", docs[i].ID); return nil, nil }
		}
	}
	docs[4] = withSections(docs[4], []Section{{Text: "a new sentence"}})
	if s := mustUpdate(t, x, docs); s.Indexed != 1 || s.Rebuilt {
		t.Errorf("update of one document: %+v", s)
	}
	if s := mustUpdate(t, x, docs); s.Indexed != 0 || s.Written != 0 {
		t.Errorf("update of nothing: %+v", s)
	}
}

func TestOneSentenceChangesFewFiles(t *testing.T) {
	g := newGenerator(5, 4000)
	docs := g.corpus(600, 5, 60)
	x := openIndex(t, docs)
	sections, _ := docs[77].Load()
	sections = slices.Clone(sections)
	sections[0].Text += " now the checkout waits for the ledger"
	docs[77] = withSections(docs[77], sections)
	s := mustUpdate(t, x, docs)
	t.Logf("%d of %d files are new", s.Written, s.Files)
	if s.Written > s.Files/3 {
		t.Errorf("%d of %d files changed for one sentence", s.Written, s.Files)
	}
}

func TestInterruptedUpdateStartsAnew(t *testing.T) {
	g := newGenerator(2, 300)
	docs := g.corpus(20, 3, 20)
	x := openIndex(t, docs)
	want := exported(t, x)
	ctx, cancel := context.WithCancel(context.Background())
	more := append(slices.Clone(docs), g.doc(500, 2, 10))
	more[len(more)-1].Load = func() ([]Section, error) { cancel(); return []Section{{Text: "lost"}}, nil }
	more = append(more, g.doc(501, 2, 10))
	if _, err := x.Update(ctx, more); err == nil {
		t.Fatal("a cancelled update succeeded")
	}
	y, err := Open(x.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	if s := mustUpdate(t, y, docs); !s.Rebuilt {
		t.Errorf("not rebuilt after an interruption: %+v", s)
	}
	if !maps.Equal(exported(t, y), want) {
		t.Error("the export differs after an interruption")
	}
}

func TestVeryManySectionsAreJoined(t *testing.T) {
	sections := make([]Section, 5000)
	for i := range sections {
		sections[i] = Section{ID: fmt.Sprint("s", i), Heading: "part", Text: fmt.Sprintf("word%d", i)}
	}
	d := Document{ID: "docs:long", URL: "/docs/long/", Title: "Long", Kind: "docs"}
	x := openIndex(t, []Document{withSections(d, sections)})
	if n := x.ledger.layout.slots[0].N; n != maxSections {
		t.Errorf("%d sections", n)
	}
	if got := urls(t, x, "word4321", 1); len(got) != 1 {
		t.Error("the text of the last sections is lost")
	}
}

func TestOtherWeightsRebuildTheIndex(t *testing.T) {
	x := openIndex(t, handwritten())
	defer func(w weights) { ranking = w }(ranking)
	ranking.Exact++
	y, err := Open(x.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := y.Reader(); err == nil {
		t.Error("an index with other weights is used")
	}
}

// Whatever bleve's own query for a term matches, the export holds, and no more.
func TestExportHoldsWhatBleveMatches(t *testing.T) {
	g := newGenerator(81, 400)
	docs := g.corpus(80, 3, 25)
	x := openIndex(t, docs)
	docs = edit(g, rand.New(rand.NewPCG(5, 6)), docs, 0)
	mustUpdate(t, x, docs)
	r, err := x.Reader()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		term := string(x.prose.term([]byte(g.vocab[i])))
		query := bleve.NewTermQuery(term)
		query.SetField(fieldNames[fieldText])
		res, err := x.bleve.Search(bleve.NewSearchRequestOptions(query, 10000, 0, false))
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]bool{}
		for _, h := range res.Hits {
			doc, section, _ := parseSectionID(h.ID)
			n, _ := slices.BinarySearchFunc(x.ledger.layout.slots, doc, func(s slot, id string) int { return strings.Compare(s.ID, id) })
			want[x.ledger.layout.slots[n].Ord+section] = true
		}
		ps, err := r.postings(term)
		if err != nil {
			t.Fatal(err)
		}
		got := map[int]bool{}
		for _, p := range ps {
			if p.tf[fieldText] > 0 {
				got[p.ord] = true
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%q: the export has %d sections, bleve matches %d", term, len(got), len(want))
		}
	}
}

func TestLostFilesAreMadeAnew(t *testing.T) {
	docs := handwritten()
	x := openIndex(t, docs)
	want := exported(t, x)
	for _, lost := range []string{filepath.Join(filesDir, x.ledger.files[0].name), ledgerFile, bleveDir} {
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(x.path(lost)); err != nil {
			t.Fatal(err)
		}
		var err error
		if x, err = Open(x.dir); err != nil {
			t.Fatal(err)
		}
		if s := mustUpdate(t, x, docs); !s.Rebuilt || !maps.Equal(exported(t, x), want) {
			t.Errorf("without %s: %+v", lost, s)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestLostPostingsAreReadFromBleve(t *testing.T) {
	docs := handwritten()
	x := openIndex(t, docs)
	if err := os.WriteFile(x.path(listsFile), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	docs = docs[1:]
	if s := mustUpdate(t, x, docs); s.Rebuilt {
		t.Errorf("%+v", s)
	}
	if !maps.Equal(exported(t, x), exported(t, openIndex(t, docs))) {
		t.Error("the export differs")
	}
}
