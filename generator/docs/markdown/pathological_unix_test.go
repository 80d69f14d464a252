//go:build unix

package markdown

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pathological are inputs that some Markdown parsers need quadratic time or
// worse for, by name, as a function of their length.
var pathological = map[string]func(n int) string{
	"link openers":        repeated("[a](", 4),
	"link openers nested": repeated("[a](<b", 6),
	"brackets":            repeated("[", 1),
	"brackets apart":      repeated("[ ", 2),
	"brackets words":      repeated("[a ", 3),
	"closing brackets":    repeated("a] ", 3),
	"bracket pairs":       repeated("[]", 2),
	"nested brackets":     func(n int) string { return strings.Repeat("[", n/2) + "a" + strings.Repeat("]", n/2) },
	"images":              repeated("![a](", 5),
	"image brackets":      repeated("![", 2),
	"references":          repeated("[a][b] ", 7),
	"footnote references": repeated("[^1] ", 5),
	"footnotes":           func(n int) string { return lines(n/9, "[^%d]: x\n") },
	"footnotes used":      func(n int) string { return lines(n/16, "a[^%d]\n\n[^%[1]d]: x\n\n") },
	"definitions":         func(n int) string { return lines(n/12, "[a%d]: /x\n") },
	"quotes":              repeated("> ", 2),
	"quote lines":         repeated("> a\n", 4),
	"quotes growing":      func(n int) string { return growing(n, "> ") },
	"lists on a line":     repeated("- ", 2),
	"lists growing":       func(n int) string { return growing(n, "  ") },
	"list items":          repeated("- a\n", 4),
	"list items loose":    repeated("- a\n\n", 5),
	"ordered items":       repeated("1. a\n", 5),
	"emphasis":            repeated("*a ", 3),
	"emphasis runs":       repeated("**a *a ", 7),
	"emphasis closed":     repeated("*a* ", 4),
	"emphasis openers":    func(n int) string { return strings.Repeat("*a ", n/6) + strings.Repeat("a* ", n/6) },
	"emphasis mixed":      repeated("*a _b ", 6),
	"emphasis triple":     repeated("a***b**c*", 9),
	"underscores":         repeated("_a ", 3),
	"stars":               repeated("*", 1),
	"tildes":              repeated("~a ", 3),
	"double tildes":       repeated("~~a ", 4),
	"backquotes":          backquotes,
	"backquotes alone":    repeated("`a ", 3),
	"double backquotes":   repeated("``a ", 4),
	"tags":                repeated("<a ", 3),
	"tags attributes":     repeated("<a b='", 6),
	"comments":            repeated("<!-- a ", 7),
	"processing":          repeated("<? a ", 5),
	"cdata":               repeated("<![CDATA[ a ", 12),
	"declarations":        repeated("<!A ", 4),
	"less than":           repeated("<", 1),
	"autolinks":           repeated("<http://a ", 10),
	"bare links":          repeated("http://a.b ", 11),
	"www":                 repeated("www.a", 5),
	"mail":                repeated("a@b", 3),
	"mail long":           func(n int) string { return strings.Repeat("a.", n/2) + "@" },
	"entities":            repeated("&amp", 4),
	"ampersands":          repeated("&", 1),
	"tables":              func(n int) string { return "|a|\n|-|\n" + strings.Repeat("|a|\n", n/4) },
	"table columns": func(n int) string {
		return strings.Repeat("|a", n/8) + "\n" + strings.Repeat("|-", n/8) + "\n" + strings.Repeat("|a", n/8)
	},
	"table wide and long": func(n int) string {
		k := 300
		return strings.Repeat("|a", k) + "\n" + strings.Repeat("|-", k) + "\n" + strings.Repeat("|a\n", n/3)
	},
	"pipes":                 repeated("|", 1),
	"headings":              repeated("# a\n", 4),
	"headings same":         repeated("## a_1\n", 7),
	"setext":                repeated("a\n=\n", 4),
	"setext long":           func(n int) string { return strings.Repeat("a\n", n/2) + "===\n" },
	"paragraph lines":       repeated("a\n", 2),
	"html blocks":           repeated("<div>\n", 6),
	"html blocks apart":     repeated("<div>\n\n", 7),
	"details":               repeated("<details>\n\na\n\n", 14),
	"admonitions":           repeated("!!! note\n    a\n", 15),
	"admonitions nested":    func(n int) string { return nested(n, "!!! note\n") },
	"details nested":        func(n int) string { return nested(n, "??? note\n") },
	"tabs nested":           func(n int) string { return nested(n, "=== \"a\"\n") },
	"tabs":                  repeated("=== \"a\"\n    a\n", 14),
	"tabs new":              repeated("===! \"a\"\n    a\n", 15),
	"definition list":       repeated("a\n: b\n\n", 7),
	"definition terms":      func(n int) string { return strings.Repeat("a\n", n/2) + ": b" },
	"fences":                repeated("```\n", 4),
	"fences open":           repeated("```a\n~~~b\n", 10),
	"indented":              repeated("    a\n", 6),
	"attributes":            repeated("{: #a .b c=d } ", 15),
	"attributes open":       repeated("{: a=\"", 6),
	"braces":                repeated("{", 1),
	"abbreviations":         func(n int) string { return lines(n/20, "*[A%d]: x\n\n") + strings.Repeat("A1 A2 ", n/12) },
	"emoji":                 repeated(":a", 2),
	"keys":                  repeated("++a ", 4),
	"marks":                 repeated("==a ", 4),
	"carets":                repeated("^a ", 3),
	"critic":                repeated("{++a ", 5),
	"critic substitution":   repeated("{~~a~>", 6),
	"dollars":               repeated("$a ", 3),
	"math":                  repeated("\\(a ", 4),
	"backslashes":           repeated("\\", 1),
	"quotes and dashes":     repeated("\"a' -- ", 7),
	"slashes blocks":        repeated("/// note\n", 9),
	"colons blocks":         repeated(":::note\n", 8),
	"markdown in html":      repeated("<div markdown>\n", 15),
	"github alerts":         repeated("> [!NOTE]\n> a\n\n", 16),
	"code in quotes":        repeated("> ```\n", 6),
	"python code":           func(n int) string { return "```python\n" + strings.Repeat("f(", n/2) + "\n```\n" },
	"yaml code":             func(n int) string { return "```yaml\n" + strings.Repeat("a: ", n/3) + "\n```\n" },
	"bash code":             func(n int) string { return "```bash\n" + strings.Repeat("$(", n/2) + "\n```\n" },
	"javascript code":       func(n int) string { return "```js\n" + strings.Repeat("`${", n/3) + "\n```\n" },
	"html code":             func(n int) string { return "```html\n" + strings.Repeat("<a ", n/3) + "\n```\n" },
	"many small blocks":     repeated("```python\nf(x)\n```\n", 20),
	"nul":                   repeated("\x00", 1),
	"spaces":                func(n int) string { return "a" + strings.Repeat(" ", n-2) + "b" },
	"tabs characters":       repeated("\t", 1),
	"trailing spaces":       repeated("a  \n", 4),
	"blank lines in a list": func(n int) string { return "- a\n" + strings.Repeat("\n", n-8) + "  b" },
}

