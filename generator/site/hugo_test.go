package site

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gohugoio/hugo/common/hugo"

	"github.com/callboard-portal/callboard/generator/page"
)

// These tests name each behaviour of Hugo that this package relies on. When a
// new Hugo changes one of them, it is one of these that fails.

func TestHugoIsTheVersionWeTest(t *testing.T) {
	if got := hugo.CurrentVersion.String(); got != hugoVersion {
		t.Errorf("Hugo is %s, EngineVersion says %s; look through this file before changing it", got, hugoVersion)
	}
}

// one renders a single page with the given template as its layout.
func one(t *testing.T, template string, view any) (string, error) {
	t.Helper()
	theme := loadTheme(t, tinyTheme(t, map[string]string{"layouts/x.html": `{{ define "main" }}{{ with . }}` + template + `{{ end }}{{ end }}`}))
	files, _, err := render(t, theme, []*page.Page{{URL: "/X/~7e/", Layout: "x", Title: "T", View: view}})
	return files["X/~7e/index.html"], err
}

func TestHugoDoesNotReadBodies(t *testing.T) {
	const body = `{{< youtube x >}} {{% y %}} {{< /y >}} {{ .Title }} <!--more--> {{ errorf "no" }} --- +++ <b>`
	got, err := one(t, `{{ .View.Body.HTML | safeHTML }}`, docView{page.NewFragment(body)})
	if err != nil || !strings.Contains(got, body) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestHugoEscapesWhatIsNotSafeHTML(t *testing.T) {
	got, err := one(t, `<a title="{{ .View }}">{{ .View }}</a>`, `<script>"&`)
	if err != nil || !strings.Contains(got, `<a title="&lt;script&gt;&#34;&amp;">&lt;script&gt;&#34;&amp;</a>`) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestHugoErrorsAreErrors(t *testing.T) {
	for template, want := range map[string]string{
		`{{ errorf "said %s" "so" }}`:           "said so",
		`{{ .View.Absent }}`:                    "layouts/x.html",
		`{{ .Absent }}`:                         "layouts/x.html",
		`{{ partial "absent.html" . }}`:         "absent.html",
		`{{ site.Params.host.Page "/no/" }}`:    `no page "/no/"`,
		`{{ .View.Panic }}`:                     "out of luck",
		`{{ .Absent | `:                         "x.html",
		`{{ (resources.Get "no.css").Content}}`: "layouts/x.html",
	} {
		_, err := one(t, template, panicView{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", template, err, want)
			continue
		}
		if strings.Contains(err.Error(), layoutPrefix) || strings.Contains(err.Error(), os.TempDir()) {
			t.Errorf("%s: the error names places its reader does not know: %v", template, err)
		}
	}
	if _, err := one(t, `fine`, nil); err != nil {
		t.Errorf("after all these failures a good build fails: %v", err)
	}
}

type panicView struct{}

func (panicView) Panic() string { panic("out of luck") }

func TestHugoKeepsTheCaseOfURLs(t *testing.T) {
	files := mustRender(t, loadTheme(t, tinyTheme(t, nil)), []*page.Page{
		{URL: "/A.b_C~d-E/F/", Layout: "404"}, {URL: "/a/B/x.html", Layout: "404"}, {URL: "/a/b2/", Layout: "404"},
	})
	for _, path := range []string{"A.b_C~d-E/F/index.html", "a/B/x.html", "a/b2/index.html"} {
		if files[path] == "" {
			t.Errorf("%s is missing", path)
		}
	}
}

func TestHugoLayoutsMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"home", "index", "page", "single", "list", "section", "taxonomy", "term", "404", "all", "html", "en", "a-b"} {
		theme := loadTheme(t, tinyTheme(t, map[string]string{"layouts/" + name + ".html": `{{ define "main" }}this is ` + name + `{{ end }}`}))
		files := mustRender(t, theme, []*page.Page{{URL: "/x/", Layout: name}})
		if !strings.Contains(files["x/index.html"], "this is "+name) {
			t.Errorf("layout %q gave %q", name, files["x/index.html"])
		}
	}
}

func TestHugoWarningsAreReported(t *testing.T) {
	theme := loadTheme(t, tinyTheme(t, map[string]string{"layouts/doc.html": `{{ define "main" }}{{ warnf "beware of %s" .URL }}{{ end }}`}))
	_, out, err := render(t, theme, tinyPages())
	if err != nil || len(out.Warnings) != 3 || out.Warnings[0].Code != "theme-warning" || !strings.Contains(out.Warnings[0].Message, "beware of /docs") {
		t.Errorf("%v, %v", out.Warnings, err)
	}
}

func TestHugoSaysEarlyWhatIsDeprecated(t *testing.T) {
	for _, template := range []string{`{{ page.IsNode }}`, `{{ site.Languages }}`} {
		theme := loadTheme(t, tinyTheme(t, map[string]string{"layouts/doc.html": `{{ define "main" }}` + template + `{{ end }}`}))
		_, out, err := render(t, theme, tinyPages())
		if err != nil || len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0].Message, "was deprecated in Hugo") {
			t.Errorf("%s: %v, %v", template, out.Warnings, err)
		}
	}
}

