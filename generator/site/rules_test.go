package site

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/themes"
)

// Each rule has an input that breaks it, and nothing else is reported for it.
func TestEveryRuleHasAnInputThatBreaksIt(t *testing.T) {
	brand := func(b Brand) diag.List { _, found := b.CSS(); return found }
	broken := map[string]diag.List{
		"brand-contrast": brand(Brand{Accent: "#fc0"}),
		"brand-value":    brand(Brand{Accent: "red", Accent2: "#12", Radius: "calc(1px)", Density: "cosy", Font: `x"; } a {`}),
		"theme-language": {unspoken("de")},
		"theme-word":     lintTemplate("x.html", "{{ now }}"),
		"theme-warning":  (&hugoLog{warned: []string{"deprecated"}}).warnings(),
	}
	for _, rule := range Rules {
		found, ok := broken[rule.Code]
		if !ok || len(found) == 0 {
			t.Errorf("no input breaks %s", rule.Code)
		}
		for _, d := range found {
			if d.Code != rule.Code || d.Severity != rule.Severity || d.Message == "" || d.Hint == "" {
				t.Errorf("%s gives %+v", rule.Code, d)
			}
		}
		if rule.Summary == "" || len(rule.Explain) < 100 {
			t.Errorf("%s is not explained", rule.Code)
		}
		delete(broken, rule.Code)
	}
	if len(broken) > 0 {
		t.Errorf("emitted, but not in Rules: %v", broken)
	}
	if !slices.IsSortedFunc(Rules, func(a, b diag.Rule) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("Rules are not sorted")
	}
}

func TestLintFindsForbiddenWords(t *testing.T) {
	for template, want := range map[string]string{
		"a\n  {{ range site.RegularPages }}":                `x.html:2:12: error: the template uses "site.RegularPages" [theme-word]`,
		"{{ .Site.Pages }}":                                 `x.html:1:4: error: the template uses "Site.Pages" [theme-word]`,
		"{{ (now).Year }}":                                  `x.html:1:5: error: the template uses "now" [theme-word]`,
		"{{ dateFormat \"2006\" now }}":                     `x.html:1:22: error: the template uses "now" [theme-word]`,
		"{{ $x := getenv `A` }}":                            `x.html:1:10: error: the template uses "getenv" [theme-word]`,
		"{{ with resources.GetRemote \"https://x\" }}":      `x.html:1:9: error: the template uses "resources.GetRemote" [theme-word]`,
		"{{ relref . \"a.md\" }}":                           `x.html:1:4: error: the template uses "relref" [theme-word]`,
		"{{ range shuffle .View.Items }}":                   `x.html:1:10: error: the template uses "shuffle" [theme-word]`,
		"{{ page.Next.RelPermalink }}":                      `x.html:1:4: error: the template uses "page.Next" [theme-word]`,
		"{{/* now */}} now {{ \"now site.Pages\" }}":        "",
		"{{ $now := .View.Now }}{{ .View.Next.URL }}":       "",
		"{{ $p := site.Params.host.Page .Params.id }}":      "",
		"{{ $p.Rel .URL }}{{ i18n \"nowhere\" }}{{ .Ref }}": "",
	} {
		var got string
		if found := lintTemplate("x.html", template); len(found) > 0 {
			got = found[0].String()
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", template, got, want)
		}
	}
}

func TestLintNamesFilesAsTheirAuthorDoes(t *testing.T) {
	theme := fstest.MapFS{"layouts/_partials/x.html": {Data: []byte("{{ now }}")}, "assets/now.html": {Data: []byte("{{ now }}")}}
	found, err := Lint(theme, func(path string) string { return "our-theme/" + path })
	if err != nil || len(found) != 1 || found[0].Pos.File != "our-theme/layouts/_partials/x.html" {
		t.Errorf("%v, %v", found, err)
	}
	if found, err := Lint(fstest.MapFS{}, nil); err != nil || len(found) != 0 {
		t.Errorf("an empty theme: %v, %v", found, err)
	}
}

func TestBaseThemeKeepsTheContract(t *testing.T) {
	found, err := Lint(themes.Base(), func(path string) string { return path })
	if err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
	theme := loadTheme(t, themes.Base())
	assets, err := theme.Assets(t.Context())
	if err != nil || len(assets) < 3 {
		t.Errorf("the theme publishes %v, %v", assets, err)
	}
	for _, f := range assets {
		text, err := f.Open()
		if err != nil || strings.Contains(string(text), theme.dir) {
			t.Errorf("%s names the folder in which it was made: %v", f.Path, err)
		}
	}
}