func repeated(s string, size int) func(int) string {
	return func(n int) string { return strings.Repeat(s, n/size) }
}

func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// growing is a list or quote that gets one level deeper on every line.
func growing(n int, indent string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(strings.Repeat(indent, i) + "- a\n")
	}
	return b.String()
}

func nested(n int, head string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(strings.Repeat("    ", i) + head)
	}
	return b.String()
}

func backquotes(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		b.WriteString("e" + strings.Repeat("`", i%MaxRun))
	}
	return b.String()
}

// TestNoInputTakesLong requires that every input of the set either exceeds a
// limit, or is suspicious and so goes to a worker, or is rendered in time in
// proportion to its length, with room for slow machines: 2 s for the longest
// page. CALLBOARD_LONG=1 tries that length, otherwise an eighth of it.
func TestNoInputTakesLong(t *testing.T) {
	size, limit := MaxSource/8, 400*time.Millisecond
	if os.Getenv("CALLBOARD_LONG") != "" {
		size, limit = MaxSource, 2*time.Second
	}
	for name, f := range pathological {
		src := []byte(f(size))
		src = src[:min(len(src), size)]
		if Check(src) != nil || Suspicious(src) {
			continue
		}
		start := cpuTime(t)
		_, err := Render(src, Options{Math: true})
		if d := cpuTime(t) - start; d > limit {
			t.Errorf("%s: %d bytes took %v (%v)", name, len(src), d, err)
		}
	}
}

// cpuTime returns the processor time of the process, which other programs on
// the machine do not lengthen.
func cpuTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
