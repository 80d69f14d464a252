package yamldoc

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/diag/diagtest"
)

var at = diag.Pos{File: "f.yaml"}

func TestSplitAtMarkers(t *testing.T) {
	for name, x := range map[string]struct {
		in   string
		want []string // "line|text" with newlines as /
	}{
		"nothing":                    {"", nil},
		"only comments":              {"# a\n\n  # b\n", nil},
		"no marker":                  {"a: 1\n", []string{"1|a: 1/"}},
		"leading marker":             {"---\na: 1\n", []string{"1|---/a: 1/"}},
		"comments before":            {"# c\n---\na: 1\n", []string{"1|# c/---/a: 1/"}},
		"three":                      {"a: 1\n---\nb: 2\n--- # note\nc: 3", []string{"1|a: 1/", "2|---/b: 2/", "4|--- # note/c: 3"}},
		"empty between":              {"---\n---\nb: 2\n", []string{"1|---/", "2|---/b: 2/"}},
		"trailing marker":            {"a: 1\n---\n", []string{"1|a: 1/", "2|---/"}},
		"indented is text":           {"a: |\n  ---\n  b\n", []string{"1|a: |/  ---/  b/"}},
		"longer is text":             {"---a: 1\n----\n", []string{"1|---a: 1/----/"}},
		"content on the marker":      {"--- {a: 1}\n---\tb\n", []string{"1|--- {a: 1}/", "2|---\tb/"}},
		"end marker":                 {"a: 1\n...\n# c\n---\nb: 2\n...\n", []string{"1|a: 1/", "3|# c/---/b: 2/"}},
		"bare document after end":    {"a: 1\n...\nb: 2\n", []string{"1|a: 1/", "3|b: 2/"}},
		"directive":                  {"%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n", []string{"1|%YAML 1.2/---/a: 1/", "5|%YAML 1.2/---/b: 2/"}},
		"windows":                    {"a: 1\r\n---\r\nb: 2\r\n", []string{"1|a: 1\r/", "2|---\r/b: 2\r/"}},
		"old mac":                    {"a: 1\r---\rb: 2\r", []string{"1|a: 1\r", "2|---\rb: 2\r"}},
		"a scalar may look like one": {"a: '\n  --- '\n", []string{"1|a: '/  --- '/"}},
	} {
		var got []string
		for _, c := range Split([]byte(x.in)) {
			got = append(got, fmt.Sprintf("%d|%s", c.Line, strings.ReplaceAll(string(c.Text), "\n", "/")))
		}
		if !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

func TestBrokenDocumentHidesNoSibling(t *testing.T) {
	docs, whole := Parse(at, []byte("a: 1\n---\nb: [1, 2\nc: }\n---\nd: \"x\n---\ne: 2\n"), DefaultLimits)
	if len(docs) != 4 || len(whole) > 0 {
		t.Fatalf("%d documents, %v", len(docs), whole)
	}
	for i, ok := range []bool{true, false, false, true} {
		if (docs[i].Root != nil) != ok || (len(docs[i].Problems) == 0) != ok {
			t.Errorf("document %d: root %v, problems %v", i, docs[i].Root, docs[i].Problems)
		}
	}
	if v := Value(docs[3].Root, "", nil); !reflect.DeepEqual(v, map[string]any{"e": int64(2)}) {
		t.Errorf("last document = %v", v)
	}
	if p := docs[2].Problems[0].Pos; p.Line != 6 {
		t.Errorf("open quote reported at %v", p)
	}
}

func TestPositionsAreTheFiles(t *testing.T) {
	src := "\uFEFF# ünï\n---\nname: ä\nlist: [ä, b]\r\n---\nx: \"\u0085\"\ny: {ö: z}\n"
	docs, _ := Parse(at, []byte(src), DefaultLimits)
	got := map[string]string{}
	for _, d := range docs {
		Value(d.Root, "", func(path string, n *yaml.Node) {
			p := Position(at, n)
			got[path] = fmt.Sprintf("%d:%d", p.Line, p.Column)
		})
	}
	want := map[string]string{"name": "3:7", "list": "4:7", "list[0]": "4:8", "list[1]": "4:12", "x": "6:4", "y": "7:4", "y.ö": "7:9"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("positions %v, want %v", got, want)
	}
}

func TestScalarsFollowTheCoreSchema(t *testing.T) {
	for in, want := range map[string]any{
		"yes": "yes", "on": "on", "No": "No", "2024-01-01": "2024-01-01", "2024-01-01T00:00:00Z": "2024-01-01T00:00:00Z",
		"true": true, "TRUE": true, "tRue": "tRue", "null": nil, "~": nil, "": nil,
		"12": int64(12), "-12": int64(-12), "+1": int64(1), "0777": int64(777), "0o17": int64(15), "0xff": int64(255), "0b11": "0b11",
		"1_000": "1_000", "1.5": 1.5, ".5": 0.5, "1e3": 1000.0, "1.": 1.0, ".": ".", "-": nil, "+": "+", "1.2.3": "1.2.3", "1e": "1e",
		".inf": ".inf", ".nan": ".nan", "0x": "0x", "0o8": "0o8", "99999999999999999999": 1e20, "'1'": "1", `"true"`: "true",
		"!!str 1": "1", "!!int '3'": int64(3), "!!binary aGk=": "aGk=", "12:30:00": "12:30:00", "0x-1": "0x-1", "1e999": "1e999", "infinity": "infinity", "nan": "nan", "0_1": "0_1",
	} {
		docs, _ := Parse(at, []byte("k: "+in), DefaultLimits)
		if in == "-" {
			continue // a sequence
		}
		if got := Value(docs[0].Root, "", nil).(map[string]any)["k"]; got != want {
			t.Errorf("%q is %#v, want %#v", in, got, want)
		}
	}
}

func TestEmptyDocumentsAreNoMistake(t *testing.T) {
	docs, whole := Parse(at, []byte("---\n# nothing\n---\nnull\n---\n~\n"), DefaultLimits)
	if len(docs) != 3 || len(whole) > 0 {
		t.Fatal(docs, whole)
	}
	for _, d := range docs {
		if !d.Empty() {
			t.Errorf("document %d is not empty: %v", d.Index, d)
		}
	}
}

// wants matches the comment of a bad file: "# want code line:column".
var wants = regexp.MustCompile(`(?m)^# want (\S+ \S+)\r?$`)

// TestBadFiles checks that every rule has an input that breaks it, at the
// place expected.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no bad files", err)
	}
	told := diagtest.Codes{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, m := range wants.FindAllStringSubmatch(string(b), -1) {
			want = append(want, m[1])
		}
		ds := problems(b)
		told.Add(ds)
		for _, d := range ds {
			got = append(got, fmt.Sprintf("%s %d:%d", d.Code, d.Pos.Line, d.Pos.Column))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: told %q, want %q", f, got, want)
		}
	}
	for code, text := range bombs() {
		began := time.Now()
		ds := problems([]byte(text))
		if len(ds) == 0 || ds[0].Code != code {
			t.Errorf("input for %s gives %v", code, ds)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("input for %s takes %v", code, took)
		}
		told[code] = true
	}
	told.Cover(t, Rules)
}

func problems(b []byte) diag.List {
	docs, ds := Parse(at, b, DefaultLimits)
	for _, d := range docs {
		ds.Add(d.Problems...)
	}
	return ds
}

// bombs are inputs made to exhaust a parser.
func bombs() map[string]string {
	var keys, laughs strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
	}
	laughs.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 8 {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	return map[string]string{
		codeBytes:     "a: " + strings.Repeat("x", 256<<10),
		codeDocuments: strings.Repeat("---\na: 1\n", 101),
		codeDepth:     strings.Repeat("[", 40) + strings.Repeat("]", 40),
		codeNodes:     "a: [" + strings.Repeat("1,", 20_001) + "]",
		codeKeys:      keys.String(),
		codeAliases:   laughs.String(),
		codeScalar:    "a: " + strings.Repeat("x", 65<<10),
		codeSyntax:    strings.Repeat("[", 200<<10),
		codeEncoding:  "a: \xff\xfe",
	}
}

func TestLongDefinitionIsAllowed(t *testing.T) {
	if ds := problems([]byte("spec:\n  definition: " + strings.Repeat("x", 100<<10))); len(ds) > 0 {
		t.Error(ds)
	}
}
