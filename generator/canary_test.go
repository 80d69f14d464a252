package generator

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/htmlcheck"
	"github.com/callboard-portal/callboard/generator/source"
	"github.com/rogpeppe/go-internal/txtar"
)

const (
	canary       = `"'><img src=x onerror=alert(1)>`
	canaryScript = `javascript:alert(1)`
)

// hostile puts markup and addresses in place of the marks in a file. In single
// quotes of YAML a quote is written twice; in double quotes it is escaped.
func hostile(name, text string) string {
	quoted := canary
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
		quoted = strings.ReplaceAll(canary, "'", "''")
	}
	return strings.NewReplacer(
		"CANARYURL", strings.ReplaceAll(quoted, " ", "/"), "CANARYKEY", `x.example/"><img`, "CANARYXML", "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;",
		"CANARY2", strings.ReplaceAll(quoted, `"`, `\"`), "CANARY", quoted, "SCRIPT", canaryScript,
	).Replace(text)
}

// writeCanary writes the hostile portal, its repository with hostile commits
// and a page with a hostile name.
func writeCanary(t *testing.T) (dir string) {
	dir = t.TempDir()
	a, err := txtar.ParseFile("testdata/canary.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"docs/" + canary + ".md": "# Page with a name\n", "docs/" + canary + ".txt": canary}
	for _, f := range a.Files {
		text := hostile(f.Name, string(f.Data))
		if in, ok := strings.CutPrefix(f.Name, "repos/all/"); ok {
			files[in] = text
		} else {
			writeFile(t, filepath.Join(dir, f.Name), text)
		}
	}
	c := commitOf(files)
	c.Author, c.Message = checkout.Person{Name: canary, Email: canary}, canary
	if err := source.Create(filepath.Join(dir, "repos/all"), "main", "https://github.com/a/b?"+canary, []source.NewCommit{c}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// No markup that people write into any field of any kind, or into docs, their
// names, front matter or commits, becomes an element or attribute of a page.
func TestNoFieldBreaksOutOfItsPage(t *testing.T) {
	opt := optionsFor(writeCanary(t))
	r, err := Build(t.Context(), opt)
	if unusable := (*ConfigError)(nil); errors.As(err, &unusable) {
		t.Fatalf("%v: %v", err, unusable.Findings)
	} else if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"component", "api", "resource", "system", "domain", "group", "user", "location", "template", "airesource", "venue"} {
		if r.Entities[k] == 0 {
			t.Errorf("no %s came through", k)
		}
	}
	site, err := htmlcheck.ReadSite(os.DirFS(opt.Output), "https://portal.example/")
	if err != nil {
		t.Fatal(err)
	}
	report(t, site.Problems())
	shown := 0
	for _, name := range site.PageNames() {
		p := site.Pages[name]
		shown += strings.Count(htmlcheck.Text(p.Root), canary)
		for n := range p.Root.Descendants() {
			if wrong := fromCanary(n); wrong != "" {
				t.Errorf("%s: %s", name, wrong)
			}
		}
	}
	if shown < 100 {
		t.Errorf("the canary is shown only %d times; the test has lost its way in", shown)
	}
	for name, data := range tree(t, opt.Output) {
		if err := wellFormed(name, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.HasSuffix(name, ".svg") && (strings.Contains(string(data), "onload") || strings.Contains(string(data), "<script") || strings.Contains(string(data), canaryScript)) {
			t.Errorf("%s runs a script", name)
		}
		if strings.ContainsAny(name, `"'<>`) {
			t.Errorf("the file name %q was taken as it is", name)
		}
	}
}

// fromCanary says what of an element came out of the canary. Documentation may
// hold pictures, so there the picture may stand without its address and event.
func fromCanary(n *html.Node) string {
	for _, a := range n.Attr {
		key := strings.ToLower(a.Key)
		if strings.HasPrefix(key, "on") || strings.ContainsAny(key, `"'<>`) || strings.Contains(strings.ToLower(a.Val), canaryScript) && key != "title" && key != "alt" && key != "value" && key != "content" && key != "aria-label" && !strings.HasPrefix(key, "data-") {
			return "attribute " + a.Key + "=" + a.Val
		}
		if n.Data == "img" && key == "src" && a.Val == "x" {
			return "the picture of the canary"
		}
	}
	return ""
}