func TestHugoReadsNoEnvironment(t *testing.T) {
	t.Setenv("HUGO_BASEURL", "https://evil.example/")
	t.Setenv("HUGO_PARAMS_HOST", "evil")
	t.Setenv("HUGO_SECRET", "evil")
	t.Setenv("HUGO_DISABLEKINDS", "page")
	for _, template := range []string{`{{ getenv "HUGO_SECRET" }}`, `{{ os.Getenv "PATH" }}`} {
		if got, err := one(t, template, nil); err == nil {
			t.Errorf("%s is allowed and gives %s", template, got)
		}
	}
	if got, err := one(t, `{{ site.BaseURL }}{{ "/x" | absURL }}`, nil); err != nil || strings.Contains(got, "evil") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestHugoReadsNothingOutsideTheTheme(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if _, err := os.Stat("/etc"); err != nil {
		t.Log("no /etc here: whether the root folder can be listed is not tested")
	}
	if err := os.WriteFile(secret, []byte("the secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, template := range []string{
		`{{ os.ReadFile "` + secret + `" }}`,
		`{{ os.ReadFile "../../../../../../../../../../../../` + secret + `" }}`,
		`{{ with resources.Get "` + secret + `" }}{{ .Content }}{{ end }}`,
		`{{ with resources.Get "../../../../../../../../` + secret + `" }}{{ .Content }}{{ end }}`,
		`{{ range os.ReadDir "/" }}{{ if eq .Name "proc" "etc" }}the secret{{ end }}{{ end }}`,
	} {
		if got, err := one(t, template, nil); err == nil && strings.Contains(got, "the secret") {
			t.Errorf("%s reads it", template)
		}
	}
}

func TestHugoHasNoNetworkAndRunsNothing(t *testing.T) {
	for _, template := range []string{
		`{{ (resources.GetRemote "http://127.0.0.1:1/x").Content }}`,
		`{{ (resources.GetRemote "https://example.com/").Content }}`,
		`{{ (resources.Get "css/main.css" | css.PostCSS).Content }}`,
		`{{ (resources.Get "css/main.css" | css.TailwindCSS).Content }}`,
		`{{ (resources.Get "ts/main.ts" | js.Babel).Content }}`,
	} {
		if got, err := one(t, template, nil); err == nil {
			t.Errorf("%s is allowed and gives %s", template, got)
		}
	}
}

func TestHugoAddsNothingOfItsOwn(t *testing.T) {
	got, err := one(t, `<head></head>`, nil)
	if err != nil || strings.Contains(strings.ToLower(got), "generator") || strings.Contains(strings.ToLower(got), "livereload") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestHugoFallsBackToEnglish(t *testing.T) {
	for language, want := range map[string]string{"de": "Startseite", "de-CH": "Startseite", "en-GB": "Home", "fi": "Home", "": "Home", "not a tag": "Home"} {
		shell := tinyShell()
		shell.Language = language
		theme, _, err := LoadTheme(ThemeOptions{Base: tinyTheme(t, nil), Shell: shell, StateDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if got := mustRender(t, theme, tinyPages())["index.html"]; !strings.Contains(got, ">"+want+"<") {
			t.Errorf("%q: no %q in %s", language, want, got)
		}
	}
}

func TestHugoBuildsDoNotDisturbEachOther(t *testing.T) {
	good := loadTheme(t, tinyTheme(t, nil))
	bad := loadTheme(t, tinyTheme(t, map[string]string{"layouts/doc.html": `{{ define "main" }}{{ errorf "always" }}{{ end }}`}))
	want := mustRender(t, good, tinyPages())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got, _, err := render(t, good, tinyPages()); err != nil || len(got) != len(want) {
				t.Errorf("a good build beside a bad one: %v", err)
			}
		})
		wg.Go(func() {
			if _, _, err := render(t, bad, tinyPages()); err == nil {
				t.Error("a bad build beside a good one succeeds")
			}
		})
	}
	wg.Wait()
}
