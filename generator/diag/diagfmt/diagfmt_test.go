package diagfmt

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/diag"
)

var sample = diag.List{
	{Code: "ref-dangling", Severity: diag.Warning, Pos: diag.Pos{File: "catalog info.yaml", Line: 7, Column: 10}, Field: "spec.owner", Message: `owner "pay%ments" does not exist`, Hint: "did you mean \"payments\"?\nor declare it"},
	{Code: "yaml-syntax", Severity: diag.Error, Pos: diag.Pos{File: "a:b,c.yaml", Line: 3}, Message: "mapping values are not allowed here\n::error::no"},
	{Code: "yaml-syntax", Severity: diag.Info, Message: "odd \x01 character"},
}

var rules = []diag.Rule{{Code: "ref-dangling", Severity: diag.Warning, Summary: "a ref leads nowhere", Explain: "Why."}}

func TestFormats(t *testing.T) {
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			var got bytes.Buffer
			if err := f.Write(&got, sample, rules); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", f.Name+".golden")
			if os.Getenv("CALLBOARD_GOLDEN") != "" {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
			}
		})
	}
}

func TestOutputsAreWellFormed(t *testing.T) {
	for _, list := range []diag.List{nil, sample} {
		for _, f := range Formats {
			var b bytes.Buffer
			if err := f.Write(&b, list, rules); err != nil {
				t.Fatal(err)
			}
			switch f.Name {
			case "github":
				for line := range strings.Lines(b.String()) {
					if !strings.HasPrefix(line, "::") {
						t.Errorf("a message escaped its command: %q", line)
					}
				}
			case "junit":
				if err := xml.Unmarshal(b.Bytes(), new(struct {
					XMLName xml.Name `xml:"testsuite"`
				})); err != nil {
					t.Errorf("junit: %v", err)
				}
			default:
				if !json.Valid(b.Bytes()) {
					t.Errorf("%s is not JSON", f.Name)
				}
			}
		}
	}
}

func TestGitHubKeepsToTenAnnotationsOfAKind(t *testing.T) {
	var many diag.List
	for range 25 {
		many.Add(sample[0])
	}
	var b bytes.Buffer
	if err := writeGitHub(&b, many, nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "::warning"); n != 10 || !strings.Contains(b.String(), "16 more of this severity") {
		t.Errorf("%d annotations:\n%s", n, b.String())
	}
}

func TestFingerprintsAreDistinctAndIgnoreLines(t *testing.T) {
	moved := append(diag.List{}, sample...)
	for i := range moved {
		moved[i].Pos.Line += 40
	}
	twice := append(append(diag.List{}, sample...), sample...)
	a, b, c := fingerprints(sample), fingerprints(moved), fingerprints(twice)
	seen := map[string]bool{}
	for _, f := range c {
		if seen[f] {
			t.Errorf("fingerprint %s twice", f)
		}
		seen[f] = true
	}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("finding %d changed its fingerprint by moving", i)
		}
	}
}
