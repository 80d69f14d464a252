package search

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// storedDocument is what a result shows of a document, as JSON in a block of
// the store.
type storedDocument struct {
	URL        string          `json:"u"`
	Title      string          `json:"t"`
	Kind       string          `json:"k"`
	Breadcrumb []string        `json:"b,omitempty"`
	Facets     Facets          `json:"f"`
	Sections   []storedSection `json:"s"`
}

type storedSection struct {
	ID      string `json:"i,omitempty"`
	Heading string `json:"h,omitempty"`
	Text    string `json:"x,omitempty"`
}

// storedText is how much of a section's text a result can show, in bytes.
const storedText = 220

func newStored(d Document, sections []Section) storedDocument {
	s := storedDocument{URL: d.URL, Title: beginning(d.Title, storedText), Kind: d.Kind, Breadcrumb: d.Breadcrumb, Facets: d.Facets}
	for i, sec := range sections {
		x := storedSection{ID: sec.ID, Heading: beginning(sec.Heading, storedText), Text: beginning(sec.Text, storedText)}
		if i == 0 {
			x.Heading = "" // the document's title
		}
		s.Sections = append(s.Sections, x)
	}
	return s
}

// beginning returns about the first n bytes of text, on one line, cut at a word.
func beginning(text string, n int) string {
	text = strings.Join(strings.Fields(clip(text, 4*n)), " ")
	if len(text) <= n {
		return text
	}
	text = clip(text, n)
	if i := strings.LastIndexByte(text, ' '); i > n/2 {
		text = text[:i]
	}
	return text + "…"
}

// exportStore writes the store's blocks. A block whose documents are the same
// keeps its file without being looked into.
func (x *Index) exportStore(w *fileWriter, ptr *pointer, p *plan, old *ledger, next layout) ([]string, error) {
	var was pointer
	if len(old.pointer) > 0 {
		if err := json.Unmarshal(old.pointer, &was); err != nil {
			return nil, fmt.Errorf("read the last export: %w", err)
		}
	}
	known := map[string]string{}
	for i, key := range old.blockKeys {
		known[key] = was.Store[i]
	}
	opened := map[int][]json.RawMessage{}
	keys := make([]string, next.blocks())
	for n := range keys {
		docs := next.block(n)
		keys[n] = blockKey(docs)
		if name, ok := known[keys[n]]; ok && w.keep(name) {
			ptr.Store = append(ptr.Store, name)
			continue
		}
		var block []json.RawMessage
		for _, s := range docs {
			raw, err := x.storedJSON(s, p, old, was.Store, opened)
			if err != nil {
				return nil, err
			}
			block = append(block, raw)
		}
		b, err := marshal(block)
		if err != nil {
			return nil, err
		}
		ptr.Store = append(ptr.Store, w.add(shardStore, b))
	}
	return keys, nil
}

// storedJSON returns a document as stored: made now if it is new or changed,
// otherwise taken from the last export.
func (x *Index) storedJSON(s slot, p *plan, old *ledger, files []string, opened map[int][]json.RawMessage) (json.RawMessage, error) {
	if f := p.fresh[s.ID]; f != nil {
		return marshal(f.stored)
	}
	was := p.old[s.ID]
	n := was.Ord >> old.layout.bits
	if opened[n] == nil {
		packed, err := x.readFile(files[n])
		if err != nil {
			return nil, err
		}
		payload, err := unpack(shardStore, packed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", files[n], err)
		}
		var docs []json.RawMessage
		if err := json.Unmarshal(payload, &docs); err != nil {
			return nil, fmt.Errorf("%s: %w: %w", files[n], errCorrupt, err)
		}
		opened[n] = docs
	}
	for i, d := range old.layout.block(n) {
		if d.ID == s.ID && i < len(opened[n]) {
			return opened[n][i], nil
		}
	}
	return nil, fmt.Errorf("%s: %w: document %s is not there", files[n], errCorrupt, s.ID)
}

// marshal is JSON without HTML escapes and without a final newline.
func marshal(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}

func blockKey(docs []slot) string {
	h := sha256.New()
	for _, d := range docs {
		fmt.Fprintf(h, "%s\x00%s\x00", d.ID, d.Hash)
	}
	return hex.EncodeToString(h.Sum(nil))
}
