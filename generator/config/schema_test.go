package config

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

func compile(t *testing.T, schema map[string]any) *jsonschema.Schema {
	t.Helper()
	b, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("https://schema.invalid/x", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("https://schema.invalid/x")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, b []byte) any {
	t.Helper()
	docs, ds := yamldoc.Parse(diag.Pos{}, b, limits)
	if len(docs) == 0 || len(ds) > 0 || docs[0].Root == nil {
		t.Fatalf("%v %v", docs, ds)
	}
	return yamldoc.Value(docs[0].Root, "", nil)
}

func TestSchemaAcceptsWhatTheDecoderAccepts(t *testing.T) {
	if err := compile(t, Schema()).Validate(decoded(t, []byte(full))); err != nil {
		t.Error(err)
	}
	brand := "name: Acme\naccent: '#2f5ea8'\naccent2: ${COLOR}\nlinks: {footer: [{title: T, url: /t/}]}\n"
	if err := compile(t, BrandSchema()).Validate(decoded(t, []byte(brand))); err != nil {
		t.Error(err)
	}
}

// TestSchemaRejectsWhatTheDecoderRejects runs the bad files whose mistake a
// schema can express.
func TestSchemaRejectsWhatTheDecoderRejects(t *testing.T) {
	for _, name := range []string{"unknown-key", "type", "value", "required", "brand-value"} {
		b, err := os.ReadFile(filepath.Join("testdata/bad", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		schema := Schema()
		if strings.HasPrefix(name, "brand-") {
			schema = BrandSchema()
		}
		if compile(t, schema).Validate(decoded(t, b)) == nil {
			t.Errorf("the schema accepts %s.yaml", name)
		}
	}
}

func TestEveryKeyIsExplained(t *testing.T) {
	var visit func(path string, s map[string]any)
	visit = func(path string, s map[string]any) {
		if items, ok := s["items"].(map[string]any); ok {
			visit(path+"[]", items)
		}
		properties, _ := s["properties"].(map[string]any)
		for key, p := range properties {
			field := p.(map[string]any)
			if d, _ := field["description"].(string); !strings.HasSuffix(d, ".") {
				t.Errorf("%s.%s is described as %q", path, key, d)
			}
			visit(path+"."+key, field)
		}
	}
	visit("", Schema())
	visit("brand", BrandSchema())
}

// FuzzParse checks that any bytes are read without a panic, that every
// diagnostic has a place inside the file, and that no secret shows.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(full))
	f.Fuzz(func(t *testing.T, b []byte) {
		lookUp := env("SET", "t0p-s3cret", "GIT_TOKEN", "t0p-s3cret", "GITHUB_TOKEN", "t0p-s3cret")
		c, ds := parsed("callboard.yaml", b, lookUp)
		_, brand := parsedBrand("brand.yaml", b, lookUp)
		if c == nil {
			t.Fatal("no configuration")
		}
		lines := 2 + bytes.Count(b, []byte("\n")) + bytes.Count(b, []byte("\r"))
		for _, d := range append(ds, brand...) {
			if d.Pos.Line < 1 || d.Pos.Line > lines || d.Pos.Column < 1 || d.Pos.Column > len(b)+4 || d.Message == "" {
				t.Fatalf("%+v", d)
			}
			if strings.Contains(d.Message+d.Hint, "t0p-s3cret") {
				t.Fatalf("%v shows a secret", d)
			}
		}
	})
}
