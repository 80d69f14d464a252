package htmlcheck

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const good = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Payments</title></head>
<body><nav aria-label="Main"><ul><li><a href="../">Home</a></li></ul></nav>
<main id="main"><h1 id="h">Payments</h1><p>Takes <em>money</em>.<br></p>
<p><img src="a.png" alt=""> <label for="q">Find</label> <input id="q"></p>
<svg role="img" aria-labelledby="h" viewBox="0 0 1 1"><path d="M0 0"/></svg>
<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>
</main></body></html>`

func problemsOf(t *testing.T, page string) []Problem {
	t.Helper()
	p, err := Parse([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	return p.Problems()
}

func TestAGoodPageHasNoProblems(t *testing.T) {
	for _, p := range problemsOf(t, good) {
		t.Error(p)
	}
}

// Each rule is shown pages that break it: what to put in place of what in the
// good page, and a part of the message.
var broken = []struct{ rule, old, new, want string }{
	{"nesting", "<em>money</em>", "<em>money</p>", "</p> closes nothing"},
	{"nesting", "<em>money</em>", "<em>money", "</p> closes nothing"},
	{"nesting", "<em>money</em>", "<div>money</div>", "read as"},
	{"nesting", "<p>Takes", "<a href=x><a href=y>1</a></a><p>Takes", "read as"},
	{"nesting", "<tbody>", "<tbody><p>no</p>", "read as"},
	{"nesting", `<tbody><tr><td>b</td></tr></tbody>`, `<tr><td>b</td></tr>`, "written as"},
	{"nesting", `<img src="a.png"`, `<img src="a.png" SRC='b.png'`, "src twice"},
	{"nesting", `<p>Takes`, `<p title="a title=b" title>Takes`, "title twice"},
	{"nesting", "</main></body></html>", "", "<main> is not closed"},
	{"nesting", "<em>money</em>", "<span/>money", "closes nothing"},
	{"document", "<!doctype html>", "", "doctype"},
	{"document", `lang="en"`, "", "lang"},
	{"document", "<title>Payments</title>", "", "0 titles"},
	{"document", "<title>Payments</title>", "<title> </title>", "empty"},
	{"document", `<meta charset="utf-8">`, "", "charset"},
	{"one-h1", "<p>Takes", "<h1>Two</h1><p>Takes", "2 elements"},
	{"one-h1", `<h1 id="h">Payments</h1>`, "", "0 elements"},
	{"one-h1", `<p>Takes`, "<h2></h2><p>Takes", "says nothing"},
	{"heading-order", "<p>Takes", "<h3>Deep</h3><p>Takes", "level 1"},
	{"heading-order", "<nav", "<h2>Early</h2><nav", "level 0"},
	{"unique-ids", `id="h"`, `id="q"`, "2 elements"},
	{"unique-ids", `id="main"`, `id=""`, "not empty"},
	{"references", `<label for="q"`, `<label for="w"`, `"w"`},
	{"references", `aria-labelledby="h"`, `aria-labelledby="h gone" `, `"gone"`},
	{"references", `<p>Takes`, `<p aria-describedby="">Takes`, `empty`},
	{"landmarks", `<nav aria-label="Main">`, `<nav>`, "aria-label"},
	{"landmarks", `<p>Takes`, `<nav aria-label="Main"></nav><p>Takes`, "two"},
	{"landmarks", `<main id="main">`, `<main></main><main>`, "2 elements"},
	{"names", ` alt=""`, ``, "no alt"},
	{"names", `<label for="q">Find</label>`, ``, "no name"},
	{"names", `Home</a>`, `</a>`, "no name"},
	{"names", `Home</a>`, `<svg aria-hidden="true"></svg></a>`, "no name"},
	{"names", `<p>Takes`, `<button></button><p>Takes`, "no name"},
	{"names", `role="img" aria-labelledby="h"`, ``, "aria-hidden"},
	{"names", `<p>Takes`, `<iframe src="x"></iframe><p>Takes`, "title"},
	{"structure", `<ul><li>`, `<ul><div></div><li>`, "directly in <ul>"},
	{"structure", `<p>Takes`, `<div><li>loose</li></div><p>Takes`, "stands in <div>"},
	{"structure", `<p>Takes`, `<p tabindex="3">Takes`, "keyboard"},
	{"structure", `Home</a>`, `<button>Home</button></a>`, "inside another"},
	{"policy", `<p>Takes`, `<p style="color:red">Takes`, "style"},
	{"policy", `<p>Takes`, `<p onclick="x()">Takes`, "onclick"},
	{"policy", `<title>`, `<style>p{}</style><title>`, "not allowed"},
	{"policy", `<title>`, `<base href="/"><title>`, "not allowed"},
	{"policy", `<p>Takes`, `<script>x()</script><p>Takes`, "inline"},
	{"policy", `viewBox`, `onload="x()" viewBox`, "onload"},
	{"dangerous-url", `href="../"`, `href="javascript:x()"`, "javascript"},
	{"dangerous-url", `href="../"`, `href=" java&#10;script:x()"`, "script"},
	{"dangerous-url", `href="../"`, `href="data:text/html,x"`, "data:"},
	{"dangerous-url", `src="a.png"`, `src="data:text/html,x"`, "data:"},
}

func TestEachRuleFindsWhatBreaksIt(t *testing.T) {
	shown := map[string]bool{}
	for _, b := range broken {
		if !strings.Contains(good, b.old) {
			t.Fatalf("the good page has no %q", b.old)
		}
		shown[b.rule] = true
		found := problemsOf(t, strings.Replace(good, b.old, b.new, 1))
		if !slices.ContainsFunc(found, func(p Problem) bool { return p.Rule == b.rule && strings.Contains(p.Message, b.want) }) {
			t.Errorf("%s: %q in place of %q gives %q, want %q", b.rule, b.new, b.old, found, b.want)
		}
	}
	for _, r := range Rules() {
		if !shown[r] {
			t.Errorf("no page breaks the rule %s", r)
		}
	}
}

func TestHiddenPartsAreNotHeldAgainstAPage(t *testing.T) {
	page := strings.Replace(good, "<p>Takes", `<div hidden><h4>x</h4><nav></nav><button></button></div><template><img src="x"></template><p>Takes`, 1)
	for _, p := range problemsOf(t, page) {
		t.Error(p)
	}
}

func TestChecks(t *testing.T) {
	p, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Check{
		"in": In("main h1", HasText("Payments"), Attr("id", "h")), "not in": NotIn("aside"), "not in with": NotIn("p", HasText("free")),
		"href": In("nav[aria-label=Main]", HasHref("../")), "count": Count("li", 1), "the second": In("p", HasText("Find")),
		"class": NotIn("p.lead"), "prefix": In("[aria-label^=Ma] a"), "the element itself": In("a", HasHref("../")),
	} {
		if wrong := p.Check(c); len(wrong) > 0 {
			t.Errorf("%s: %q", name, wrong)
		}
	}
	for name, c := range map[string]Check{
		"in": In("aside"), "in with": In("h1", HasText("Orders")), "not in": NotIn("main p"), "href": In("nav", HasHref("./")),
		"count": Count("li", 2), "attr": In("h1", Attr("id", "x")), "no attr": In("h1", Attr("class", "x")), "outside": In("nav h1"), "class": In("h1.title"),
	} {
		if wrong := p.Check(c); len(wrong) == 0 {
			t.Errorf("%s: nothing is found wrong", name)
		}
	}
}

func TestASelectorThatCannotBeReadIsToldAtOnce(t *testing.T) {
	for _, s := range []string{"", "a,b", "a > b", "a:hover", "[x"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken", s)
				}
			}()
			p, _ := Parse([]byte(good))
			Find(p.Root, s)
		}()
	}
}

func TestLinksOfASite(t *testing.T) {
	page := func(body string) *fstest.MapFile {
		text := strings.Replace(good, `<p>Takes`, body+`<p>Takes`, 1)
		return &fstest.MapFile{Data: []byte(strings.NewReplacer(`href="../"`, `href="#h"`, `src="a.png"`, `src="data:image/gif;base64,R0"`).Replace(text))}
	}
	links := func(urls ...string) string {
		var b strings.Builder
		for _, u := range urls {
			b.WriteString(`<p><a href="` + u + `">x</a></p>`)
		}
		return b.String()
	}
	fsys := fstest.MapFS{
		"index.html":         page(links("catalog/", "./", "catalog/#h", "old/", "a.txt", "https://elsewhere.example/x", "https://site.example/catalog/", "mailto:a@b.c")),
		"catalog/index.html": page(links("../", "../a.txt", "#top") + `<img alt="" src="x.png" srcset="../a.txt 1x, ../none.png 2x">`),
		"bad/index.html":     page(links("gone/", "../catalog/#nowhere", "/catalog/", "../../x/", "../catalog", "https://site.example/gone/", "#nowhere", "../../catalog/")),
		"404.html":           page(links("/catalog/", "/gone/")),
		"a.txt":              {}, "catalog/x.png": {},
		"_redirects": {Data: []byte("# moved\n/old/ /catalog/ 301\n/older /none/ 301\n")},
	}
	s, err := ReadSite(fsys, "https://site.example/")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range s.Problems() {
		got = append(got, p.String())
	}
	want := []string{
		"404.html: links: there is no /gone/",
		"_redirects: links: /older: there is no /none/",
		"bad: links: there is no /bad/gone/",
		"bad: links: there is no #nowhere on /catalog/",
		`bad: links: "/catalog/" does not work below a sub-path`,
		`bad: links: "../../x/" leads out of the site`,
		"bad: links: there is no /catalog",
		"bad: links: there is no /gone/",
		"bad: links: there is no #nowhere on /bad/",
		`bad: links: "../../catalog/" leads out of the site`,
		"catalog: links: there is no /none.png",
	}
	if len(got) != len(want) {
		t.Errorf("%d problems, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for _, w := range want {
		pageName, message, _ := strings.Cut(w, ": links: ")
		if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, pageName) && strings.HasSuffix(g, message) }) {
			t.Errorf("not found: %s", w)
		}
	}
	if s.Missing("https://site.example/catalog/") != "" || s.Missing("https://site.example/no/") == "" {
		t.Error("Missing does not tell what is there from what is not")
	}
}
