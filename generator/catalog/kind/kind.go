// Package kind says what each kind of entity looks like: its fields, which of
// them name other entities, and what they must hold. A [Kind] is a
// declaration, one small file each; [Kind.Check] interprets it. Begin with
// component.go, and see kinds.go for the list.
//
// The fields and relations are those of Backstage's catalog model
// (packages/catalog-model/src/schema/kinds and src/kinds/relations.ts).
package kind

import (
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Kind declares one kind of entity. It is immutable and safe for concurrent use.
type Kind struct {
	// Name is the kind as descriptors write it, Plural the heading of lists of them.
	Name, Plural string
	// APIVersions are those accepted, the usual one first; empty accepts any.
	APIVersions []string
	// Fields are the fields of spec that mean something. Others are allowed.
	Fields []Field
	// Variants change the fields by spec.type.
	Variants []Variant
	// schema further constrains whole entities of custom kinds; nil for none.
	schema *jsonschema.Schema
}

// Type is what a field holds.
type Type uint8

// The types of fields.
const (
	// Any is anything at all.
	Any Type = iota
	// String is a text that is not empty.
	String
	// Strings is a list of texts that are not empty.
	Strings
	// Object is a mapping.
	Object
	// Objects is a list of mappings.
	Objects
	// ObjectOrObjects is a mapping or a list of them.
	ObjectOrObjects
)

// Field is one field of spec, or of an object inside it.
type Field struct {
	Name     string
	Type     Type
	Required bool
	// NotEmpty says that a list needs an element.
	NotEmpty bool
	// Enum lists the words a String may be; empty means any.
	Enum []string
	// Relation is set when the field holds refs.
	Relation *Relation
	// Fields are those of an Object, or of each of the Objects.
	Fields []Field
	// URL says that a String is a web address that pages show.
	URL bool
}

// Relation says what naming another entity means.
type Relation struct {
	// DefaultKind is the kind of refs that name none; empty makes that a mistake.
	DefaultKind string
	// Forward is the relation of the entity that names, Reverse that of the one named.
	Forward, Reverse string
}

// Variant is what differs for some values of spec.type.
type Variant struct {
	Types []string
	// Without names fields of the kind that these types do not have.
	Without []string
	// Fields are added.
	Fields []Field
}

// FieldsFor returns the fields of an entity of this kind whose spec.type is typ.
func (k *Kind) FieldsFor(typ string) []Field {
	i := slices.IndexFunc(k.Variants, func(v Variant) bool { return slices.Contains(v.Types, typ) })
	if i < 0 {
		return k.Fields
	}
	v := k.Variants[i]
	var out []Field
	for _, f := range k.Fields {
		if !slices.Contains(v.Without, f.Name) {
			out = append(out, f)
		}
	}
	return append(out, v.Fields...)
}

// Find returns the kind of a name, case ignored, or nil.
func Find(kinds []*Kind, name string) *Kind {
	i := slices.IndexFunc(kinds, func(k *Kind) bool { return strings.EqualFold(k.Name, name) })
	if i < 0 {
		return nil
	}
	return kinds[i]
}

// Value returns what stands at a dotted path of spec, or nil.
func Value(spec map[string]any, path string) any {
	var v any = spec
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}
