package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

func get(t *testing.T, c *entity.Catalog, ref string) *entity.Entity {
	t.Helper()
	r, err := entity.ParseRef(ref, "", "")
	if err != nil {
		t.Fatal(err)
	}
	e := c.Get(r)
	if e == nil {
		t.Fatalf("%s is not in the catalog", ref)
	}
	return e
}

func relations(e *entity.Entity) string {
	var out []string
	for _, r := range e.Relations {
		out = append(out, r.Type+" "+r.Target.String())
	}
	return strings.Join(out, "\n")
}

func codes(ds diag.List) string {
	var out []string
	for _, d := range ds {
		out = append(out, d.Code)
	}
	return strings.Join(out, " ")
}

func goodFiles() *checkout.Checkout {
	c := checkouttest.Tree("acme/good", os.DirFS("testdata/good"))
	c.Descriptors = []string{"*.yaml"}
	return c
}

func TestGoodFilesOfEveryKind(t *testing.T) {
	c, account, ds, err := Load(context.Background(), []*checkout.Checkout{goodFiles()}, Options{})
	if err != nil || len(ds) > 0 {
		t.Fatal(err, ds)
	}
	if account.Entities != account.Documents || account.Entities != len(c.All()) {
		t.Errorf("account %+v of %d entities", account, len(c.All()))
	}
	for _, k := range kind.Builtin() {
		if len(c.Kind(k.Name)) == 0 {
			t.Errorf("no good file has a %s", k.Name)
		}
	}
	for _, x := range []struct{ ref, want string }{
		{"component:ledger", "consumesApi api:default/events\ndependencyOf airesource:default/review\ndependencyOf component:default/shop\ndependsOn component:default/shop\n" +
			"dependsOn resource:default/ledger-db\nownedBy group:default/payments\npartOf component:default/shop\npartOf system:default/billing\nprovidesApi api:default/ledger-api"},
		{"component:shop", "dependencyOf component:default/ledger\ndependsOn component:default/ledger\nhasPart component:default/ledger\nownedBy user:default/ada"},
		{"api:ledger-api", "apiProvidedBy component:default/ledger\nownedBy group:default/payments\npartOf system:default/billing"},
		{"api:events", "apiConsumedBy component:default/ledger\nownedBy group:default/payments"},
		{"resource:ledger-db", "dependencyOf component:default/ledger\ndependsOn resource:default/disk\nownedBy group:default/payments\npartOf system:default/billing"},
		{"domain:money", "hasPart domain:default/tax\nhasPart system:default/billing\nownedBy group:default/payments"},
		{"group:company", "parentOf group:default/payments"},
		{"user:grace", "memberOf group:default/payments"},
		{"user:ada", "memberOf group:default/payments\nownerOf component:default/shop"},
		{"airesource:review", "dependencyOf airesource:default/tools\ndependsOn component:default/ledger\nownedBy group:default/payments\npartOf system:default/billing"},
	} {
		if got := relations(get(t, c, x.ref)); got != x.want {
			t.Errorf("%s:\n%s\nwant\n%s", x.ref, got, x.want)
		}
	}
	ledger := get(t, c, "component:ledger")
	if ledger.Metadata.Annotations["since"] != "2024-01-01" || ledger.Metadata.Extra["costCenter"] != int64(4711) || len(ledger.Metadata.Links) != 2 {
		t.Errorf("metadata %+v", ledger.Metadata)
	}
	if p := ledger.Pos("spec.dependsOn[1]"); p.Line != 25 || p.Column != 37 || p.File != "component.yaml" || p.Source != "acme/good" {
		t.Errorf("spec.dependsOn[1] is at %v", p)
	}
	if !strings.HasPrefix(ledger.Origin.YAML, "apiVersion: ") || strings.Contains(ledger.Origin.YAML, "shop}") {
		t.Errorf("YAML as written: %q", ledger.Origin.YAML)
	}
	events := get(t, c, "api:events")
	if events.SpecString("definition") != "asyncapi: 3.0.0\n" || events.Origin.Includes["spec.definition"] != "include/events.txt" {
		t.Errorf("included definition %q from %v", events.SpecString("definition"), events.Origin.Includes)
	}
	if via := get(t, c, "user:json").Origin.Via; len(via) != 1 || via[0].String() != "location:default/more" {
		t.Errorf("user:json was found via %v", via)
	}
}

