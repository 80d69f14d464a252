package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// entityPages makes the page of every entity, and its raw definition where it
// is an API.
func (b *builder) entityPages() {
	all := b.cat.All()
	files := b.colocated()
	pages, raws := make([]*Page, len(all)), make([]*File, len(all))
	parallel(len(all), func(i int) {
		e := all[i]
		v := b.entityView(e, files)
		pages[i] = &Page{
			URL: EntityURL(e.Ref()), Layout: "entity", Title: v.Title + " – " + v.KindTitle, View: v,
			Description: cmp.Or(excerpt(e.Metadata.Description, 160), v.KindTitle+" "+v.Title),
			Section:     section(v.Kind),
			Crumbs:      []Link{{Title: "Catalog", URL: CatalogURL}, {Title: kindsTitle(e.Kind), URL: v.KindURL}},
			from:        e.Pos(""),
		}
		raws[i] = b.rawDefinition(e, v.API)
	})
	for i := range all {
		b.add(pages[i])
		if raws[i] != nil {
			b.set.Files = append(b.set.Files, *raws[i])
		}
	}
}

// section is the navigation entry that an entity's page belongs under.
func section(kind string) string {
	if kind == "api" {
		return APIDocsURL
	}
	return CatalogURL
}

// colocated indexes entities by the file they were written in.
func (b *builder) colocated() map[filePlace][]*entity.Entity {
	out := map[filePlace][]*entity.Entity{}
	for _, e := range b.cat.All() {
		p := filePlace{e.Origin.Source, e.Origin.Path}
		out[p] = append(out[p], e)
	}
	return out
}

func (b *builder) entityView(e *entity.Entity, files map[filePlace][]*entity.Entity) *EntityView {
	ref, kind := e.Ref(), strings.ToLower(e.Kind)
	problems := b.problems.byEntity[b.key(ref)]
	v := &EntityView{
		Ref: ref.String(), Kind: kind, KindTitle: kindTitle(e.Kind), KindURL: FacetURL("kind", kind),
		Name: e.Metadata.Name, Namespace: strings.ToLower(e.Metadata.Namespace), Title: e.Title(),
		Type: e.Type(), Lifecycle: e.Lifecycle(), Description: b.markdown(e.Metadata.Description),
		Tags: tags(e.Metadata.Tags), Owner: b.ownerView(e), Facts: b.facts(e),
		Counts: countProblems(problems), State: b.states[e.Origin.Source],
		Docs: b.docsLinks(e), Runbooks: b.runbooks(e), Links: entityLinks(e),
		Relations: b.relationGroups(e), Graph: b.entityGraph(e), Tables: b.tables(e),
		Labels: pairs(e.Metadata.Labels), Annotations: b.annotations(e), Spec: specFields(e),
		Provenance: b.provenance(e, files), DataURL: "/" + EntityJSONPath(ref),
	}
	if v.Namespace != entity.DefaultNamespace {
		v.NamespaceURL = FacetURL("namespace", v.Namespace)
	}
	if v.Type != "" {
		v.TypeURL = FacetURL("type", v.Type)
	}
	if v.Lifecycle != "" {
		v.LifecycleURL = FacetURL("lifecycle", v.Lifecycle)
	}
	if len(problems) > 0 {
		v.Problems = b.views(problems, false)
		n := min(len(v.Problems), maxEntityProblems)
		v.Problems, v.MoreProblems = v.Problems[:n], len(v.Problems)-n
		v.ProblemsURL = b.problemsURLOf(problems[0])
	}
	v.NeedsOwner = v.Owner == nil && needsOwner[kind]
	v.Hints = b.hints(e, v)
	switch kind {
	case "api":
		v.API = b.apiView(e)
	case "group":
		v.Group, v.Ownership = b.groupView(e), b.ownership(e)
	case "user":
		v.User, v.Ownership = b.userView(e), b.ownership(e)
	case "template":
		v.Template = templateView(e)
	case "location":
		v.Targets = targets(e)
	}
	return v
}

// maxEntityProblems is how many problems an entity's page lists.
const maxEntityProblems = 30

