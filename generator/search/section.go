package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// freshDocument is a document being indexed: what the export needs of it.
type freshDocument struct {
	stored  storedDocument
	lengths [][fieldCount]int                    // by section: terms in each field
	terms   [][fieldCount]index.TokenFrequencies // by section; only for patching
	bleve   []*document.Document                 // until the batch is done
}

// maxSections bounds the sections of one document; the text of further ones
// counts as the last one's.
const maxSections = 120

// maxText bounds the text indexed of one section, in bytes.
const maxText = 256 << 10

// load reads a document and makes bleve's documents of its sections.
func (x *Index) load(d Document) (*freshDocument, error) {
	sections, err := d.Load()
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", d.ID, err)
	}
	if len(sections) == 0 {
		sections = []Section{{Heading: d.Title}}
	}
	sections = joinRest(sections)
	f := &freshDocument{stored: newStored(d, sections)}
	for i, s := range sections {
		f.bleve = append(f.bleve, x.section(d, i, s))
	}
	return f, nil
}

// joinRest makes the sections above maxSections part of the last one.
func joinRest(sections []Section) []Section {
	if len(sections) <= maxSections {
		return sections
	}
	out := slices.Clone(sections[:maxSections])
	last := &out[maxSections-1]
	var text, code strings.Builder
	for _, s := range sections[maxSections-1:] {
		if text.Len() > maxText {
			break
		}
		text.WriteString(s.Heading + "\n" + s.Text + "\n")
		code.WriteString(s.Code + " ")
	}
	last.Text, last.Code = text.String(), code.String()
	return out
}

// section makes bleve's document of one section.
func (x *Index) section(d Document, i int, s Section) *document.Document {
	doc := document.NewDocument(sectionID(d.ID, i))
	heading, names, keys, facets, meta := s.Heading, "", "", "", slices.Concat(d.Keywords, d.Breadcrumb)
	if i == 0 {
		names = strings.Join(nameWords(strings.Join(d.Names, " ")), " ")
		heading = d.Title
		keys, facets = documentKeys(d), documentFacets(d)
	} else {
		meta = append(meta, d.Title)
	}
	for _, field := range []struct {
		field int
		text  string
	}{
		{fieldText, s.Text},
		{fieldTitle, heading},
		{fieldName, names},
		{fieldMeta, strings.Join(distinct(meta...), "\n")},
		{fieldCode, strings.Join(nameWords(clip(s.Code, maxText)), " ")},
		{fieldKey, keys},
		{fieldFacet, facets},
	} {
		if field.text != "" {
			doc.AddField(document.NewTextFieldCustom(fieldNames[field.field], nil, []byte(clip(field.text, maxText)), index.IndexField, x.analyzer(field.field)))
		}
	}
	return doc
}

// documentKeys are the whole names and the title of a document, as terms.
func documentKeys(d Document) string {
	var keys []string
	for _, n := range append([]string{d.Title}, d.Names...) {
		if k := nameKey(n); k != "" && len(k) <= maxKey {
			keys = append(keys, k+keyMark)
		}
	}
	return strings.Join(distinct(keys...), " ")
}

// documentFacets are the values by which a document can be narrowed, as terms.
func documentFacets(d Document) string {
	var out []string
	add := func(facet, value string) {
		if t := facetTerm(facet, value); value != "" && len(t) <= maxKey {
			out = append(out, t)
		}
	}
	add("kind", d.Kind)
	add("type", d.Facets.Type)
	add("owner", d.Facets.Owner)
	add("system", d.Facets.System)
	add("lifecycle", d.Facets.Lifecycle)
	for _, t := range d.Facets.Tags {
		add("tag", t)
	}
	return strings.Join(distinct(out...), " ")
}

// analyzer returns how a field's text becomes terms.
func (x *Index) analyzer(field int) analysis.Analyzer {
	switch field {
	case fieldText:
		return x.prose
	case fieldTitle, fieldMeta:
		return x.labels
	}
	return spaced{}
}

// clip cuts s to at most n bytes, at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// harvest takes from bleve's documents, once analysed, what the export needs.
func (f *freshDocument) harvest(terms bool) {
	for _, doc := range f.bleve {
		var l [fieldCount]int
		var freqs [fieldCount]index.TokenFrequencies
		for _, field := range doc.Fields {
			if n := slices.Index(fieldNames[:], field.Name()); n >= 0 {
				l[n], freqs[n] = field.AnalyzedLength(), field.AnalyzedTokenFrequencies()
			}
		}
		f.lengths = append(f.lengths, l)
		if terms {
			f.terms = append(f.terms, freqs)
		}
	}
	f.bleve = nil
}

// sectionID is bleve's ID of a section.
func sectionID(doc string, i int) string { return doc + "\x00" + strconv.Itoa(i) }

func parseSectionID(id string) (doc string, section int, ok bool) {
	i := strings.LastIndexByte(id, 0)
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(id[i+1:])
	return id[:i], n, err == nil && n >= 0
}