// TestOrderDoesNotMatter shuffles the checkouts and runs the load again.
func TestOrderDoesNotMatter(t *testing.T) {
	b, err := os.ReadFile("testdata/bad/entity-duplicate.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cs, _, _ := repositories(t, b)
	cs = append(append(cs, goodFiles()), estate(5, 5)...)
	cs[2].Priority = 100
	print := func() string {
		c, account, ds, err := Load(context.Background(), cs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		j, err := json.Marshal([]any{c.All(), account, ds})
		if err != nil {
			t.Fatal(err)
		}
		return string(j)
	}
	want := print()
	for range 10 {
		rand.Shuffle(len(cs), func(i, j int) { cs[i], cs[j] = cs[j], cs[i] })
		if got := print(); got != want {
			t.Fatalf("another order gives\n%s\ninstead of\n%s", got, want)
		}
	}
}

const head = "apiVersion: backstage.io/v1alpha1\n"

func TestBrokenDocumentHidesNoSibling(t *testing.T) {
	c, account, ds, err := Load(context.Background(), []*checkout.Checkout{checkouttest.Files("a", map[string]string{
		"catalog-info.yaml": head + "kind: User\nmetadata: {name: a}\nspec: {memberOf: []}\n---\nkind: [broken\n---\n# nothing\n---\n" + head + "kind: User\nmetadata: {name: b}\nspec: {memberOf: []}\n",
	})}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Kind("user")) != 2 || codes(ds) != "yaml-syntax" || ds[0].Pos.Line != 6 {
		t.Errorf("%d users, %v", len(c.Kind("user")), ds)
	}
	if f := account.Files[0]; f.Documents != 4 || f.Entities != 2 || f.Empty != 1 || f.Rejected != 1 {
		t.Errorf("account %+v", f)
	}
}

func TestEntityWithMistakesIsKept(t *testing.T) {
	c, ds := load(t, "-- a/catalog-info.yaml --\n"+head+"kind: component\nmetadata: {name: x}\nspec: {type: service, lifecycle: 1}\n")
	e := get(t, c, "component:x")
	if e.Kind != "Component" || codes(e.Problems) != "kind-invalid spec-required spec-type" || len(ds) != 3 {
		t.Errorf("%s with %v", e.Kind, e.Problems)
	}
	for _, d := range e.Problems {
		if d.Entity != "component:default/x" {
			t.Errorf("%v is about %q", d, d.Entity)
		}
	}
}

func TestLocationsLeadOn(t *testing.T) {
	c, ds := load(t, `
-- a/catalog-info.yaml --
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: root}
spec:
  targets:
    - ./org/*.yaml
    - /deep/**/info.yaml
    - ./catalog-info.yaml
    - https://github.com/acme/b/blob/main/users.yaml
    - https://raw.githubusercontent.com/acme/b/main/raw.yaml
    - https://github.com/acme/b/tree/release/1.x/tree.yaml
    - sub/l.yaml
-- a/org/one.yaml --
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: one}
spec: {memberOf: []}
-- a/deep/x/y/info.yaml --
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: deep}
spec: {memberOf: []}
-- a/sub/l.yaml --
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: sub}
spec: {target: "../org/../back.yaml?at=main"}
-- a/back.yaml --
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: back}
spec: {targets: [./sub/l.yaml, ./catalog-info.yaml]}
-- b/catalog-info.yaml --
-- b/users.yaml --
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: other}
spec: {memberOf: []}
-- b/raw.yaml --
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: raw}
spec: {memberOf: []}
-- b/1.x/tree.yaml --
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: tree}
spec: {memberOf: []}
`)
	if codes(ds) != "descriptor-empty" { // of b
		t.Error(ds)
	}
	var names []string
	for _, u := range c.Kind("user") {
		names = append(names, u.Metadata.Name)
	}
	if got := strings.Join(names, " "); got != "deep one other raw tree" {
		t.Errorf("users %s", got)
	}
	other := get(t, c, "user:other")
	if other.Origin.Source != "b" || other.Annotation(annotationOrigin) != "url:https://github.com/acme/a/blob/main/catalog-info.yaml" {
		t.Errorf("user:other comes from %+v, %v", other.Origin, other.Metadata.Annotations)
	}
	if via := get(t, c, "location:back").Origin.Via; len(via) != 2 || via[1].Name != "sub" {
		t.Errorf("back was found via %v", via)
	}
}

func TestAnnotationsSayWhereFrom(t *testing.T) {
	cs, _, _ := repositories(t, []byte("-- a/catalog-info.yaml --\n"+head+"kind: User\nmetadata: {name: a, annotations: {backstage.io/edit-url: 'https://mine.example.com/', backstage.io/managed-by-location: 'url:forged'}}\nspec: {memberOf: []}\n"+
		"-- b/catalog-info.yaml --\n"+head+"kind: User\nmetadata: {name: b}\nspec: {memberOf: []}\n"))
	cs[1].Web, cs[1].URL = checkout.Web{}, ""
	c, _, _, err := Load(context.Background(), cs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		annotationLocation: "url:https://github.com/acme/a/blob/main/catalog-info.yaml", annotationOrigin: "url:https://github.com/acme/a/blob/main/catalog-info.yaml",
		annotationView: "https://github.com/acme/a/blob/main/catalog-info.yaml", annotationEdit: "https://mine.example.com/",
		annotationSource: "url:https://github.com/acme/a/tree/main/",
	}
	if got := get(t, c, "user:a").Metadata.Annotations; !reflect.DeepEqual(got, want) {
		t.Errorf("annotations %v", got)
	}
	want = map[string]string{annotationLocation: "file:catalog-info.yaml", annotationOrigin: "file:catalog-info.yaml"}
	if got := get(t, c, "user:b").Metadata.Annotations; !reflect.DeepEqual(got, want) {
		t.Errorf("annotations of a plain folder %v", got)
	}
}

func TestCodeownersFillIn(t *testing.T) {
	for owners, want := range map[string]string{
		"* @acme/a @acme/b\n":                               "a",
		"* @acme/a\n/catalog-info.yaml @acme/sub/group/b\n": "b",
		"* @ada\n":              "user:ada",
		"* ada.l@example.com\n": "ada.l",
		"# c\n\n[Section][2] @acme/c\n*.yaml @acme/a # why\n": "a",
		"/docs/ @acme/a\n":    "",
		"* @acme/a\n*.yaml\n": "",
	} {
		c, _ := load(t, "-- a/.gitlab/CODEOWNERS --\n"+owners+"-- a/catalog-info.yaml --\n"+head+"kind: System\nmetadata: {name: s}\n")
		s := get(t, c, "system:s")
		if s.SpecString("owner") != want || s.Origin.OwnerFromCodeowners != (want != "") {
			t.Errorf("%q gives owner %q, want %q", owners, s.SpecString("owner"), want)
		}
	}
	c, _ := load(t, "-- a/CODEOWNERS --\n* @acme/a\n-- a/catalog-info.yaml --\n"+head+"kind: System\nmetadata: {name: s}\nspec: {owner: own}\n---\n"+head+"kind: Template\nmetadata: {name: t}\nspec: {type: x, steps: []}\n")
	if get(t, c, "system:s").SpecString("owner") != "own" || get(t, c, "template:t").SpecString("owner") != "" {
		t.Error("CODEOWNERS replaced an owner, or gave one to a kind that takes none")
	}
}

func TestIncludes(t *testing.T) {
	archive := `
-- options.json --
{"AllowHosts": ["specs.example.com"]}
-- a/apis/catalog-info.yaml --
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: r}
spec:
  type: x
  owner: o
  text: {$text: ./t.txt}
  root: {$text: /root.txt}
  json: [{$json: j.json}]
  yaml: {$yaml: y.yaml}
  other: {$text: "https://github.com/acme/b/blob/main/b.txt"}
  net: {$text: "https://specs.example.com/s"}
  ref: {$ref: ./t.txt}
  two: {$text: ./t.txt, more: 1}
-- a/apis/t.txt --
{$text: not again}
-- a/root.txt --
root
-- a/apis/j.json --
{"a": {"$text": "./t.txt"}}
-- a/apis/y.yaml --
- on
-- b/catalog-info.yaml --
-- b/b.txt --
bee
`
	cs, opt, _ := repositories(t, []byte(archive))
	cs[0].Descriptors = []string{"apis/catalog-info.yaml"}
	opt.Read = func(_ context.Context, url string) ([]byte, error) {
		if url != "https://specs.example.com/s" {
			return nil, errors.New("unexpected " + url)
		}
		return []byte("net"), nil
	}
	c, _, ds, err := Load(context.Background(), cs, opt)
	if err != nil || codes(ds) != "owner-dangling descriptor-empty" {
		t.Fatal(err, ds)
	}
	want := map[string]any{
		"type": "x", "owner": "o", "text": "{$text: not again}\n", "root": "root\n",
		"json": []any{map[string]any{"a": map[string]any{"$text": "./t.txt"}}}, "yaml": []any{"on"}, "other": "bee\n", "net": "net",
		"ref": map[string]any{"$ref": "./t.txt"}, "two": map[string]any{"$text": "./t.txt", "more": int64(1)},
	}
	if got := get(t, c, "resource:r").Spec; !reflect.DeepEqual(got, want) {
		t.Errorf("spec\n%v\nwant\n%v", got, want)
	}
}

func TestOldDefinitionAnnotation(t *testing.T) {
	c, ds := load(t, "-- a/catalog-info.yaml --\n"+head+"kind: API\nmetadata: {name: a, annotations: {backstage.io/definition-at-location: 'url:./x.yaml'}}\nspec: {type: openapi, lifecycle: x, owner: o}\n-- a/x.yaml --\nopenapi: 3.1.0\n")
	if get(t, c, "api:a").SpecString("definition") != "openapi: 3.1.0\n" || codes(ds) != "owner-dangling" {
		t.Error(ds)
	}
}

func TestBundledDefinition(t *testing.T) {
	c, ds := load(t, `
-- a/catalog-info.yaml --
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: pets}
spec: {type: openapi, lifecycle: x, owner: o, definition: {$openapi: ./spec/openapi.yaml}}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: whole}
spec: {type: openapi, lifecycle: x, owner: o, definition: {$openapi: ./whole.yaml}}
-- a/whole.yaml --
openapi:   3.1.0   # kept as it is
components: {schemas: {A: {$ref: '#/components/schemas/A'}}}
-- a/spec/openapi.yaml --
openapi: 3.1.0
paths:
  /pets:
    $ref: paths/pets.yaml
components:
  schemas:
    Error: {type: string}
-- a/spec/paths/pets.yaml --
get:
  parameters:
    - $ref: ../common.yaml#/components/parameters/limit
  responses:
    '200':
      content:
        application/json:
          schema: {type: array, items: {$ref: ../pet.yaml}}
    default:
      content:
        application/json:
          schema: {$ref: ../openapi.yaml#/components/schemas/Error}
-- a/spec/common.yaml --
components:
  parameters:
    limit: {name: limit, in: query, schema: {$ref: '#/defs/Limit~1Max'}}
defs: {Limit/Max: {type: integer}}
-- a/spec/pet.yaml --
type: object
properties:
  parent: {$ref: ./pet.yaml}
  toys: {type: array, items: {$ref: toys.json#/Toy}}
-- a/spec/toys.json --
{"Toy": {"type": "object", "properties": {"owner": {"$ref": "pet.yaml#"}}}}
`)
	if codes(ds) != "owner-dangling owner-dangling" {
		t.Error(ds)
	}
	const want = `openapi: 3.1.0
paths:
  /pets:
    get:
      parameters:
        - $ref: '#/components/parameters/limit'
      responses:
        '200':
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/pet'}}
        default:
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Error'}
components:
  schemas:
    Error: {type: string}
    Limit_1Max: {type: integer}
    pet:
      type: object
      properties:
        parent: {$ref: '#/components/schemas/pet'}
        toys: {type: array, items: {$ref: '#/components/schemas/Toy'}}
    Toy: {"type": "object", "properties": {"owner": {"$ref": "#/components/schemas/pet"}}}
  parameters:
    limit: {name: limit, in: query, schema: {$ref: '#/components/schemas/Limit_1Max'}}
`
	if got := get(t, c, "api:pets").SpecString("definition"); got != want {
		t.Errorf("bundled\n%s\nwant\n%s", got, want)
	}
	if got := get(t, c, "api:whole").SpecString("definition"); !strings.HasPrefix(got, "openapi:   3.1.0   # kept") {
		t.Errorf("a definition in one file is changed:\n%s", got)
	}
}

func TestCustomKind(t *testing.T) {
	b, err := os.ReadFile("testdata/bad/spec-schema.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cs, opt, _ := repositories(t, b)
	cs = append(cs, checkouttest.Files("b", map[string]string{"catalog-info.yaml": "apiVersion: acme.example/v1\nkind: Cluster\nmetadata: {name: good}\nspec: {region: [eu, us], owner: team}\n---\n" +
		head + "kind: Resource\nmetadata: {name: eu}\nspec: {type: region, owner: team}\n---\n" + head + "kind: Group\nmetadata: {name: team}\nspec: {type: team, children: []}\n"}))
	c, _, _, err := Load(context.Background(), cs, opt)
	if err != nil {
		t.Fatal(err)
	}
	good := get(t, c, "cluster:good")
	if got := relations(good); got != "locatedIn resource:default/eu\nlocatedIn resource:default/us\nownedBy group:default/team" {
		t.Errorf("relations %s", got)
	}
	if codes(good.Problems) != "ref-dangling" {
		t.Error(good.Problems)
	}
	if got := relations(get(t, c, "resource:eu")); !strings.Contains(got, "locationOf cluster:default/good") {
		t.Errorf("relations of the other end: %s", got)
	}
}

func TestNamespacesOfRefs(t *testing.T) {
	c, ds := load(t, "-- a/catalog-info.yaml --\n"+head+"kind: Group\nmetadata: {name: team, namespace: shop}\nspec: {type: team, children: []}\n---\n"+
		head+"kind: System\nmetadata: {name: S, namespace: shop}\nspec: {owner: TEAM}\n---\n"+head+"kind: System\nmetadata: {name: s2}\nspec: {owner: team}\n")
	if got := relations(get(t, c, "system:shop/s")); got != "ownedBy group:shop/team" {
		t.Errorf("relations %s", got)
	}
	if codes(ds) != "owner-dangling" || ds[0].Hint != `did you mean "shop/team"?` {
		t.Error(ds)
	}
}

func TestHostileNamesStayOut(t *testing.T) {
	for _, name := range []string{"../x", "..", ".", "a/b", "a\u202eb", "аdmin", "a\x00b", "con.", strings.Repeat("a", 300), "<b>", "a b", "a%2fb"} {
		c, _ := load(t, "-- a/catalog-info.yaml --\n"+head+"kind: User\nmetadata: {name: "+fmt.Sprintf("%q", name)+"}\nspec: {memberOf: []}\n")
		if len(c.All()) > 0 {
			t.Errorf("an entity is called %q", name)
		}
	}
}

func TestCancelledLoadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, _, err := Load(ctx, []*checkout.Checkout{goodFiles()}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestWhatOneSourceIncludesIsBounded(t *testing.T) {
	const each = 4 << 20
	files := map[string]string{"big": strings.Repeat("x", each)}
	for i := range maxIncludedBytes/each + 2 {
		files[fmt.Sprintf("catalog-info-%02d.yaml", i)] = fmt.Sprintf("apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a%02d}\n"+
			"spec: {type: openapi, lifecycle: x, owner: group:o, definition: {$text: ./big}}\n", i)
	}
	repo := checkouttest.Files("a", files)
	repo.Descriptors = []string{"catalog-info-*.yaml"}
	c, _, ds, err := Load(context.Background(), []*checkout.Checkout{repo}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Kind("api")); n != maxIncludedBytes/each+2 {
		t.Errorf("%d entities are kept", n)
	}
	if n := len(slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return d.Code != codeIncludeSize })); n != 2 {
		t.Errorf("%d files are left out, want 2", n)
	}
}

// A relation like a built-in one, but without the kind that it expects, once
// made the message about a wrong kind fail.
func TestCustomPartOfWithoutAKindTakesAny(t *testing.T) {
	cluster := kind.Custom{Name: "Cluster", Relations: []kind.CustomRelation{
		{Field: "spec.region", Relation: kind.Relation{Forward: entity.PartOf, Reverse: entity.HasPart}},
	}}
	repo := checkouttest.Files("a", map[string]string{"catalog-info.yaml": "apiVersion: acme.example/v1\nkind: Cluster\nmetadata: {name: one}\nspec: {region: 'resource:north'}\n" +
		"---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: north}\nspec: {type: region, owner: 'cluster:one'}\n"})
	c, _, ds, err := Load(context.Background(), []*checkout.Checkout{repo}, Options{Kinds: []kind.Custom{cluster}})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(t, c, "cluster:one").Targets(entity.PartOf); len(got) != 1 || codes(ds) != codeOwnerKind {
		t.Errorf("part of %v, told %v", got, ds)
	}
}

// panickyFS stands for whatever nobody has thought of.
type panickyFS struct{ fstest.MapFS }

func (f panickyFS) Open(name string) (fs.File, error) {
	if name == "catalog-info.yaml" {
		panic("nobody thought of this")
	}
	return f.MapFS.Open(name)
}

func TestAFileThatMakesTheReaderFailStopsNothing(t *testing.T) {
	const group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: good}\nspec: {type: team, children: []}\n"
	bad := checkouttest.Tree("bad", panickyFS{fstest.MapFS{"catalog-info.yaml": {Data: []byte(group)}}})
	c, _, ds, err := Load(context.Background(), []*checkout.Checkout{bad, checkouttest.Files("good", map[string]string{"catalog-info.yaml": group})}, Options{})
	if err != nil || len(c.All()) != 1 || codes(ds) != codeUnreadable {
		t.Errorf("%d entities, told %v, %v", len(c.All()), ds, err)
	}
}

// countingFS counts how often each file is opened.
type countingFS struct {
	fstest.MapFS
	opened map[string]int
}

func (f countingFS) Open(name string) (fs.File, error) {
	f.opened[name]++
	return f.MapFS.Open(name)
}

func TestABundleReadsEachFileOnce(t *testing.T) {
	var api strings.Builder
	api.WriteString("openapi: 3.1.0\ncomponents:\n  schemas:\n")
	for i := range 200 {
		fmt.Fprintf(&api, "    S%d: {$ref: './shared.yaml#/a'}\n", i)
	}
	tree := countingFS{fstest.MapFS{
		"catalog-info.yaml": {Data: []byte("apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec: {type: openapi, lifecycle: x, owner: group:o, definition: {$openapi: ./api.yaml}}\n")},
		"api.yaml":          {Data: []byte(api.String())},
		"shared.yaml":       {Data: []byte("a: {type: string}\n")},
	}, map[string]int{}}
	_, _, ds, err := Load(context.Background(), []*checkout.Checkout{checkouttest.Tree("a", tree)}, Options{})
	if err != nil || tree.opened["shared.yaml"] != 1 {
		t.Errorf("opened %v, told %v, %v", tree.opened, ds, err)
	}
}

func TestABundleIsBoundedInBytes(t *testing.T) {
	files := map[string]string{"catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec: {type: openapi, lifecycle: x, owner: group:o, definition: {$openapi: ./api.yaml}}\n"}
	var api strings.Builder
	api.WriteString("openapi: 3.1.0\ncomponents:\n  schemas:\n")
	for i := range 4 {
		fmt.Fprintf(&api, "    S%d: {$ref: './%d.yaml#/a'}\n", i, i)
		files[fmt.Sprintf("%d.yaml", i)] = "a: {description: " + strings.Repeat("x", 3<<20) + "}\n"
	}
	files["api.yaml"] = api.String()
	_, _, ds, err := Load(context.Background(), []*checkout.Checkout{checkouttest.Files("a", files)}, Options{})
	if err != nil || !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Code == codeBundle && strings.Contains(d.Message, "8 MiB") }) {
		t.Errorf("told %v, %v", ds, err)
	}
}
