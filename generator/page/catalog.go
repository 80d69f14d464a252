package page

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// catalogLists makes the list of everything, of each facet value, and of APIs.
func (b *builder) catalogLists() {
	rows := b.rowsOf(b.cat.All())
	b.facets = indexFacets(rows)
	b.sortedLists(list{url: CatalogURL, heading: "Catalog", rows: rows, section: CatalogURL})
	for _, f := range facetNames {
		sets := b.facets[f.name]
		if f.name == "namespace" && len(sets) == 1 {
			continue // everything is in one namespace: a list of it would be the catalog
		}
		for _, key := range slices.Sorted(maps.Keys(sets)) {
			b.facetList(f.name, sets[key])
		}
	}
	apis := list{url: APIDocsURL, heading: "APIs", kind: "api", section: APIDocsURL}
	if s := b.facets["kind"]["api"]; s != nil {
		apis.rows = s.rows
	}
	b.list(apis)
}

// list is a list page being made.
type list struct {
	url, heading string
	facet, key   string // what it is narrowed by
	value        string
	kind         string
	link         *EntityLink
	rows         []*Row
	section      string
	crumbs       []Link
	sort         string
	sorts        []Link
	fixed        []string // facets that all rows share by now, in a split list
	parts        []Link   // pages of a list that nothing divides
	total        int      // rows of all parts
}

func (b *builder) facetList(facet string, s *facetSet) {
	l := list{
		url: FacetURL(facet, s.key), facet: facet, key: s.key, value: s.title, link: s.link, rows: s.rows,
		section: CatalogURL, crumbs: []Link{{Title: "Catalog", URL: CatalogURL}}, fixed: []string{facet},
	}
	switch facet {
	case "kind":
		l.heading, l.kind = s.title, s.key
		b.sortedLists(l)
		return
	case "owner":
		l.heading = "Owned by " + s.title
	case "system":
		l.heading = "Part of " + s.title
	case "tag":
		l.heading = "Tagged " + s.title
	default:
		l.heading = sentence(facet) + ": " + s.title
	}
	b.list(l)
}

// sortOrders are the orders that the main lists come in, beside "name".
var sortOrders = []struct {
	name, title, path string
	compare           func(a, b *Row) int
}{
	{"name", "Name", "", compareRows},
	{"owner", "Owner", "by-owner/", byOwner},
	{"changed", "Last change", "by-change/", byChange},
}

// sortedLists makes a list in every order; a list that is split has only one.
func (b *builder) sortedLists(l list) {
	if len(l.rows) > MaxRows || len(l.rows) < 2 {
		b.list(l)
		return
	}
	for _, order := range sortOrders {
		x := l
		x.sort, x.url = order.name, l.url+order.path
		for _, o := range sortOrders {
			x.sorts = append(x.sorts, Link{Title: o.title, URL: l.url + o.path, Current: o.name == order.name})
		}
		if order.name != "name" {
			x.rows = slices.Clone(l.rows)
			slices.SortFunc(x.rows, order.compare)
		}
		b.list(x)
	}
}

// list makes the page of a list, split over several where it is long.
func (b *builder) list(l list) {
	if len(l.rows) <= MaxRows {
		b.listPage(l, nil)
		return
	}
	facet, groups := b.bestSplit(l)
	if facet == "" {
		b.numberedParts(l)
		return
	}
	b.listPage(l, b.split(l, facet, groups))
}

func (b *builder) listPage(l list, split *Split) {
	v := &CatalogView{
		Heading: l.heading, Facet: l.facet, Value: l.value, Kind: l.kind, Total: max(l.total, len(l.rows)),
		Parts: l.parts, Split: split,
		Facets: b.facetsOf(l.rows, l.facet, l.key), Sorts: l.sorts, Sort: cmp.Or(l.sort, "name"),
		Entity: l.link, AllURL: CatalogURL, DataURL: "/" + entitiesPath,
	}
	for _, r := range l.rows {
		v.ShowNamespace = v.ShowNamespace || r.Namespace != "default"
	}
	if split == nil {
		v.Rows = l.rows
	}
	b.add(&Page{
		URL: l.url, Layout: "catalog", Title: l.heading, View: v, Section: l.section, Crumbs: l.crumbs,
		Description: l.heading + ": " + entries(v.Total) + " in " + b.in.Portal.Title,
	})
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return strconv.Itoa(n) + " entries"
}

