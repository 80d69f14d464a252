package site

import (
	"bytes"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/page"
)

// tinyTheme is a theme with everything a theme can have, as small as it goes.
func tinyTheme() fstest.MapFS {
	theme := fstest.MapFS{}
	for name, text := range map[string]string{
		"layouts/baseof.html":           `<!doctype html><html lang="{{ (site.Params.host.Page .Params.id).Shell.Language }}"><title>{{ (site.Params.host.Page .Params.id).Title }}</title>{{ partial "head.html" (site.Params.host.Page .Params.id) }}{{ block "main" . }}{{ end }}</html>`,
		"layouts/_partials/head.html":   `{{ with resources.Get "css/main.css" | minify | fingerprint }}<link rel="stylesheet" href="{{ $.Rel .RelPermalink }}">{{ end }}{{ with resources.Get "js/main.ts" | js.Build (dict "minify" true) | fingerprint }}<script src="{{ $.Rel .RelPermalink }}"></script>{{ end }}`,
		"layouts/page.html":             `{{ define "main" }}{{ $p := site.Params.host.Page .Params.id }}<h1>{{ i18n "hello" }} {{ $p.View.Name }}</h1>{{ $p.View.Body.HTML | safeHTML }}{{ end }}`,
		"layouts/home.html":             `{{ define "main" }}{{ $p := site.Params.host.Page .Params.id }}<h2>home {{ $p.View.Name }}</h2><a href="{{ $p.Rel "/catalog/" }}">c</a>{{ end }}`,
		"layouts/list.html":             `{{ define "main" }}LIST{{ end }}`,
		"layouts/section.html":          `{{ define "main" }}SECTION{{ end }}`,
		"layouts/index.html":            `{{ define "main" }}INDEX{{ end }}`,
		"layouts/entity.html":           `{{ define "main" }}ENTITY{{ end }}`,
		"layouts/404.html":              `{{ define "main" }}404 {{ (site.Params.host.Page .Params.id).Root }}{{ end }}`,
		"layouts/notfound.html":         `{{ define "main" }}404 {{ (site.Params.host.Page .Params.id).Root }}{{ end }}`,
		"layouts/_partials/assets.html": `{{ $x := partial "head.html" (site.Params.host.Page .Params.id) }}`,
		"assets/css/main.css":           `body { color: red }`,
		"assets/js/main.ts":             `import {a} from "./other"; console.log(a as number)`,
		"assets/js/other.ts":            `export const a = 1`,
		"i18n/en.toml":                  "hello = \"Hello\"\n",
		"i18n/de.toml":                  "hello = \"Hallo\"\n",
		"static/robots.txt":             "User-agent: *\n",
	} {
		theme[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return theme
}

type tinyView struct {
	Name string
	Body *page.Fragment
}

func TestRenderTiny(t *testing.T) {
	theme, _, err := LoadTheme(ThemeOptions{Base: tinyTheme(), StateDir: t.TempDir(), Shell: page.Shell{Language: "de-AT", URL: "https://x.example/portal/"}})
	if err != nil {
		t.Fatal(err)
	}
	body := page.NewFragment(`<p>{{< x >}} {{% y %}} <!--more--> {{ .Title }}</p>`)
	var pages []*page.Page
	for _, l := range []string{"page", "home", "list", "section", "index", "entity"} {
		pages = append(pages, &page.Page{URL: "/Docs/~3a/" + l + "/", Layout: l, Title: "T <" + l, View: tinyView{Name: "A&B", Body: body}})
	}
	pages = append(pages, &page.Page{URL: "/", Layout: "page", View: tinyView{Body: body}}, &page.Page{URL: "/404.html", Layout: "404"})
	var mu sync.Mutex
	got := map[string]string{}
	out, err := Render(t.Context(), Input{Theme: theme, Pages: pages, Put: func(url string, data []byte) error {
		mu.Lock()
		defer mu.Unlock()
		got[url] = string(bytes.Clone(data))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for u, s := range got {
		t.Log(u, s)
	}
	for _, f := range out.Assets {
		d, _ := f.Open()
		t.Log(f.Path, string(d))
	}
	t.Log(out.Warnings)
}
