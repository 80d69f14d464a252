package highlight

import (
	"strings"
	"testing"
)

// marked returns code with classes in brackets.
func marked(language, code string) string {
	var b strings.Builder
	scanners()[language](code, func(class, text string) {
		if class == "" {
			b.WriteString(text)
		} else {
			b.WriteString("[" + class + " " + text + "]")
		}
	})
	return b.String()
}

func TestScanners(t *testing.T) {
	for _, c := range []struct{ language, code, want string }{
		{"go", "func f(a int) { return `x` } // c", "[k func] [nf f](a [kt int]) { [k return] [s `x`] } [c1 // c]"},
		{"python", "@app.get\ndef f():\n    \"\"\"a\nb\"\"\"\n    return None  # c", "[nd @app.get]\n[k def] [nf f]():\n    [s \"\"\"a\nb\"\"\"]\n    [k return] [kc None]  [c1 # c]"},
		{"json", `{"a": [1.5, true, "b"]}`, `{[nt "a"]: [[mi 1.5], [kc true], [s "b"]]}`},
		{"yaml", "a: 1\nb:\n  - c: \"x\" # n\n  - d\ne: |\n  text: x\nf: {g: true}\n", "[nt a]: [mi 1]\n[nt b]:\n  - [nt c]: [s \"x\"] [c1 # n]\n  - d\n[nt e]: |\n  text: x\n[nt f]: {[nt g]: [kc true]}\n"},
		{"bash", "for n in $(seq 1 3); do curl -fsS \"$URL\" | jq . # c\nA=1 b#c\n", "[k for] n [k in] $(seq [mi 1] [mi 3]); [k do] [nb curl] [na -fsS] [s2 \"$URL\"] | [nb jq] . [c1 # c]\n[nv A]=1 b#c\n"},
		{"console", "$ ls -l\ntotal 0\n", "[gp $ ][nb ls] [na -l]\n[go total 0\n]"},
		{"diff", "@@ 1 @@\n-a\n+b\n c\n", "[gu @@ 1 @@\n][gd -a\n][gi +b\n] c\n"},
		{"sql", "SELECT a FROM t -- c", "[k SELECT] a [k FROM] t [c1 -- c]"},
		{"dockerfile", "FROM alpine AS b\nRUN echo $X", "[k FROM] alpine [k AS] b\n[k RUN] echo [nv $X]"},
		{"tf", "resource \"a\" \"b\" {\n  name = \"x\"\n}", "[k resource] [s \"a\"] [s \"b\"] {\n  [nt name] = [s \"x\"]\n}"},
	} {
		if got := marked(c.language, c.code); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.language, got, c.want)
		}
	}
}

// FuzzScanners requires that every scanner gives back the code it was given.
func FuzzScanners(f *testing.F) {
	for _, s := range []string{"a: |\n  b\n- 'c", "`\"'/*#$@--{}", "\\", "${", "\"\\", "'''", "$ x\n>", "é: ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		for name, scan := range scanners() {
			var b strings.Builder
			scan(code, func(_, text string) { b.WriteString(text) })
			if b.String() != code {
				t.Fatalf("%s: %q gave %q", name, code, b.String())
			}
		}
	})
}
