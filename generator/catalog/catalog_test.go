package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/diag/diagtest"
	"github.com/callboard-portal/callboard/generator/entity"
)

// repositories turns an archive whose files are called <repository>/<path>
// into checkouts, in the order of their first files. A file options.json
// holds Options.
func repositories(t testing.TB, archive []byte) ([]*checkout.Checkout, Options, string) {
	t.Helper()
	var opt Options
	a := txtar.Parse(archive)
	var names []string
	files := map[string]map[string]string{}
	for _, f := range a.Files {
		if f.Name == "options.json" {
			if err := json.Unmarshal(f.Data, &opt); err != nil {
				t.Fatal(err)
			}
			continue
		}
		name, path, ok := strings.Cut(f.Name, "/")
		if !ok {
			t.Fatalf("file %q has no repository", f.Name)
		}
		if files[name] == nil {
			names = append(names, name)
			files[name] = map[string]string{}
		}
		files[name][path] = string(f.Data)
	}
	var out []*checkout.Checkout
	for i, name := range names {
		c := checkouttest.Files(name, files[name])
		c.Priority = i
		out = append(out, c)
	}
	return out, opt, string(a.Comment)
}

func load(t testing.TB, archive string) (*entity.Catalog, diag.List) {
	t.Helper()
	cs, opt, _ := repositories(t, []byte(archive))
	c, _, ds, err := Load(context.Background(), cs, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c, ds
}

// wants matches the lines of an archive's comment that say what is expected.
var wants = regexp.MustCompile(`(?m)^want (.+)$`)

// describe is a diagnostic as the comments write it.
func describe(d diag.Diagnostic) string {
	s := fmt.Sprintf("%s %s %s: %s", d.Code, d.Pos, d.Field, d.Message)
	if d.Hint != "" {
		s += " | " + d.Hint
	}
	return strings.Join(strings.Fields(s), " ")
}

// TestBadFiles checks that every rule has an input that breaks it, and that
// each input is told exactly what it expects, words included.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no bad files", err)
	}
	told := diagtest.Codes{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cs, opt, comment := repositories(t, b)
			_, _, ds, err := Load(context.Background(), cs, opt)
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for _, m := range wants.FindAllStringSubmatch(comment, -1) {
				want = append(want, m[1])
			}
			told.Add(ds)
			for _, d := range ds {
				got = append(got, describe(d))
			}
			if g, w := strings.Join(got, "\nwant "), strings.Join(want, "\nwant "); g != w {
				t.Errorf("got\nwant %s\n\nwanted\nwant %s", g, w)
			}
			name, _, _ := strings.Cut(filepath.Base(file), ".")
			if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Code == name }) {
				t.Errorf("the file does not break %s", name)
			}
		})
	}
	for name, ds := range generatedBadInputs(t) {
		if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Code == name }) {
			t.Errorf("the input for %s does not break it: %v", name, ds)
		}
		told[name] = true
	}
	maps.DeleteFunc(told, func(code string, _ bool) bool { return strings.HasPrefix(code, "yaml-") })
	told.Cover(t, Rules)
}

// generatedBadInputs are those too large, or too odd, for a file.
func generatedBadInputs(t *testing.T) map[string]diag.List {
	t.Helper()
	run := func(c *checkout.Checkout) diag.List {
		_, _, ds, err := Load(context.Background(), []*checkout.Checkout{c}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return ds
	}
	const head = "apiVersion: backstage.io/v1alpha1\n"
	many := map[string]string{"catalog-info.yaml": head + "kind: Location\nmetadata: {name: l}\nspec: {targets: ['many/*.yaml']}\n"}
	for i := range maxLocationFiles + 5 {
		many[fmt.Sprintf("many/%d.yaml", i)] = ""
	}
	large := map[string]string{
		"catalog-info.yaml": head + "kind: API\nmetadata: {name: a}\nspec: {type: openapi, lifecycle: x, owner: o, definition: {$text: big}}\n",
		"big":               strings.Repeat("x", maxIncludeBytes+1),
	}
	unreadable := checkouttest.Tree("a", brokenFS{fstest.MapFS{"catalog-info.yaml": {}}})
	return map[string]diag.List{
		codeLocationTotal: run(checkouttest.Files("a", many)),
		codeIncludeSize:   run(checkouttest.Files("a", large)),
		codeUnreadable:    run(unreadable),
	}
}

// brokenFS knows its files but cannot open them.
type brokenFS struct{ fstest.MapFS }

func (f brokenFS) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".yaml") {
		return nil, errors.New("disk on fire")
	}
	return f.MapFS.Open(name)
}
