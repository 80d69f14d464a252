package markdown

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// seeds adds the inputs of all extensions' corpora.
func seeds(f *testing.F) {
	files, _ := filepath.Glob("../ext/*/testdata/corpus.txt")
	if len(files) == 0 {
		f.Fatal("no corpora")
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range strings.Split(string(raw), "\n-- ") {
			_, rest, _ := strings.Cut(part, " --\n")
			input, _, _ := strings.Cut(rest, "⟶\n")
			f.Add([]byte(input))
		}
	}
	f.Add([]byte("---\ntitle: x\ntags: [a]\n---\n# T\n\n<script>x</script>\n"))
}

var harmful = regexp.MustCompile(`(?i)<(script|style|iframe|object|embed|form|link|meta|base|svg)[\s>/]|<[^>]*\s(on[a-z]+|style|srcdoc)\s*=|<[^>]*\s(href|src)="\s*(javascript|vbscript|data:text)`)

// FuzzRender requires that no input makes the renderer fail, and that nothing
// harmful is in what it gives.
func FuzzRender(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 4096 || Suspicious(src) {
			return
		}
		doc, err := Render(src, Options{})
		if err != nil {
			if strings.HasPrefix(err.Error(), "the renderer failed") {
				t.Fatalf("%q: %v", src, err)
			}
			return
		}
		if m := harmful.FindString(doc.HTML); m != "" {
			t.Fatalf("%q gave %q", src, m)
		}
		if n := strings.Count(doc.HTML, "\x01"); n != len(doc.Links) {
			t.Fatalf("%q: %d slots for %d links", src, n, len(doc.Links))
		}
		if again := string(sanitize.HTML([]byte(filled(doc)), sanitize.Options{})); again != string(sanitize.HTML([]byte(again), sanitize.Options{})) {
			t.Fatalf("%q: not idempotent: %q", src, again)
		}
		for _, l := range doc.Links {
			if l.Line < 0 || l.Line > strings.Count(string(src), "\n")+strings.Count(string(src), "\r")+1 {
				t.Fatalf("%q: link on line %d", src, l.Line)
			}
		}
	})
}
