package page

import (
	"cmp"
	"slices"
	"strings"
)

// searchPage makes the search page.
func (b *builder) searchPage() {
	b.add(&Page{URL: SearchURL, Layout: "search", Title: "Search", View: &SearchView{AZURL: AZURL, Kinds: b.kindCounts(), Docs: b.docStats()},
		Section: SearchURL, Description: "Search " + b.in.Portal.Title})
}

// maxAZ is how many entries the index by name has on one page.
const maxAZ = 1000

// azPages makes the index of everything by name, one page or one per letter.
func (b *builder) azPages() {
	groups, total := b.azGroups()
	perLetter := total > maxAZ
	v := &AZView{Total: total, Letters: azLinks(groups, perLetter, "")}
	if !perLetter {
		v.Groups = groups
	}
	crumbs := []Link{{Title: "Search", URL: SearchURL}}
	b.add(&Page{URL: AZURL, Layout: "az", Title: "Everything by name", View: v, Section: SearchURL, Crumbs: crumbs,
		Description: "Everything in " + b.in.Portal.Title + " by name"})
	if !perLetter {
		return
	}
	for _, g := range groups {
		b.add(&Page{
			URL: letterURL(g), Layout: "az", Title: "Everything by name: " + g.Letter, Section: SearchURL,
			View:        &AZView{Total: total, Letters: azLinks(groups, true, g.ID), Groups: []AZLetter{g}},
			Crumbs:      append(crumbs[:1:1], Link{Title: "Everything by name", URL: AZURL}),
			Description: "Everything in " + b.in.Portal.Title + " under " + g.Letter,
		})
	}
}

func letterURL(g AZLetter) string { return AZURL + g.ID + "/" }

func azLinks(groups []AZLetter, perLetter bool, current string) []Link {
	var out []Link
	for _, g := range groups {
		l := Link{Title: g.Letter, URL: "#" + g.ID, Current: g.ID == current}
		if perLetter {
			l.URL = letterURL(g)
		}
		out = append(out, l)
	}
	return out
}

// azGroups files entities and documentation pages under their first letters.
func (b *builder) azGroups() (groups []AZLetter, total int) {
	var all []AZEntry
	for _, e := range b.cat.All() {
		r := b.rows[e]
		x := AZEntry{Title: r.Title, URL: r.URL, What: r.KindTitle}
		if r.Title != r.Name {
			x.Detail = r.Name
		}
		all = append(all, x)
	}
	for _, s := range b.sites {
		for _, p := range s.Pages {
			all = append(all, AZEntry{Title: docTitle(s, p), URL: DocsPageURL(s.Entity, p.Path), What: "Docs", Detail: s.Title})
		}
	}
	for i := range all {
		all[i].fold = strings.ToLower(all[i].Title)
	}
	slices.SortFunc(all, func(x, y AZEntry) int {
		return cmp.Or(cmp.Compare(x.fold, y.fold), cmp.Compare(x.Title, y.Title), cmp.Compare(x.URL, y.URL))
	})
	byID := map[string]*AZLetter{}
	for _, x := range all {
		letter := firstLetter(x.Title)
		id := letterID(letter)
		if byID[id] == nil {
			byID[id] = &AZLetter{Letter: letter, ID: id}
		}
		byID[id].Entries = append(byID[id].Entries, x)
	}
	for _, g := range byID {
		groups = append(groups, *g)
	}
	// "#" sorts before the letters, but belongs after them.
	slices.SortFunc(groups, func(x, y AZLetter) int {
		return cmp.Or(cmp.Compare(len(x.ID), len(y.ID)), strings.Compare(x.ID, y.ID))
	})
	return groups, len(all)
}