// needsOwner are the kinds that should have an owner.
var needsOwner = map[string]bool{
	"component": true, "api": true, "system": true, "domain": true, "resource": true, "airesource": true,
}

// markdown returns a description as a fragment that is rendered when used.
func (b *builder) markdown(text string) *Fragment {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	render := b.in.Markdown
	return LazyFragment(contentHash("markdown", text), func() (string, error) {
		if render == nil {
			return "<p>" + htmlEscape(text) + "</p>", nil
		}
		return render(text), nil
	})
}

// code returns highlighted code as a fragment that is rendered when used.
func (b *builder) code(text, lang string) *Fragment {
	if text == "" {
		return nil
	}
	render := b.in.Highlight
	return LazyFragment(contentHash("code "+lang, text), func() (string, error) {
		if render == nil {
			return "<pre><code>" + htmlEscape(text) + "</code></pre>", nil
		}
		return render(text, lang), nil
	})
}

// ownerView returns the owner of an entity with how to reach them.
func (b *builder) ownerView(e *entity.Entity) *Owner {
	l := b.owner(e)
	if l == nil {
		return nil
	}
	o := &Owner{EntityLink: *l, FromCodeowners: e.Origin.OwnerFromCodeowners, OwnsURL: ownerURL(l.Ref)}
	if x := b.cat.Owner(e); x != nil {
		o.Email = profile(x).Email
		o.Contacts = contacts(x)
	}
	return o
}

// contactWords mark links that lead to people: they occur in the type, icon or
// title of a link such as {type: slack, title: "#payments"}.
var contactWords = []string{"chat", "slack", "teams", "mattermost", "discord", "email", "mail", "help", "support", "on-call", "oncall", "pagerduty", "opsgenie", "contact"}

func contacts(e *entity.Entity) []Link {
	var out []Link
	for i, l := range entityLinks(e) {
		words := strings.ToLower(l.Type + " " + l.Icon + " " + l.Title)
		if slices.ContainsFunc(contactWords, func(w string) bool { return strings.Contains(words, w) }) && i < 50 {
			out = append(out, l)
		}
	}
	return out
}

// entityLinks returns metadata.links that are safe to follow, in their order.
func entityLinks(e *entity.Entity) []Link {
	var out []Link
	for _, l := range e.Metadata.Links {
		if x, ok := external(l.Title, l.URL); ok {
			x.Icon, x.Type = l.Icon, l.Type
			out = append(out, x)
		}
	}
	return out
}

// facts are the one-line facts under the title.
func (b *builder) facts(e *entity.Entity) []Fact {
	var out []Fact
	add := func(label string, refs ...entity.Ref) {
		if len(refs) > 0 {
			out = append(out, Fact{Label: label, Entities: b.linksTo(refs)})
		}
	}
	kind := strings.ToLower(e.Kind)
	byKind := map[string][]entity.Ref{}
	for _, t := range e.Targets(entity.PartOf) {
		k := strings.ToLower(t.Kind)
		byKind[k] = append(byKind[k], t)
	}
	add("System", byKind["system"]...)
	if kind == "domain" {
		add("Part of domain", byKind["domain"]...)
	} else {
		add("Domain", append(byKind["domain"], b.domainsOf(byKind["system"])...)...)
	}
	add("Part of component", byKind["component"]...)
	for _, k := range sortedKeys(byKind) {
		if k != "system" && k != "domain" && k != "component" {
			add("Part of "+kindTitle(k), byKind[k]...)
		}
	}
	add("Parent group", e.Targets(entity.ChildOf)...)
	if e.Metadata.Namespace != "" && !strings.EqualFold(e.Metadata.Namespace, entity.DefaultNamespace) {
		out = append(out, Fact{Label: "Namespace", Text: e.Metadata.Namespace, URL: FacetURL("namespace", e.Metadata.Namespace)})
	}
	return out
}

