package page

import (
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// profile returns spec.profile of a group or user.
func profile(e *entity.Entity) Profile {
	p := Profile{Initials: initials(e.Title())}
	m, _ := e.Spec["profile"].(map[string]any)
	p.DisplayName, _ = m["displayName"].(string)
	if mail, _ := m["email"].(string); safeURL("mailto:" + mail) {
		p.Email = mail
	}
	return p
}

func (b *builder) groupView(e *entity.Entity) *GroupView {
	v := &GroupView{Profile: profile(e), Ancestors: b.ancestors(e)}
	for _, c := range b.cat.Related(e, entity.ParentOf) {
		v.Children = append(v.Children, b.teamBox(c))
	}
	slices.SortFunc(v.Children, func(x, y TeamBox) int { return compareLinks(x.EntityLink, y.EntityLink) })
	direct := map[string]bool{}
	for _, u := range b.cat.Related(e, entity.HasMember) {
		direct[b.key(u.Ref())] = true
		v.Members = append(v.Members, Member{EntityLink: b.link(u.Ref()), Profile: profile(u)})
	}
	for _, g := range b.below(e) {
		for _, u := range b.cat.Related(g, entity.HasMember) {
			if k := b.key(u.Ref()); !direct[k] {
				direct[k] = true
				v.Inherited = append(v.Inherited, Member{EntityLink: b.link(u.Ref()), Profile: profile(u), Via: b.linkTo(g)})
			}
		}
	}
	v.Members, v.MoreMembers = firstMembers(v.Members)
	v.Inherited, v.MoreInherited = firstMembers(v.Inherited)
	return v
}

// maxMembers is how many members a group's page lists, direct and inherited each.
const maxMembers = 200

func firstMembers(ms []Member) (shown []Member, more int) {
	slices.SortFunc(ms, func(x, y Member) int { return compareLinks(x.EntityLink, y.EntityLink) })
	n := min(len(ms), maxMembers)
	return ms[:n], len(ms) - n
}

func (b *builder) userView(e *entity.Entity) *UserView {
	return &UserView{Profile: profile(e), Groups: b.linksTo(e.Targets(entity.MemberOf))}
}

// teamBox sums up a group.
func (b *builder) teamBox(g *entity.Entity) TeamBox {
	t := TeamBox{EntityLink: b.link(g.Ref()), Members: len(g.Targets(entity.HasMember)), Owns: len(b.cat.Related(g, entity.OwnerOf))}
	if t.Owns > 0 {
		t.OwnsURL = ownerURL(t.Ref)
	}
	if up := b.cat.Related(g, entity.ChildOf); len(up) > 0 {
		t.Parent = b.linkTo(up[0])
	}
	return t
}

// ancestors returns the groups above a group, outermost first. Of several
// parents the first by ref is followed; a cycle ends the walk.
func (b *builder) ancestors(e *entity.Entity) []EntityLink {
	var out []EntityLink
	seen := map[*entity.Entity]bool{e: true}
	for at := e; ; {
		up := b.cat.Related(at, entity.ChildOf)
		if len(up) == 0 || seen[up[0]] {
			break
		}
		at = up[0]
		seen[at] = true
		out = append(out, b.link(at.Ref()))
	}
	slices.Reverse(out)
	return out
}

// below returns all groups below a group, nearest first, without the group
// itself; cycles do no harm.
func (b *builder) below(e *entity.Entity) []*entity.Entity {
	seen := map[*entity.Entity]bool{e: true}
	queue := []*entity.Entity{e}
	for i := 0; i < len(queue); i++ {
		for _, c := range b.cat.Related(queue[i], entity.ParentOf) {
			if !seen[c] {
				seen[c] = true
				queue = append(queue, c)
			}
		}
	}
	return queue[1:]
}

// maxOwned is how many rows the tables of an owner's page have, direct and
// inherited each.
const maxOwned = 200

// ownership returns what a group or user owns: directly, and through the
// groups below a group, or the groups a user belongs to.
func (b *builder) ownership(e *entity.Entity) *OwnershipView {
	direct := b.cat.Related(e, entity.OwnerOf)
	through := b.below(e)
	if strings.EqualFold(e.Kind, "user") {
		through = b.cat.Related(e, entity.MemberOf)
	}
	seen := map[*entity.Entity]bool{}
	for _, x := range direct {
		seen[x] = true
	}
	var inherited []*entity.Entity
	for _, g := range through {
		for _, x := range b.cat.Related(g, entity.OwnerOf) {
			if !seen[x] {
				seen[x] = true
				inherited = append(inherited, x)
			}
		}
	}
	v := &OwnershipView{
		Direct: b.typeCounts(direct), Aggregated: b.typeCounts(slices.Concat(direct, inherited)),
		Total: len(direct), TotalAll: len(direct) + len(inherited),
	}
	if len(direct) > 0 {
		v.ListURL = ownerURL(e.Ref().String())
	}
	var more int
	v.Tables, v.More = b.kindTablesOf(direct, "owns-")
	v.Inherited, more = b.kindTablesOf(inherited, "inherits-")
	v.More += more
	return v
}

// typeCounts counts entities by kind and type, kinds in their usual order.
func (b *builder) typeCounts(entities []*entity.Entity) []Count {
	index := map[[2]string]int{}
	var out []Count
	for _, e := range entities {
		kind, typ := strings.ToLower(e.Kind), strings.ToLower(e.Type())
		i, ok := index[[2]string{kind, typ}]
		if !ok {
			i = len(out)
			index[[2]string{kind, typ}] = i
			c := Count{Name: typ, Title: typeTitle(typ), Group: kind, URL: FacetURL("kind", kind)}
			if typ == "" {
				c.Title = kindsTitle(e.Kind)
			} else {
				c.URL = FacetURL("type", typ)
			}
			out = append(out, c)
		}
		out[i].Count++
	}
	slices.SortFunc(out, func(x, y Count) int {
		if c := compareKinds(x.Group, y.Group); c != 0 {
			return c
		}
		return compareTitles(x.Title, x.Name, y.Title, y.Name)
	})
	return out
}

// kindTablesOf lists entities in a table per kind, and counts those left out.
func (b *builder) kindTablesOf(entities []*entity.Entity, prefix string) (out []EntityTable, more int) {
	byKind := map[string][]*entity.Entity{}
	for _, e := range entities {
		k := strings.ToLower(e.Kind)
		byKind[k] = append(byKind[k], e)
	}
	kinds := sortedKeys(byKind)
	slices.SortStableFunc(kinds, compareKinds)
	room := maxOwned
	for _, k := range kinds {
		rows := b.rowsOf(byKind[k])
		shown := rows[:min(len(rows), room)]
		room -= len(shown)
		more += len(rows) - len(shown)
		if len(shown) > 0 {
			out = append(out, EntityTable{ID: prefix + className(k), Title: kindsTitle(byKind[k][0].Kind), Rows: shown})
		}
	}
	return out, more
}
