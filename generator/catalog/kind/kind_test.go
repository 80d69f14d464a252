package kind

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDeclarationsAreWhole checks what every declaration must have.
func TestDeclarationsAreWhole(t *testing.T) {
	word := regexp.MustCompile(`^\w+$`)
	for _, k := range Builtin() {
		if k.Name == "" || k.Plural == "" || len(k.APIVersions) == 0 {
			t.Errorf("kind %+v is incomplete", k)
		}
		types := []string{""}
		for _, v := range k.Variants {
			types = append(types, v.Types...)
		}
		for _, typ := range types {
			seen := map[string]bool{}
			for _, f := range k.FieldsFor(typ) {
				if seen[f.Name] {
					t.Errorf("%s (%s) has %s twice", k.Name, typ, f.Name)
				}
				seen[f.Name] = true
				if r := f.Relation; r != nil && (!word.MatchString(r.Forward) || !word.MatchString(r.Reverse) || r.Forward == r.Reverse) {
					t.Errorf("%s.%s has the relation %+v", k.Name, f.Name, r)
				}
				if r := f.Relation; r != nil && r.DefaultKind != "" && Find(Builtin(), r.DefaultKind) == nil {
					t.Errorf("%s.%s names the kind %q", k.Name, f.Name, r.DefaultKind)
				}
			}
		}
	}
}

func TestVariantReplacesFields(t *testing.T) {
	names := func(typ string) string {
		var out []string
		for _, f := range api.FieldsFor(typ) {
			out = append(out, f.Name)
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	if got := names("openapi"); got != "definition lifecycle owner system type" {
		t.Errorf("an openapi API has %s", got)
	}
	if got := names("mcp-server"); got != "lifecycle owner remotes system type" {
		t.Errorf("an mcp-server API has %s", got)
	}
}

func TestFindIgnoresCase(t *testing.T) {
	if k := Find(Builtin(), "airesource"); k != &aiResource {
		t.Errorf("found %v", k)
	}
	if k := Find(Builtin(), "cluster"); k != nil {
		t.Errorf("found %v", k)
	}
}

func TestCustomKindHasAnOwner(t *testing.T) {
	k, err := New(Custom{Name: "Cluster", Relations: []CustomRelation{{Field: "spec.placed.region", Relation: Relation{"Resource", "locatedIn", "locationOf"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if k.Fields[0].Name != "placed.region" || !slices.ContainsFunc(k.Fields, func(f Field) bool { return f.Name == "owner" && f.Relation == ownedBy }) {
		t.Errorf("fields %+v", k.Fields)
	}
	spec := map[string]any{"placed": map[string]any{"region": "eu"}}
	if Value(spec, k.Fields[0].Name) != "eu" || Value(spec, "placed.region.x") != nil {
		t.Error("a dotted path does not lead to its value")
	}
}
