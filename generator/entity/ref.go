// Package entity is the catalog's model: refs, entities, relations and the
// immutable, indexed [Catalog]. generator/catalog makes them from descriptor
// files; every later stage reads them. Begin with [Entity].
//
// The words and rules are those of Backstage's catalog model, so that files
// written for it mean the same here.
package entity

import (
	"cmp"
	"fmt"
	"strings"
)

// DefaultNamespace is the namespace of an entity that names none.
const DefaultNamespace = "default"

// Ref names an entity. Comparison is case-insensitive: use [Ref.Key] for map
// keys and equality, never == on refs as written. The zero Ref names nothing.
type Ref struct {
	Kind, Namespace, Name string
}

// ParseRef reads "[<kind>:][<namespace>/]<name>", filling in an absent kind
// and namespace from the arguments (Backstage: packages/catalog-model/src/entity/ref.ts).
// The first ":" ends the kind unless a "/" comes before it. An empty part, or
// a kind that is absent with no default, is an error.
func ParseRef(s, defaultKind, defaultNamespace string) (Ref, error) {
	rest, r := s, Ref{Kind: defaultKind, Namespace: defaultNamespace}
	colon, slash := strings.IndexByte(rest, ':'), strings.IndexByte(rest, '/')
	if colon >= 0 && (slash < 0 || colon < slash) {
		r.Kind, rest = rest[:colon], rest[colon+1:]
		if r.Kind == "" {
			return Ref{}, fmt.Errorf("entity ref %q has an empty kind", s)
		}
		slash = strings.IndexByte(rest, '/')
	}
	if slash >= 0 {
		r.Namespace, rest = rest[:slash], rest[slash+1:]
		if r.Namespace == "" {
			return Ref{}, fmt.Errorf("entity ref %q has an empty namespace", s)
		}
	}
	r.Name = rest
	switch {
	case r.Name == "":
		return Ref{}, fmt.Errorf("entity ref %q has an empty name", s)
	case r.Kind == "":
		return Ref{}, fmt.Errorf("entity ref %q has no kind", s)
	case r.Namespace == "":
		r.Namespace = DefaultNamespace
	}
	if strings.ContainsAny(r.Name, ":/ \t\n") || strings.ContainsAny(r.Namespace, ": \t\n") || strings.ContainsAny(r.Kind, " \t\n") {
		return Ref{}, fmt.Errorf("entity ref %q is not of the form [kind:][namespace/]name", s)
	}
	return r, nil
}

// Key returns the canonical form "kind:namespace/name" in lower case: the
// identity of the entity.
func (r Ref) Key() string {
	return strings.ToLower(r.Kind + ":" + r.Namespace + "/" + r.Name)
}

// String returns "kind:namespace/name" with the kind and namespace in lower
// case and the name as written.
func (r Ref) String() string {
	return strings.ToLower(r.Kind) + ":" + strings.ToLower(r.Namespace) + "/" + r.Name
}

// Short returns the ref as people write it where kind is understood: "name",
// or "namespace/name" outside the default namespace.
func (r Ref) Short() string {
	if strings.EqualFold(r.Namespace, DefaultNamespace) {
		return r.Name
	}
	return strings.ToLower(r.Namespace) + "/" + r.Name
}

// IsZero reports whether the ref names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// Compare orders refs by kind, namespace and name, ignoring case.
func (r Ref) Compare(o Ref) int {
	return cmp.Or(
		cmp.Compare(strings.ToLower(r.Kind), strings.ToLower(o.Kind)),
		cmp.Compare(strings.ToLower(r.Namespace), strings.ToLower(o.Namespace)),
		cmp.Compare(strings.ToLower(r.Name), strings.ToLower(o.Name)))
}

// MarshalText writes the ref as [Ref.String] does.
func (r Ref) MarshalText() ([]byte, error) {
	if r.IsZero() {
		return nil, nil
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads a full ref.
func (r *Ref) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = Ref{}
		return nil
	}
	var err error
	*r, err = ParseRef(string(b), "", DefaultNamespace)
	return err
}
