package entity

import (
	"github.com/callboard-portal/callboard/generator/diag"
)

// Entity is one thing in the catalog, with everything known of it. Entities
// are immutable once the [Catalog] is made.
type Entity struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   Metadata       `json:"metadata"`
	Spec       map[string]any `json:"spec,omitempty"`
	// Relations go out from this entity, sorted by type and target, without
	// repeats; both directions of every pair are present.
	Relations []Relation `json:"relations,omitempty"`

	// Origin says where the entity was written down.
	Origin Origin `json:"-"`
	// Positions of fields in the descriptor, by path such as "spec.owner" or
	// "spec.dependsOn[2]"; use [Entity.Pos].
	Positions map[string]diag.Pos `json:"-"`
	// Problems are the diagnostics about this entity's own descriptor. An
	// entity with errors is kept and its page says what is wrong with it.
	Problems diag.List `json:"-"`
}

// Metadata is the part of an entity that is alike for all kinds.
type Metadata struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Tags        []string          `json:"tags,omitempty"`
	Links       []Link            `json:"links,omitempty"`
	// Extra are metadata keys Callboard gives no meaning to, kept for the API.
	Extra map[string]any `json:"extra,omitempty"`
}

// Link is an entry of metadata.links.
type Link struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	Icon  string `json:"icon,omitempty"`
	Type  string `json:"type,omitempty"`
}

// Origin says where an entity was written down.
type Origin struct {
	// Source is the checkout's name; Path the descriptor's path inside it.
	Source string `json:"source"`
	Path   string `json:"path"`
	// Line is where the document begins, from 1; Document its index in the file, from 0.
	Line     int `json:"line"`
	Document int `json:"document"`
	// Via lists the Location entities that led here, outermost first.
	Via []Ref `json:"via,omitempty"`
	// OwnerFromCodeowners is true when spec.owner came from a CODEOWNERS file.
	OwnerFromCodeowners bool `json:"ownerFromCodeowners,omitempty"`
	// Includes says, by field path such as "spec.definition", which file a
	// value was included from: a path in the same source, or an address.
	Includes map[string]string `json:"includes,omitempty"`
	// YAML is the document as written, for the "descriptor" section of the page.
	YAML string `json:"-"`
}

// Relation types, in pairs (Backstage: packages/catalog-model/src/kinds/relations.ts).
const (
	OwnedBy       = "ownedBy"
	OwnerOf       = "ownerOf"
	ProvidesAPI   = "providesApi"
	APIProvidedBy = "apiProvidedBy"
	ConsumesAPI   = "consumesApi"
	APIConsumedBy = "apiConsumedBy"
	DependsOn     = "dependsOn"
	DependencyOf  = "dependencyOf"
	ParentOf      = "parentOf"
	ChildOf       = "childOf"
	MemberOf      = "memberOf"
	HasMember     = "hasMember"
	PartOf        = "partOf"
	HasPart       = "hasPart"
)

// Relation is one directed, typed edge of the catalog graph.
type Relation struct {
	Type   string `json:"type"`
	Target Ref    `json:"targetRef"`
}

// Ref returns the entity's ref.
func (e *Entity) Ref() Ref {
	return Ref{Kind: e.Kind, Namespace: e.Metadata.Namespace, Name: e.Metadata.Name}
}

// Title returns what to call the entity on a page: metadata.title, else the
// profile's display name, else the name.
func (e *Entity) Title() string {
	if e.Metadata.Title != "" {
		return e.Metadata.Title
	}
	if p, ok := e.Spec["profile"].(map[string]any); ok {
		if s, ok := p["displayName"].(string); ok && s != "" {
			return s
		}
	}
	return e.Metadata.Name
}

// SpecString returns a top-level string field of spec, or "".
func (e *Entity) SpecString(field string) string {
	s, _ := e.Spec[field].(string)
	return s
}

// SpecStrings returns a top-level list of strings of spec. A bare string
// counts as a list of one; other items are left out.
func (e *Entity) SpecStrings(field string) []string {
	switch v := e.Spec[field].(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, 0, len(v))
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Type returns spec.type, or "".
func (e *Entity) Type() string { return e.SpecString("type") }

// Lifecycle returns spec.lifecycle, or "".
func (e *Entity) Lifecycle() string { return e.SpecString("lifecycle") }

// Annotation returns an annotation's value, or "".
func (e *Entity) Annotation(key string) string { return e.Metadata.Annotations[key] }

// Pos returns the position of a field, or of the nearest parent field whose
// position is known, or of the document.
func (e *Entity) Pos(field string) diag.Pos {
	for f := field; f != ""; f = parentField(f) {
		if p, ok := e.Positions[f]; ok {
			return p
		}
	}
	return diag.Pos{Source: e.Origin.Source, File: e.Origin.Path, Line: e.Origin.Line, Column: 1}
}

func parentField(f string) string {
	for i := len(f) - 1; i > 0; i-- {
		if f[i] == '.' || f[i] == '[' {
			return f[:i]
		}
	}
	return ""
}

// Targets returns the targets of the entity's relations of one type, sorted.
func (e *Entity) Targets(relation string) []Ref {
	var out []Ref
	for _, r := range e.Relations {
		if r.Type == relation {
			out = append(out, r.Target)
		}
	}
	return out
}
