package sanitize

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// payloads returns the inputs of testdata/xss.txt, one per line, "\n" and "\0" written so.
func payloads(t testing.TB) []string {
	raw, err := os.ReadFile(filepath.Join("testdata", "xss.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range strings.Split(string(raw), "\n") {
		if l != "" && !strings.HasPrefix(l, "# ") {
			out = append(out, strings.NewReplacer(`\n`, "\n", `\0`, "\x00", `\t`, "\t", `\x01`, "\x01").Replace(l))
		}
	}
	return out
}

var allowedHost = Options{IframeHosts: []string{"video.example"}}

// checkSafe parses the output as a browser would and fails if anything is in
// it that could run, load from elsewhere unasked, or style.
func checkSafe(t testing.TB, input string, out []byte) {
	t.Helper()
	nodes, err := html.ParseFragment(bytes.NewReader(out), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatalf("%q: %v", input, err)
	}
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
			t.Errorf("%q: comment in %q", input, out)
		}
		if n.Type == html.ElementNode {
			if elements[n.Data] == nil && n.Data != "iframe" {
				t.Errorf("%q: element %q in %q", input, n.Data, out)
			}
			for _, a := range n.Attr {
				checkAttribute(t, input, n.Data, a)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	for _, n := range nodes {
		visit(n)
	}
	if !bytes.Equal(HTML(out, allowedHost), out) {
		t.Errorf("%q: not idempotent: %q then %q", input, out, HTML(out, allowedHost))
	}
}

var goodFrame = regexp.MustCompile(`^https?://([^/@]*@)?video\.example([/?#]|$)`)

var badScheme = regexp.MustCompile(`(?i)^[\s\x00-\x20]*((javascript|vbscript|file|blob|filesystem|intent|ms-[a-z]+|view-source|about|chrome):|data:text|data:image/svg)`)

func checkAttribute(t testing.TB, input, tag string, a html.Attribute) {
	t.Helper()
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "srcset", a.Key == "formaction", a.Key == "action",
		a.Key == "ping", a.Key == "background", a.Key == "dynsrc", a.Key == "lowsrc", a.Key == "is", a.Key == "nonce", strings.Contains(a.Key, ":"):
		t.Errorf("%q: attribute %s on %s", input, a.Key, tag)
	case (a.Key == "href" || a.Key == "src" || a.Key == "cite" || a.Key == "poster") && badScheme.MatchString(a.Val):
		t.Errorf("%q: %s=%q", input, a.Key, a.Val)
	case a.Key == "id" && clobbers(a.Val):
		t.Errorf("%q: id %q", input, a.Val)
	case a.Key == "name" && tag != "input":
		t.Errorf("%q: name %q on %s", input, a.Val, tag)
	case tag == "iframe" && a.Key == "src" && !goodFrame.MatchString(a.Val):
		t.Errorf("%q: iframe of %q", input, a.Val)
	}
}

func TestNothingHarmfulPasses(t *testing.T) {
	for _, p := range payloads(t) {
		checkSafe(t, p, HTML([]byte(p), allowedHost))
		wrapped := "<table><tr><td><p><a href='x'>" + p
		checkSafe(t, wrapped, HTML([]byte(wrapped), allowedHost))
		quoted := `<a title="` + p + `" href=x>` + p + "</a>"
		checkSafe(t, quoted, HTML([]byte(quoted), allowedHost))
	}
}

func TestWhatIsKept(t *testing.T) {
	for in, want := range map[string]string{
		`<b>a</i> c`:                           `<b>a c</b>`,
		`a < b && c > d`:                       `a &lt; b &amp;&amp; c > d`,
		`&copy; &nope; &#65; &#x202e;x`:        `&copy; &amp;nope; &#65; <span class="bidi-control">U+202E</span>x`,
		"a\u202eb":                             `a<span class="bidi-control">U+202E</span>b`,
		`<p>a<div>b</div></p>`:                 `<p>a</p><div>b</div>`,
		`<ul><li>a<li>b</ul>`:                  `<ul><li>a</li><li>b</li></ul>`,
		`<td>x</td>`:                           `x`,
		`<table><tr><td>a<td>b<tr><td>c`:       `<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`,
		`</div></section>x`:                    `x`,
		`<details open><summary>s</summary>x`:  `<details open=""><summary>s</summary>x</details>`,
		`<IMG SRC="a.png" Width=10 onerror=x>`: `<img width="10" alt="" src="a.png">`,
		`<a name="top" href="https://x.example/?a=1&amp;b=2">x</a>`:            `<a id="top" href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a>`,
		`<a href="javascript:alert(1)">x</a>`:                                  `<a>x</a>`,
		`<script>alert("</p>")</script>y`:                                      `y`,
		`<style>a{}</style><template><b>x</b></template>y`:                     `y`,
		`<custom-thing>text</custom-thing>`:                                    `text`,
		`<div class="admonition note sidebar-open">x</div>`:                    `<div class="admonition note doc-sidebar-open">x</div>`,
		`<input type="text" value="x" onfocus=y autofocus>`:                    `<input aria-label="Done" type="checkbox">`,
		`<iframe src="https://evil.example/x"></iframe>`:                       `<a href="https://evil.example/x" rel="noopener noreferrer nofollow" class="embed-link external">Embedded page from evil.example</a>`,
		`<iframe src="https://video.example/x" width="560" onload=x></iframe>`: `<iframe class="embed" src="https://video.example/x" title="Embedded page from video.example" width="560" loading="lazy" referrerpolicy="no-referrer" sandbox="allow-scripts allow-popups"></iframe>`,
		`<span class="k">if</span> <span class="hljs-x">y</span>`:              `<span class="k">if</span> <span class="doc-hljs-x">y</span>`,
		`<math><mi>x</mi><mspace/></math><mi>y</mi>`:                           `<math><mi>x</mi><mspace></mspace></math>y`,
		`<!-- a --><!doctype html><?php x ?>b<![CDATA[c]]>`:                    `b`,
	} {
		if got := string(HTML([]byte(in), allowedHost)); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestIDsThatClobberArePrefixed(t *testing.T) {
	for _, id := range []string{"__proto__", "toJSON", "toString", "getElementById", "querySelector", "outerHTML", "currentScript", "body\x00__proto__",
		"addEventListener", "localStorage", "cb-search", "hasOwnProperty", "valueOf", "innerHTML", "parentNode", "childNodes", "nodeName", "documentElement",
		"defaultView", "createElement", "globalThis", "__tabbed"} {
		out := string(HTML([]byte(`<p id="`+id+`">x</p>`), Options{}))
		if !strings.Contains(out, `id="doc-`) && !strings.Contains(out, `id="body__proto__"`) {
			t.Errorf("%q: %s", id, out)
		}
	}
	if out := string(HTML([]byte(`<h2 id="installation">x</h2>`), Options{})); out != `<h2 id="installation">x</h2>` {
		t.Error(out)
	}
}

func TestLinkTakesOver(t *testing.T) {
	var links []Link
	out := HTML([]byte(`<a class="x headerlink" title="t" href="a.md">y</a><img alt=z width=9 src=b.png>`), Options{Link: func(l Link) bool {
		links = append(links, l)
		return true
	}})
	if want := "<a \x01>y</a><img alt=\"z\" width=\"9\" \x01>"; string(out) != want {
		t.Errorf("%q", out)
	}
	if len(links) != 2 || links[0] != (Link{"a", "href", "a.md", "x headerlink", "t", false}) || links[1].URL != "b.png" || !links[1].Sized {
		t.Errorf("%+v", links)
	}
}

func TestDeepNestingIsCut(t *testing.T) {
	out := HTML([]byte(strings.Repeat("<div>", 100_000)+"x"+strings.Repeat("</div>", 50)), Options{})
	if n := bytes.Count(out, []byte("<div>")); n != MaxDepth || !bytes.Contains(out, []byte("x")) {
		t.Errorf("%d levels", n)
	}
}

func FuzzHTML(f *testing.F) {
	for _, p := range payloads(f) {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := HTML([]byte(s), allowedHost)
		checkSafe(t, s, out)
	})
}

func TestSVG(t *testing.T) {
	for in, want := range map[string]string{
		`<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="3"><script>x</script><circle r="1" onclick="x"/></svg>`: `<svg xmlns="http://www.w3.org/2000/svg" width="3"><circle r="1"></circle></svg>`,
		`<svg><a href="javascript:x"><text>t</text></a><g/></svg>`:                                                                                 `<svg xmlns="http://www.w3.org/2000/svg"><g></g></svg>`,
		`<svg><use href="#a"/><use href="https://x.example/#a"/></svg>`:                                                                            `<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"></use><use></use></svg>`,
		`<svg><rect fill="url(#g)" style="fill:url(https://x)"/></svg>`:                                                                            `<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(#g)"></rect></svg>`,
		`<svg><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject></svg>`:                                                   `<svg xmlns="http://www.w3.org/2000/svg"></svg>`,
		`<svg><set attributeName="href" to="javascript:x"/><style>@import "x"</style></svg>`:                                                       `<svg xmlns="http://www.w3.org/2000/svg"></svg>`,
	} {
		out, err := SVG([]byte(in))
		if err != nil || string(out) != want {
			t.Errorf("%s\n got %s %v\nwant %s", in, out, err, want)
		}
	}
	for _, bad := range []string{"", "x", "<html></html>", "<svg>", "<svg></g></svg>", "<svg/><svg/>", `<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>`, "<svg><g></svg></g>"} {
		if out, err := SVG([]byte(bad)); err == nil {
			t.Errorf("%q gave %q", bad, out)
		}
	}
}

func TestSVGSize(t *testing.T) {
	for in, want := range map[string][2]int{
		`<svg width="10" height="20px"/>`:       {10, 20},
		`<svg viewBox="0 0 24 12"/>`:            {24, 12},
		`<svg width="100%" viewBox="0,0,5,6"/>`: {5, 6},
		`<svg/>`:                                {0, 0}, `x`: {0, 0},
	} {
		if w, h := SVGSize([]byte(in)); w != want[0] || h != want[1] {
			t.Errorf("%s: %d×%d", in, w, h)
		}
	}
}

func FuzzSVG(f *testing.F) {
	f.Add([]byte(`<svg width="3"><script>x</script><circle r="1" onclick="x" xlink:href="#a"/></svg>`))
	f.Fuzz(func(t *testing.T, src []byte) {
		out, err := SVG(src)
		if err != nil {
			return
		}
		d := xml.NewDecoder(bytes.NewReader(out))
		for {
			token, err := d.Token()
			if err != nil {
				if err.Error() != "EOF" {
					t.Fatalf("%q gave %q: %v", src, out, err)
				}
				break
			}
			if s, ok := token.(xml.StartElement); ok {
				for _, a := range s.Attr {
					if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || strings.Contains(strings.ToLower(a.Value), "javascript:") && a.Name.Local == "href" {
						t.Fatalf("%q gave %q", src, out)
					}
				}
			}
		}
		again, err := SVG(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("not idempotent: %q then %q %v", out, again, err)
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	src := []byte(strings.Repeat(`<h2 id="a">Title</h2><p>Some <em>text</em> with a <a href="https://x.example/">link</a> &amp; more.</p>`+
		`<pre><code><span class="k">func</span> <span class="nf">main</span>() {}</code></pre>`, 100))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		HTML(src, Options{})
	}
}

func TestAHostWithAStarStandsForThoseBelow(t *testing.T) {
	allowed := []string{"video.example", "*.maps.example"}
	for host, want := range map[string]bool{
		"video.example": true, "a.video.example": false, "eu.maps.example": true, "maps.example": false,
		"evilmaps.example": false, "eu.maps.example.evil.example": false, "": false,
	} {
		if got := allowsHost(allowed, host); got != want {
			t.Errorf("allowsHost(%q) = %v", host, got)
		}
	}
}
