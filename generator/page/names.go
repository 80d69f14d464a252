package page

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// kindNames are the kinds Callboard knows, in the order in which pages list
// them, in the singular and the plural. Custom kinds come after them by name.
var kindNames = []struct{ kind, one, many string }{
	{"component", "Component", "Components"},
	{"api", "API", "APIs"},
	{"system", "System", "Systems"},
	{"domain", "Domain", "Domains"},
	{"resource", "Resource", "Resources"},
	{"group", "Group", "Groups"},
	{"user", "User", "Users"},
	{"template", "Template", "Templates"},
	{"airesource", "AI resource", "AI resources"},
	{"location", "Location", "Locations"},
}

// kindTitle returns what to call a kind, given as written.
func kindTitle(kind string) string {
	for _, k := range kindNames {
		if strings.EqualFold(k.kind, kind) {
			return k.one
		}
	}
	return sentence(kind)
}

// kindsTitle returns what to call several of a kind.
func kindsTitle(kind string) string {
	for _, k := range kindNames {
		if strings.EqualFold(k.kind, kind) {
			return k.many
		}
	}
	return diag.Plural(sentence(kind))
}

// compareKinds orders kinds as pages list them.
func compareKinds(a, b string) int {
	place := func(kind string) int {
		for i, k := range kindNames {
			if strings.EqualFold(k.kind, kind) {
				return i
			}
		}
		return len(kindNames)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(strings.ToLower(a), strings.ToLower(b)))
}

// sentence turns an identifier such as "dataSource" or "data_source" into
// words with a capital first letter: "Data source".
func sentence(s string) string {
	var b strings.Builder
	var last rune
	for i, r := range s {
		switch {
		case i == 0:
			b.WriteRune(unicode.ToUpper(r))
		case r == '_' || r == '-':
			b.WriteByte(' ')
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// typeNames are the types whose names are not plain words.
var typeNames = map[string]string{
	"openapi": "OpenAPI", "asyncapi": "AsyncAPI", "graphql": "GraphQL", "grpc": "gRPC", "trpc": "tRPC",
	"mcp-server": "MCP server", "ai-model-server": "AI model server", "cli": "CLI", "s3-bucket": "S3 bucket",
}

// typeTitle returns what to call a spec.type, given as written.
func typeTitle(typ string) string {
	if name, ok := typeNames[strings.ToLower(typ)]; ok {
		return name
	}
	return sentence(typ)
}

// initials returns one or two capital letters for an avatar.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	out := string(unicode.ToUpper(first))
	if len(words) > 1 {
		last, _ := utf8.DecodeRuneInString(words[len(words)-1])
		out += string(unicode.ToUpper(last))
	}
	return out
}

// compareTitles orders by title as people look things up: ignoring case, with
// the ref to decide between equals.
func compareTitles(aTitle, aRef, bTitle, bRef string) int {
	return cmp.Or(cmp.Compare(strings.ToLower(aTitle), strings.ToLower(bTitle)), cmp.Compare(aTitle, bTitle), cmp.Compare(aRef, bRef))
}

func compareLinks(a, b EntityLink) int { return compareTitles(a.Title, a.Ref, b.Title, b.Ref) }

// entityLink returns the link to an entity that exists.
func entityLink(e *entity.Entity) EntityLink {
	r := e.Ref()
	return EntityLink{
		Ref: r.String(), Kind: strings.ToLower(e.Kind), KindTitle: kindTitle(e.Kind),
		Title: e.Title(), URL: EntityURL(r), Type: e.Type(), Description: excerpt(e.Metadata.Description, 120),
	}
}

// link returns the link to what a ref names, marked as missing where nothing does.
func (b *builder) link(r entity.Ref) EntityLink {
	if l, ok := b.links[b.key(r)]; ok {
		return l
	}
	return EntityLink{Ref: r.String(), Kind: strings.ToLower(r.Kind), KindTitle: kindTitle(r.Kind), Title: r.Short(), Missing: true}
}

// linkTo is [builder.link] by entity, as a pointer; nil for nil.
func (b *builder) linkTo(e *entity.Entity) *EntityLink {
	if e == nil {
		return nil
	}
	l := b.link(e.Ref())
	return &l
}

// linksTo returns links in the order of titles.
func (b *builder) linksTo(refs []entity.Ref) []EntityLink {
	var out []EntityLink
	for _, r := range refs {
		out = append(out, b.link(r))
	}
	slices.SortFunc(out, compareLinks)
	return out
}

// owner returns the link to the first owner of e, existing or not; nil for none.
func (b *builder) owner(e *entity.Entity) *EntityLink {
	targets := e.Targets(entity.OwnedBy)
	if len(targets) == 0 {
		return nil
	}
	l := b.link(targets[0])
	return &l
}

// partOf returns the first target of partOf that has a kind; nil for none.
func (b *builder) partOf(e *entity.Entity, kind string) *entity.Ref {
	for _, t := range e.Targets(entity.PartOf) {
		if strings.EqualFold(t.Kind, kind) {
			return &t
		}
	}
	return nil
}
