package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// facetNames are the facets of the catalog, in the order in which pages show
// them and in which long lists are split.
var facetNames = []struct{ name, title string }{
	{"kind", "Kind"},
	{"owner", "Owner"},
	{"system", "System"},
	{"type", "Type"},
	{"lifecycle", "Lifecycle"},
	{"tag", "Tag"},
	{"namespace", "Namespace"},
}

// facetSet is everything that has one value of a facet.
type facetSet struct {
	key   string // as in the URL, before escaping; lower case
	title string
	link  *EntityLink // for owner and system
	rows  []*Row      // by title
}

// facetValue is a value that a row has.
type facetValue struct {
	key, title string
	link       *EntityLink
}

// valuesOf appends the values a row has for a facet to buf.
func valuesOf(buf []facetValue, r *Row, facet string) []facetValue {
	one := func(key, title string) []facetValue {
		if key == "" {
			return buf
		}
		return append(buf, facetValue{key: strings.ToLower(key), title: title})
	}
	switch facet {
	case "kind":
		return one(r.Kind, kindsTitle(r.KindTitle))
	case "type":
		return one(r.Type, r.Type)
	case "lifecycle":
		return one(r.Lifecycle, r.Lifecycle)
	case "namespace":
		return one(r.Namespace, r.Namespace)
	case "tag":
		for _, t := range r.Tags {
			buf = one(t.Name, t.Name)
		}
	case "owner":
		if r.Owner != nil {
			return append(buf, facetValue{key: ownerKey(r.Owner.Ref), title: r.Owner.Title, link: r.Owner})
		}
	case "system":
		if r.System != nil && r.System.Kind == "system" {
			return append(buf, facetValue{key: shortKey(r.System.Ref), title: r.System.Title, link: r.System})
		}
	}
	return buf
}

// ownerKey is an owner's name in facet URLs: a group's short ref, and for any
// other kind "kind:" before it.
func ownerKey(ref string) string {
	kind, _, _ := strings.Cut(ref, ":")
	if kind == "group" {
		return shortKey(ref)
	}
	return kind + ":" + shortKey(ref)
}

// shortKey is a full ref without its kind, and without the default namespace.
func shortKey(ref string) string {
	_, rest, _ := strings.Cut(strings.ToLower(ref), ":")
	return strings.TrimPrefix(rest, entity.DefaultNamespace+"/")
}

// ownerURL returns the list of what an owner owns.
func ownerURL(ref string) string { return FacetURL("owner", ownerKey(ref)) }

// indexFacets sorts all rows into facet sets, each in the order of titles.
func indexFacets(rows []*Row) map[string]map[string]*facetSet {
	out := map[string]map[string]*facetSet{}
	for _, f := range facetNames {
		sets := map[string]*facetSet{}
		var values []facetValue
		for _, r := range rows {
			values = valuesOf(values[:0], r, f.name)
			for _, v := range values {
				s := sets[v.key]
				if s == nil {
					s = &facetSet{key: v.key, title: v.title, link: v.link}
					sets[v.key] = s
				}
				// A tag written twice counts once.
				if n := len(s.rows); n == 0 || s.rows[n-1] != r {
					s.rows = append(s.rows, r)
				}
			}
		}
		out[f.name] = sets
	}
	return out
}

// maxFacetValues is how many values of a facet a page lists.
const maxFacetValues = 40

// facetsOf counts the values of every facet within rows, most frequent first.
// Links lead to the value's own page; query, such as "kind=component", says
// what this list is narrowed by, for the theme's script to apply there too.
// Facets that say nothing, having one value that all rows share, are left out.
func (b *builder) facetsOf(rows []*Row, facet, key string) []Facet {
	query := ""
	if facet != "" {
		query = "?" + facet + "=" + queryEscape(key)
	}
	var out []Facet
	for _, f := range facetNames {
		values := countValues(rows, f.name)
		if len(values) == 0 || len(values) == 1 && values[0].Count == len(rows) && f.name != facet {
			continue
		}
		for i := range values {
			v := &values[i]
			v.URL = FacetURL(f.name, v.Value)
			if v.Current = f.name == facet && v.Value == key; !v.Current && f.name != facet {
				v.URL += query
			}
		}
		fc := Facet{Name: f.name, Title: f.title, Values: values}
		if len(values) > maxFacetValues {
			fc.Values, fc.More = values[:maxFacetValues], len(values)-maxFacetValues
		}
		out = append(out, fc)
	}
	return out
}

// countValues counts the values of one facet within rows.
func countValues(rows []*Row, facet string) []FacetValue {
	index := map[string]int{}
	var out []FacetValue
	var values []facetValue
	for _, r := range rows {
		values = valuesOf(values[:0], r, facet)
		for _, v := range values {
			i, ok := index[v.key]
			if !ok {
				i = len(out)
				index[v.key] = i
				out = append(out, FacetValue{Value: v.key, Title: v.title})
			}
			out[i].Count++
		}
	}
	if facet == "kind" {
		slices.SortFunc(out, func(a, b FacetValue) int { return compareKinds(a.Value, b.Value) })
		return out
	}
	slices.SortFunc(out, func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), compareTitles(a.Title, a.Value, b.Title, b.Value))
	})
	return out
}