// domainsOf returns the domains that systems belong to.
func (b *builder) domainsOf(systems []entity.Ref) []entity.Ref {
	var out []entity.Ref
	for _, r := range systems {
		if s := b.cat.Get(r); s != nil {
			if d := b.partOf(s, "domain"); d != nil && !slices.Contains(out, *d) {
				out = append(out, *d)
			}
		}
	}
	return out
}

// docsLinks returns an entity's documentation, its own and another's that
// stands for it.
func (b *builder) docsLinks(e *entity.Entity) []DocsLink {
	var out []DocsLink
	if s := b.siteOf[b.key(e.Ref())]; s != nil {
		out = append(out, DocsLink{Title: s.Title, URL: DocsSiteURL(s.Entity), Pages: len(s.Pages), Change: b.changes[s]})
	}
	if other, path := techdocsEntity(e); !other.IsZero() {
		if s := b.siteOf[b.key(other)]; s != nil {
			l := b.link(s.Entity)
			out = append(out, DocsLink{Title: s.Title, URL: DocsPageURL(s.Entity, path), Pages: len(s.Pages), Change: b.changes[s], From: &l})
		}
	}
	return out
}

// maxRunbooks is how many runbooks an entity page lists.
const maxRunbooks = 12

// runbooks finds what to read in an incident, by convention: pages of the
// documentation and links that have "runbook" or "playbook" in their name.
func (b *builder) runbooks(e *entity.Entity) []Link {
	var out []Link
	for _, l := range entityLinks(e) {
		if isRunbook(l.Type) || isRunbook(l.Title) || isRunbook(l.Icon) {
			out = append(out, l)
		}
	}
	if s := b.siteOf[b.key(e.Ref())]; s != nil {
		for _, p := range s.Pages {
			if isRunbook(p.Title) || isRunbook(p.Path) {
				out = append(out, Link{Title: p.Title, URL: DocsPageURL(s.Entity, p.Path), Icon: "docs"})
			}
		}
	}
	return out[:min(len(out), maxRunbooks)]
}

func isRunbook(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "runbook") || strings.Contains(s, "playbook")
}

// provenance says where an entity was written down.
func (b *builder) provenance(e *entity.Entity, files map[filePlace][]*entity.Entity) Provenance {
	o := e.Origin
	p := Provenance{
		Source: o.Source, File: o.Path, Line: o.Line, Place: o.Path + ":" + strconv.Itoa(o.Line),
		OwnerFromCodeowners: o.OwnerFromCodeowners, YAML: b.code(o.YAML, "yaml"),
	}
	for _, r := range o.Via {
		p.Via = append(p.Via, b.link(r))
	}
	for _, other := range files[filePlace{o.Source, o.Path}] {
		if other != e && len(p.Colocated) < maxColocated {
			p.Colocated = append(p.Colocated, b.link(other.Ref()))
		}
	}
	if c := b.checkouts[o.Source]; c != nil {
		web := webOf(c, o.Path)
		p.SourceURL, p.ViewURL, p.EditURL = c.Web.Base, web.File(o.Path, o.Line), c.Web.Edit(o.Path)
		p.Change = fileChange(c, o.Path)
		p.IssueURL = c.Web.NewIssue("Catalog: "+e.Title(), "About "+b.absolute(EntityURL(e.Ref()))+" ("+p.Place+")\n\n")
	}
	return p
}

// maxColocated is how many entities of the same file a page lists.
const maxColocated = 50

// absolute returns a site path as an address where the portal's is known.
func (b *builder) absolute(path string) string {
	if base := b.set.Shell.URL; base != "" {
		return base + strings.TrimPrefix(path, "/")
	}
	return path
}

// targets returns what a Location leads to.
func targets(e *entity.Entity) []Link {
	var out []Link
	for _, t := range append(e.SpecStrings("target"), e.SpecStrings("targets")...) {
		l, ok := external(t, t)
		if !ok {
			l = Link{Title: t}
		}
		out = append(out, l)
	}
	return out
}

func pairs(m map[string]string) []KeyValue {
	var out []KeyValue
	for _, k := range sortedKeys(m) {
		out = append(out, KeyValue{Key: k, Value: m[k]})
	}
	return out
}
