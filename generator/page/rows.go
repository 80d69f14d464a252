package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/entity"
)

// indexRows makes the list row of every entity once; lists share them.
func (b *builder) indexRows() {
	all := b.cat.All()
	rows := make([]*Row, len(all))
	parallel(len(all), func(i int) { rows[i] = b.row(all[i]) })
	b.rows = make(map[*entity.Entity]*Row, len(all))
	for i, e := range all {
		b.rows[e] = rows[i]
	}
}

func (b *builder) row(e *entity.Entity) *Row {
	ref := e.Ref()
	r := &Row{
		Ref: ref.String(), Name: e.Metadata.Name, Namespace: strings.ToLower(e.Metadata.Namespace), Title: e.Title(),
		URL: EntityURL(ref), Kind: strings.ToLower(e.Kind), KindTitle: kindTitle(e.Kind),
		fold: strings.ToLower(e.Title()), Type: e.Type(), Lifecycle: e.Lifecycle(), Owner: b.owner(e), System: b.rowSystem(e),
		Description: excerpt(e.Metadata.Description, 200), Tags: tags(e.Metadata.Tags), DocsURL: b.docsURL(e),
	}
	if r.Type != "" {
		r.TypeURL = FacetURL("type", r.Type)
	}
	counts := countProblems(b.problems.byEntity[b.key(ref)])
	if r.Problems = counts.Errors + counts.Warnings; r.Problems > 0 {
		r.Worst = counts.Worst()
	}
	r.Changed = fileChange(b.checkouts[e.Origin.Source], e.Origin.Path)
	if s := b.states[e.Origin.Source]; s != nil {
		r.Stale = s.State == string(checkout.Stale)
	}
	return r
}

// rowSystem returns the system of an entity, or the domain of a system or domain.
func (b *builder) rowSystem(e *entity.Entity) *EntityLink {
	kind := "system"
	if k := strings.ToLower(e.Kind); k == "system" || k == "domain" {
		kind = "domain"
	}
	if r := b.partOf(e, kind); r != nil {
		l := b.link(*r)
		return &l
	}
	return nil
}

// docsURL returns where an entity's documentation begins, its own or that of
// the entity that documents it; "" for none.
func (b *builder) docsURL(e *entity.Entity) string {
	if b.siteOf[b.key(e.Ref())] != nil {
		return DocsSiteURL(e.Ref())
	}
	if other, path := techdocsEntity(e); !other.IsZero() && b.siteOf[b.key(other)] != nil {
		return DocsPageURL(b.siteOf[b.key(other)].Entity, path)
	}
	return ""
}

// techdocsEntity returns the entity whose documentation stands for e's, and
// the page in it (annotations backstage.io/techdocs-entity and
// backstage.io/techdocs-entity-path).
func techdocsEntity(e *entity.Entity) (entity.Ref, string) {
	value := e.Annotation("backstage.io/techdocs-entity")
	if value == "" {
		return entity.Ref{}, ""
	}
	r, err := entity.ParseRef(value, "component", entity.DefaultNamespace)
	if err != nil {
		return entity.Ref{}, ""
	}
	return r, e.Annotation("backstage.io/techdocs-entity-path")
}

func tags(names []string) []Tag {
	var out []Tag
	for _, n := range names {
		out = append(out, Tag{Name: n, URL: FacetURL("tag", n)})
	}
	return out
}

// rowsOf returns the rows of entities, by title.
func (b *builder) rowsOf(entities []*entity.Entity) []*Row {
	out := make([]*Row, 0, len(entities))
	for _, e := range entities {
		out = append(out, b.rows[e])
	}
	slices.SortFunc(out, compareRows)
	return out
}

func compareRows(a, b *Row) int {
	return cmp.Or(cmp.Compare(a.fold, b.fold), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Ref, b.Ref))
}

// byOwner orders rows by owner, those without one last.
func byOwner(a, b *Row) int {
	switch {
	case a.Owner == nil && b.Owner == nil:
		return compareRows(a, b)
	case a.Owner == nil:
		return 1
	case b.Owner == nil:
		return -1
	}
	if c := compareLinks(*a.Owner, *b.Owner); c != 0 {
		return c
	}
	return compareRows(a, b)
}

// byChange orders rows by last change, newest first, unknown last.
func byChange(a, b *Row) int {
	switch {
	case a.Changed == nil && b.Changed == nil:
		return compareRows(a, b)
	case a.Changed == nil:
		return 1
	case b.Changed == nil:
		return -1
	}
	if c := b.Changed.Time.Compare(a.Changed.Time); c != 0 {
		return c
	}
	return compareRows(a, b)
}