// split makes the pages of a list's parts. The whole catalog is split by kind,
// and those lists exist anyway.
func (b *builder) split(l list, facet string, groups []facetSet) *Split {
	out := &Split{Facet: facet, Title: splitTitle(facet)}
	for _, g := range groups {
		value := FacetValue{Value: g.key, Title: g.title, Count: len(g.rows), URL: l.url + facet + "/" + segment(g.key) + "/"}
		if l.url == CatalogURL && facet == "kind" {
			value.URL = FacetURL(facet, g.key)
			out.Values = append(out.Values, value)
			continue
		}
		sub := l
		sub.url, sub.heading, sub.rows = value.URL, l.heading+" – "+g.title, g.rows
		sub.link = cmp.Or(l.link, g.link)
		sub.fixed = append(l.fixed[:len(l.fixed):len(l.fixed)], facet)
		sub.crumbs = append(l.crumbs[:len(l.crumbs):len(l.crumbs)], Link{Title: l.heading, URL: l.url})
		b.list(sub)
		out.Values = append(out.Values, value)
	}
	return out
}

// numberedParts spreads a list that nothing divides over numbered pages.
func (b *builder) numberedParts(l list) {
	parts := slices.Collect(slices.Chunk(l.rows, MaxRows))
	address := func(i int) string {
		if i == 0 {
			return l.url
		}
		return l.url + "part/" + strconv.Itoa(i+1) + "/"
	}
	for i, rows := range parts {
		sub := l
		sub.url, sub.rows, sub.total, sub.parts = address(i), rows, len(l.rows), nil
		for j := range parts {
			sub.parts = append(sub.parts, Link{Title: strconv.Itoa(j + 1), URL: address(j), Current: i == j})
		}
		b.listPage(sub, nil)
	}
}

func splitTitle(facet string) string {
	for _, f := range facetNames {
		if f.name == facet {
			return f.title
		}
	}
	return sentence(facet)
}

// maxSplit is how many parts a split by a facet may have to be worth while.
const maxSplit = 200

// bestSplit chooses how to divide a list: by the first facet whose parts are
// short enough, else by the first letter of titles; "" means not at all.
func (b *builder) bestSplit(l list) (string, []facetSet) {
	if l.url == CatalogURL {
		return "kind", groupBy(l.rows, "kind")
	}
	for _, f := range facetNames {
		if f.name == "tag" || slices.Contains(l.fixed, f.name) {
			continue // lists by tag would repeat rows and leave others out
		}
		if groups := groupBy(l.rows, f.name); len(groups) > 1 && len(groups) <= maxSplit && longest(groups) <= MaxRows {
			return f.name, groups
		}
	}
	if groups := byLetter(l.rows); len(groups) > 1 && !slices.Contains(l.fixed, "letter") {
		return "letter", groups
	}
	return "", nil
}

func longest(groups []facetSet) int {
	n := 0
	for _, g := range groups {
		n = max(n, len(g.rows))
	}
	return n
}

// groupBy divides rows by a facet; those without a value come last.
func groupBy(rows []*Row, facet string) []facetSet {
	sets := map[string]*facetSet{}
	none := facetSet{key: "", title: "Without " + strings.ToLower(splitTitle(facet))}
	for _, r := range rows {
		values := valuesOf(nil, r, facet)
		if len(values) == 0 {
			none.rows = append(none.rows, r)
			continue
		}
		v := values[0]
		if sets[v.key] == nil {
			sets[v.key] = &facetSet{key: v.key, title: v.title, link: v.link}
		}
		sets[v.key].rows = append(sets[v.key].rows, r)
	}
	var out []facetSet
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		out = append(out, *sets[key])
	}
	slices.SortFunc(out, func(a, b facetSet) int {
		if facet == "kind" {
			return compareKinds(a.key, b.key)
		}
		return compareTitles(a.title, a.key, b.title, b.key)
	})
	if len(none.rows) > 0 {
		out = append(out, none)
	}
	return out
}

// byLetter divides rows by the first letter of their titles.
func byLetter(rows []*Row) []facetSet {
	var out []facetSet
	for _, r := range rows {
		letter := firstLetter(r.Title)
		if n := len(out); n == 0 || out[n-1].title != letter {
			out = append(out, facetSet{key: letterID(letter), title: letter})
		}
		out[len(out)-1].rows = append(out[len(out)-1].rows, r)
	}
	slices.SortStableFunc(out, func(a, b facetSet) int { return cmp.Compare(a.key, b.key) })
	merged := out[:0]
	for _, g := range out {
		if n := len(merged); n > 0 && merged[n-1].key == g.key {
			merged[n-1].rows = append(merged[n-1].rows, g.rows...)
			continue
		}
		merged = append(merged, g)
	}
	return merged
}

// firstLetter returns the letter A to Z that a title is filed under, marks on
// letters aside, or "#".
func firstLetter(title string) string {
	first, _ := utf8.DecodeRuneInString(title)
	if r := unicode.ToUpper(baseLetter(first)); r >= 'A' && r <= 'Z' {
		return string(r)
	}
	return "#"
}

// letterID is a letter as an anchor and path segment.
func letterID(letter string) string {
	if letter == "#" {
		return "other"
	}
	return strings.ToLower(letter)
}

func queryEscape(s string) string { return url.QueryEscape(s) }
