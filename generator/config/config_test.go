package config

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/secret"
)

func env(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) (string, bool) { v, ok := m[k]; return v, ok }
}

// full is the example of the manual's reference.
//
//go:embed testdata/full.yaml
var full string

func TestEveryKeyIsRead(t *testing.T) {
	c, ds := parsed("portal/callboard.yaml", []byte(full), env("GIT_TOKEN", "s3cret"))
	if len(ds) > 0 {
		t.Fatalf("diagnostics: %v", ds)
	}
	if c.Portal.URL != "https://portal.stagecraft.example/dev/" || c.Portal.Language != "en-GB" || c.Dir != "portal" {
		t.Errorf("portal = %+v", c.Portal)
	}
	g := c.Sources[0]
	if g.Auth.Token.Reveal() != "s3cret" || g.History != FullHistory || g.Timeout != 90*time.Second || g.MaxSize != 1500000 {
		t.Errorf("git source = %+v", g)
	}
	if g.Pos.Line != 11 || g.Pos.Column != 5 {
		t.Errorf("git source stands at %v", g.Pos)
	}
	if len(g.Descriptors) != 1 || len(c.Sources[1].Descriptors) != len(DefaultDescriptors) {
		t.Errorf("descriptors = %q, %q", g.Descriptors, c.Sources[1].Descriptors)
	}
	if c.Sources[1].History != NoHistory || c.Sources[2].History != DefaultHistory {
		t.Error("history is not none, then the default")
	}
	hub := c.Sources[3].GitHub
	if hub == nil || hub.Filter.Topics.Exclude[0] != "old" || hub.Token.IsSet() || !hub.Filter.Forks {
		t.Errorf("github = %+v", hub)
	}
	if lab := c.Sources[4].GitLab; lab == nil || lab.Subgroups || lab.Group != "acme/web" {
		t.Errorf("gitlab = %+v", lab)
	}
	if k := c.Kinds[0]; k.Plural != "Clusters" || k.Relations[0].Reverse != "locationOf" || k.Schema.Value == nil {
		t.Errorf("kind = %+v", k)
	}
	if c.Docs.IframeHosts[0] != "www.example.com" || c.Output.MaxSize != 500e6 || len(c.Catalog.Reading.Allow) != 2 {
		t.Errorf("docs %+v, output %+v, catalog %+v", c.Docs, c.Output, c.Catalog)
	}
}

func TestEmptyFileGivesDefaults(t *testing.T) {
	c, ds := parsed("callboard.yaml", nil, env())
	if len(ds) > 0 || c.Portal.Title != "Developer Portal" || c.Theme != "base" {
		t.Errorf("%+v, %v", c, ds)
	}
}

func TestVariables(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"${A}", "1"}, {"x${A}y${A}", "x1y1"}, {"${B:-2}", "2"}, {"${EMPTY:-3}", "3"}, {"${EMPTY}", ""},
		{"$${A}", "${A}"}, {"$A $", "$A $"}, {"a$$${A}", "a$${A}"}, {"${B:-}", ""},
	} {
		if got, bad := expand(x.in, env("A", "1", "EMPTY", "")); got != x.want || len(bad) > 0 {
			t.Errorf("expand(%q) = %q %v, want %q", x.in, got, bad, x.want)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := secret.New("hunter2")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "auth", Auth{Token: s})
	j, err := json.Marshal(map[string]any{"s": s, "a": Auth{Token: s}})
	if err != nil {
		t.Fatal(err)
	}
	c := &Config{Sources: []Source{{Auth: Auth{Token: s, Password: s}}}}
	all := log.String() + string(j) + s.String() + fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s) +
		fmt.Sprintf("%v %+v %#v", c.Sources, c.Sources, c.Sources)
	if strings.Contains(all, "hunter") || strings.Contains(all, "68756e") || !strings.Contains(all, "***") {
		t.Errorf("the secret shows: %s", all)
	}
}

func TestFindWalksUp(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(deep); !errors.Is(err, ErrNotFound) {
		t.Errorf("Find without a file: %v", err)
	}
	want := filepath.Join(dir, "a", FileName)
	if err := os.WriteFile(want, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(deep); err != nil || got != want {
		t.Errorf("Find = %q, %v", got, err)
	}
}

func TestLoadReadsTheBrandAndSchemas(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		FileName:        "brand: look/brand.yaml\nkinds: [{kind: Cluster, schema: cluster.json}]\n",
		"cluster.json":  `{"type": "object", "required": ["spec"]}`,
		"look/logo.svg": "<svg/>",
		"look/brand.yaml": "name: Acme\nlogo: logo.svg\naccent: '#2f5ea8'\nradius: 6px\ndensity: compact\n" +
			"links: {header: [{title: Wiki, url: https://wiki.example.com/}], footer: [{title: Terms, url: /terms/}]}\n",
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, ds, err := Load(filepath.Join(dir, FileName), env())
	if err != nil || len(ds) > 0 {
		t.Fatalf("%v, %v", ds, err)
	}
	if c.Brand.Density != "compact" || c.Brand.Dir != filepath.Join(dir, "look") || c.Brand.Links.Footer[0].URL != "/terms/" {
		t.Errorf("brand = %+v", c.Brand)
	}
	if m, ok := c.Kinds[0].Schema.Value.(map[string]any); !ok || m["type"] != "object" {
		t.Errorf("schema = %v", c.Kinds[0].Schema.Value)
	}
}

// parsed is what a callboard.yaml says by itself, and what is wrong with it.
func parsed(path string, b []byte, env func(string) (string, bool)) (*Config, diag.List) {
	c, d := parse(path, b, env)
	d.ds.Sort()
	return c, d.ds
}

// parsedBrand is the same for a brand.yaml.
func parsedBrand(path string, b []byte, env func(string) (string, bool)) (Brand, diag.List) {
	brand, d := parseBrand(path, b, env)
	d.ds.Sort()
	return brand, d.ds
}

func TestKeysInTheWrongPlaceAreToldTheirPlace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "callboard.yaml")
	if err := os.WriteFile(file, []byte("history: full\naccent: \"#123456\"\ntoken: x\nnonsense: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, found, err := Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"history": "its place is sources[].history in callboard.yaml", "accent": "its place is brand.yaml"}
	for _, d := range found {
		if d.Code != codeUnknownKey {
			t.Errorf("%v", d)
		} else if w, ok := want[d.Field]; ok && d.Hint != w {
			t.Errorf("%s: %q, want %q", d.Field, d.Hint, w)
		} else if !ok && !strings.HasPrefix(d.Hint, "the keys here are ") {
			t.Errorf("%s: %q", d.Field, d.Hint)
		}
		delete(want, d.Field)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v", want)
	}
}
