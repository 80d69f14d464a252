package themes

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// read returns every file of the base theme below folder whose name ends in ext.
func read(t *testing.T, folder, ext string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(Base(), folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ext {
			return err
		}
		data, err := fs.ReadFile(Base(), name)
		out[name] = string(data)
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("read %s: %d files, %v", folder, len(out), err)
	}
	return out
}

var templateComment = regexp.MustCompile(`(?s)\{\{-? ?/\*.*?\*/ ?-?\}\}`)

// templates are the layouts and partials without their comments.
func templates(t *testing.T) map[string]string {
	out := read(t, "layouts", ".html")
	for name, text := range out {
		out[name] = templateComment.ReplaceAllString(text, "")
	}
	return out
}

// TestTemplatesReadOnlyTheirPage: a build renders only changed pages, so what
// Hugo knows of other pages is wrong, and so are the clock and the environment.
func TestTemplatesReadOnlyTheirPage(t *testing.T) {
	forbidden := regexp.MustCompile(`\.Site\b|\bsite\.(?:Pages|RegularPages|Menus|GetPage|Home|Sections|Taxonomies)|\.(?:RegularPages|NextInSection|PrevInSection|Ancestors|GetPage|RelRef|Ref)\b(?: "|\s*\()|\bGetRemote\b|\bgetenv\b|\bos\.|\bnow\b|\btime\.Now\b|\bref\b "|\brelref\b`)
	for name, text := range templates(t) {
		if word := forbidden.FindString(text); word != "" {
			t.Errorf("%s uses %q", name, word)
		}
	}
}

// TestOnePlaceWritesHTML: everything but a Fragment is escaped by html/template.
func TestOnePlaceWritesHTML(t *testing.T) {
	unsafe := regexp.MustCompile(`\b(?:safe(?:HTML|HTMLAttr|URL|JS|JSStr|CSS)|htmlUnescape|markdownify|RenderString)\b`)
	for name, text := range templates(t) {
		words := unsafe.FindAllString(text, -1)
		if name == "layouts/_partials/fragment.html" {
			if len(words) != 1 || words[0] != "safeHTML" {
				t.Errorf("%s uses %q, want safeHTML once", name, words)
			}
		} else if len(words) > 0 {
			t.Errorf("%s uses %q; only partials/fragment.html may", name, words)
		}
	}
}

// TestNothingInline: the content security policy is script-src 'self';
// style-src 'self'; require-trusted-types-for 'script'.
func TestNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style\b|\sstyle=|<script(?:\s[^>]*)?>[^<\s]|\son[a-z]+=|javascript:|<base\b|target=`)
	for name, text := range templates(t) {
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s has %q", name, found)
		}
	}
	sink := regexp.MustCompile(`\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser|setHTMLUnsafe|srcdoc|createContextualFragment)`)
	for name, text := range read(t, "assets/ts", ".ts") {
		if found := sink.FindString(text); found != "" {
			t.Errorf("%s uses %s; make elements by calls of the DOM", name, found)
		}
	}
}

// TestEveryRuleIsInALayer: so that a portal's own unlayered rules always win.
func TestEveryRuleIsInALayer(t *testing.T) {
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	order := regexp.MustCompile(`@layer ([a-z, ]+);`).FindStringSubmatch(sheets(t)["layers.css"])
	if order == nil {
		t.Fatal("layers.css declares no order")
	}
	declared := strings.Split(order[1], ", ")
	for name, css := range sheets(t) {
		if name == "layers.css" {
			continue
		}
		depth, start := 0, 0
		css = comment.ReplaceAllString(css, "")
		for i, c := range css {
			switch c {
			case '{':
				if depth == 0 {
					head := strings.TrimSpace(css[start:i])
					layer, ok := strings.CutPrefix(head, "@layer ")
					if !ok || !contains(declared, layer) {
						t.Errorf("%s has %q outside the declared layers", name, head)
					}
				}
				depth++
			case '}':
				depth--
				start = i + 1
			}
		}
		if depth != 0 {
			t.Errorf("%s has unbalanced braces", name)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestEveryWordIsTranslated compares the keys the templates ask for with those of en.yaml.
func TestEveryWordIsTranslated(t *testing.T) {
	have := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([A-Za-z_-]+):`).FindAllStringSubmatch(read(t, "i18n", ".yaml")["i18n/en.yaml"], -1) {
		have[m[1]] = true
	}
	used := map[string]bool{}
	call, made := regexp.MustCompile(`\bi18n "([A-Za-z_-]+)"`), regexp.MustCompile(`\bi18n \(printf "([a-z]+_)%s"`)
	for name, text := range templates(t) {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if !have[m[1]] {
				t.Errorf("%s wants the word %q, which en.yaml does not have", name, m[1])
			}
		}
		for _, m := range made.FindAllStringSubmatch(text, -1) {
			for key := range have {
				used[key] = used[key] || strings.HasPrefix(key, m[1])
			}
		}
	}
	for key := range have {
		if !used[key] {
			t.Errorf("en.yaml has %q, which no template uses", key)
		}
	}
}

