package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/page"
)

// syllables make up the words of generated documents.
var syllables = strings.Fields("ka lo mi ser ver de ploy con fig ure ing ed ment pay check out or der bill in voice que ue work er node pod clus ter log met ric trace al ert run book data base mi gra tion sche ma to ken au th user pro file")

// commonWords are mixed in, so that stop words and English endings occur.
var commonWords = strings.Fields("the a of to and is in for with services deploying deployments configured configuration running errors requests queries tested happily organization relational hopping ponies it's don't")

// generator makes documents from a seed, the same every time.
type generator struct {
	rnd   *rand.Rand
	vocab []string
}

func newGenerator(seed uint64, words int) *generator {
	g := &generator{rnd: rand.New(rand.NewPCG(seed, 1))}
	for range words {
		w := ""
		for range 2 + g.rnd.IntN(3) {
			w += syllables[g.rnd.IntN(len(syllables))]
		}
		g.vocab = append(g.vocab, w)
	}
	return g
}

// word draws a word; early ones of the vocabulary are far more common.
func (g *generator) word() string {
	if g.rnd.IntN(3) == 0 {
		return commonWords[g.rnd.IntN(len(commonWords))]
	}
	x := g.rnd.Float64()
	return g.vocab[int(x*x*x*float64(len(g.vocab)))]
}

func (g *generator) text(words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = g.word()
	}
	return strings.Join(out, " ")
}

// doc makes a documentation page of n sections of about the given words.
func (g *generator) doc(id int, n, words int) Document {
	title := strings.ToUpper(g.vocab[g.rnd.IntN(len(g.vocab))][:1]) + g.text(1+g.rnd.IntN(3))
	sections := []Section{{Heading: title, Text: g.text(words)}}
	for i := 1; i < n; i++ {
		sections = append(sections, Section{ID: fmt.Sprintf("s-%d", i), Heading: g.text(1 + g.rnd.IntN(4)), Text: g.text(words/2 + g.rnd.IntN(words)), Code: "kubectl get " + g.word() + "." + g.word()})
	}
	d := Document{
		ID: fmt.Sprintf("docs:component:default/site-%02d:page-%05d/", id%100, id), URL: fmt.Sprintf("/docs/default/component/site-%02d/page-%05d/", id%100, id),
		Title: title, Kind: "docs", Breadcrumb: []string{"Docs", fmt.Sprintf("Site %02d", id%100)}, Keywords: []string{fmt.Sprintf("site-%02d", id%100)},
	}
	return withSections(d, sections)
}

// entity makes a component or API.
func (g *generator) entity(id int) Document {
	kind := []string{"component", "api", "group", "resource", "custom"}[g.rnd.IntN(5)]
	name := g.vocab[g.rnd.IntN(len(g.vocab))] + "-" + g.vocab[g.rnd.IntN(len(g.vocab))] + fmt.Sprint(id)
	d := Document{
		ID: "entity:" + kind + ":default/" + name, URL: "/catalog/default/" + kind + "/" + name + "/", Title: name, Kind: kind,
		Names: []string{name}, Keywords: []string{kind, g.word()}, Breadcrumb: []string{kind}, Facets: Facets{Owner: "group:default/" + g.word()},
	}
	return withSections(d, []Section{{Heading: name, Text: g.text(10)}})
}

func withSections(d Document, sections []Section) Document {
	d.Hash = d.hash(sections)
	d.Load = func() ([]Section, error) { return sections, nil }
	return d
}

// corpus makes n documents, a twentieth of them entities.
func (g *generator) corpus(n, sections, words int) []Document {
	out := make([]Document, n)
	for i := range out {
		if i%20 == 0 {
			out[i] = g.entity(i)
		} else {
			out[i] = g.doc(i, 1+g.rnd.IntN(2*sections), words)
		}
	}
	return out
}

func openIndex(t testing.TB, docs []Document) *Index {
	t.Helper()
	x, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	mustUpdate(t, x, docs)
	return x
}

func mustUpdate(t testing.TB, x *Index, docs []Document) Stats {
	t.Helper()
	s, err := x.Update(context.Background(), docs)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func exported(t testing.TB, x *Index) map[string]string {
	t.Helper()
	files, err := x.Export()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range files {
		b, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if got := page.NewFile(f.Path, b).Hash; got != f.Hash {
			t.Fatalf("%s has hash %s, declared as %s", f.Path, got, f.Hash)
		}
		out[f.Path] = string(b)
	}
	return out
}

func urls(t testing.TB, x *Index, q string, n int) []string {
	t.Helper()
	rs, err := x.Query(context.Background(), q, n)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.URL
	}
	return out
}