// TestPartialsExistAndAreListed: partial names are the theme's API, and the
// README is where a company finds them.
func TestPartialsExistAndAreListed(t *testing.T) {
	all := templates(t)
	call := regexp.MustCompile(`\bpartial(?:Cached)? "([a-z/-]+\.html)"`)
	used := map[string]bool{"assets.html": true}
	for name, text := range all {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if _, ok := all["layouts/_partials/"+m[1]]; !ok {
				t.Errorf("%s calls the partial %s, which does not exist", name, m[1])
			}
		}
	}
	readme := read(t, ".", ".md")["README.md"]
	for name := range all {
		partial, ok := strings.CutPrefix(name, "layouts/_partials/")
		switch {
		case !ok && !strings.Contains(readme, "`"+strings.TrimPrefix(name, "layouts/")+"`"):
			t.Errorf("README.md does not list the layout %s", name)
		case ok && !strings.HasPrefix(partial, "icons/") && !strings.Contains(readme, "`"+partial+"`"):
			t.Errorf("README.md does not list the partial %s", partial)
		case ok && !strings.HasPrefix(partial, "icons/") && !used[partial]:
			t.Errorf("no template calls the partial %s", partial)
		}
	}
}

// TestIconsExistAndAreUsed finds icons asked for by name that were never copied, and the reverse.
func TestIconsExistAndAreUsed(t *testing.T) {
	all := templates(t)
	used := map[string]bool{"file": true, "link": true} // what stands for any other name
	call := regexp.MustCompile(`partialCached "icon\.html" "([a-z-]+)"`)
	for name, text := range all {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if _, ok := all["layouts/_partials/icons/"+m[1]+".html"]; !ok {
				t.Errorf("%s wants the icon %q", name, m[1])
			}
		}
	}
	for name, entry := range map[string]*regexp.Regexp{
		"kind-icon.html": regexp.MustCompile(`"[a-z]+" "([a-z-]+)"`),
		"link-icon.html": regexp.MustCompile(`"[a-z:-]+" "([a-z-]+)"`),
		"state.html":     regexp.MustCompile(`\(slice "[a-z]*" "([a-z-]+)"\)`),
	} {
		found := entry.FindAllStringSubmatch(all["layouts/_partials/"+name], -1)
		if len(found) == 0 {
			t.Errorf("%s lists no icons", name)
		}
		for _, m := range found {
			used[m[1]] = true
			if _, ok := all["layouts/_partials/icons/"+m[1]+".html"]; !ok {
				t.Errorf("%s wants the icon %q", name, m[1])
			}
		}
	}
	for name := range all {
		if icon, ok := strings.CutPrefix(name, "layouts/_partials/icons/"); ok && !used[strings.TrimSuffix(icon, ".html")] {
			t.Errorf("no template uses the icon %s", icon)
		}
	}
}

// TestBudgets measures the sources without their comments, so the built files,
// with short names, are smaller still: 14 KB of CSS, 6 KB of script at load.
func TestBudgets(t *testing.T) {
	comment := regexp.MustCompile(`(?s)/\*.*?\*/|(?m:^\s*//[^\n]*\n)`)
	var css, script bytes.Buffer
	for _, text := range sheets(t) {
		css.WriteString(comment.ReplaceAllString(text, ""))
	}
	for name, text := range read(t, "assets/ts", ".ts") {
		if path.Dir(name) == "assets/ts" {
			script.WriteString(comment.ReplaceAllString(text, ""))
		}
	}
	if n := compressed(t, css.Bytes()); n > 14<<10 {
		t.Errorf("style sheets are %d bytes after gzip, want at most %d", n, 14<<10)
	}
	if n := compressed(t, script.Bytes()); n > 6<<10 {
		t.Errorf("scripts are %d bytes after gzip, want at most %d", n, 6<<10)
	}
}

func compressed(t *testing.T, data []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// TestWhatListsLeaveOutIsSaid: every count of what a list leaves out is read by a template.
func TestWhatListsLeaveOutIsSaid(t *testing.T) {
	views, err := filepath.Glob("../generator/page/*_view.go")
	if err != nil || len(views) == 0 {
		t.Fatalf("%d files of views, %v", len(views), err)
	}
	var all strings.Builder
	for _, text := range templates(t) {
		all.WriteString(text)
	}
	field, found := regexp.MustCompile(`(?m)^\s+(More\w*)\s+int\b`), 0
	for _, name := range views {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range field.FindAllStringSubmatch(string(text), -1) {
			found++
			if !regexp.MustCompile(`\.` + m[1] + `\b`).MatchString(all.String()) {
				t.Errorf("no template reads %s of %s", m[1], name)
			}
		}
	}
	if found == 0 {
		t.Error("no view counts what it leaves out")
	}
}
