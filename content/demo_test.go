package content

import (
	"bytes"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// demoEnd is the day that the demo organisation's story ends on.
var demoEnd = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func loadDemo(t *testing.T) (fs.FS, []Repository) {
	t.Helper()
	portal, repositories, err := Demo()
	if err != nil {
		t.Fatal(err)
	}
	return portal, repositories
}

// finalTree applies the commits of a repository in order.
func finalTree(t *testing.T, r Repository) map[string][]byte {
	t.Helper()
	tree := map[string][]byte{}
	for _, c := range r.Commits {
		for _, p := range c.Remove {
			if _, ok := tree[p]; !ok {
				t.Errorf("%s: %q removes %s, which is not there", r.Name, c.Message, p)
			}
			delete(tree, p)
		}
		maps.Copy(tree, c.Write)
	}
	return tree
}

func TestDemoEndsAtTheFolders(t *testing.T) {
	_, repositories := loadDemo(t)
	for _, r := range repositories {
		want, err := readTree("demo/repos/" + r.Name)
		if err != nil {
			t.Fatal(err)
		}
		if got := finalTree(t, r); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the last commit's tree has %d files and differs from the folder with %d", r.Name, len(got), len(want))
		}
	}
}

func TestDemoIsTheSameEachTime(t *testing.T) {
	_, first := loadDemo(t)
	_, second := loadDemo(t)
	if !reflect.DeepEqual(first, second) {
		t.Error("two calls of Demo differ")
	}
}

func TestDemoHasABelievablePast(t *testing.T) {
	_, repositories := loadDemo(t)
	if len(repositories) != 12 {
		t.Errorf("%d repositories, want 12", len(repositories))
	}
	for _, r := range repositories {
		authors := map[string]bool{}
		last := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
		for _, c := range r.Commits {
			authors[c.Author.Email] = true
			if !c.Time.After(last) || !c.Time.Before(demoEnd) {
				t.Errorf("%s: %q at %s is out of order or out of the story", r.Name, c.Message, c.Time)
			}
			last = c.Time
		}
		if n := len(r.Commits); n < 5 || n > 20 || len(authors) < 2 {
			t.Errorf("%s: %d commits by %d authors, want 5 to 20 by several", r.Name, n, len(authors))
		}
		if r.DefaultBranch == "" || !strings.HasPrefix(r.RemoteURL, "https://github.com/stagecraft-example/") {
			t.Errorf("%s: branch %q, remote %q", r.Name, r.DefaultBranch, r.RemoteURL)
		}
	}
}

// brokenYAML is the one document that does not parse, so that the problems
// page has something to show.
const brokenYAML = "infrastructure/resources.yaml#1"

func TestDemoYAMLParsesButForOneDocument(t *testing.T) {
	_, repositories := loadDemo(t)
	for _, r := range repositories {
		for p, b := range finalTree(t, r) {
			if !strings.HasSuffix(p, ".yaml") && !strings.HasSuffix(p, ".yml") {
				continue
			}
			for i, doc := range splitDocuments(b) {
				var n yaml.Node
				err := yaml.Unmarshal(doc, &n)
				where := r.Name + "/" + p + "#" + string(rune('0'+i%10))
				if broken := where == brokenYAML; (err != nil) != broken {
					t.Errorf("%s: broken is %v, want %v (%v)", where, err != nil, broken, err)
				}
			}
		}
	}
}

func splitDocuments(b []byte) [][]byte { return bytes.Split(b, []byte("\n---\n")) }

// reservedName matches host names of the example domains that RFC 2606 keeps
// free, and names that only resolve inside the fictitious company.
var reservedName = regexp.MustCompile(`(^|\.)(example|example\.com|internal|localhost)(:\d+)?$`)

func TestDemoMailGoesNowhere(t *testing.T) {
	mail := regexp.MustCompile(`[\w.+-]+@([\w-]+\.)+[a-z]{2,}`)
	_, repositories := loadDemo(t)
	for _, r := range repositories {
		for p, b := range finalTree(t, r) {
			for _, m := range mail.FindAllString(string(b), -1) {
				if _, host, _ := strings.Cut(m, "@"); !reservedName.MatchString(host) {
					t.Errorf("%s/%s: mail address %s is not in a reserved domain", r.Name, p, m)
				}
			}
		}
	}
}

func TestHistoryRejectsWhatCannotBe(t *testing.T) {
	authors, err := readAuthors()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"a.md": []byte("# A\n\none\n\n## B\n\ntwo\n")}
	for name, c := range map[string]struct{ history, want string }{
		"author":    {"[{time: 2026-01-01T00:00:00Z, author: nobody, files: [a.md]}]", "unknown author"},
		"order":     {"[{time: 2026-01-02T00:00:00Z, author: amara, files: [{path: a.md, until: '## B'}]}, {time: 2026-01-01T00:00:00Z, author: amara, files: [a.md]}]", "does not follow"},
		"missing":   {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [b.md]}]", "is not in the folder"},
		"unwritten": {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [{path: c.md, text: x}]}, {time: 2026-01-02T00:00:00Z, author: amara, remove: [c.md]}]", `no commit writes "a.md"`},
		"earlier":   {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [{path: a.md, until: '## B'}]}]", "last version"},
		"same":      {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [a.md]}, {time: 2026-01-02T00:00:00Z, author: amara, files: [a.md]}]", "does not change"},
		"until":     {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [{path: a.md, until: '## C'}]}]", "no line"},
		"without":   {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [{path: a.md, without: ['## C']}]}]", "no section"},
		"reworded":  {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [{path: a.md, earlier: [{now: three, was: two}]}]}]", "no text"},
		"glob":      {"[{time: 2026-01-01T00:00:00Z, author: amara, files: ['*.txt']}]", "matches no file"},
		"removal":   {"[{time: 2026-01-01T00:00:00Z, author: amara, remove: [b.md]}]", "does not exist"},
		"empty":     {"[{time: 2026-01-01T00:00:00Z, author: amara}]", "changes nothing"},
		"left over": {"[{time: 2026-01-01T00:00:00Z, author: amara, files: [a.md, {path: c.md, text: x}]}]", "left in the tree"},
	} {
		var h history
		if err := yaml.Unmarshal([]byte("branch: main\ncommits: "+c.history), &h); err != nil {
			t.Fatal(err)
		}
		_, err := h.replay(files, authors)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", name, err, c.want)
		}
	}
}

func TestHistoryMakesEarlierVersions(t *testing.T) {
	last := []byte("# A\n\none\n\n## B\n\ntwo\n\n```sh\n## not a heading\n```\n\n### C\n\nthree\n\n## D\n\nfour\n")
	for name, c := range map[string]struct {
		version version
		want    string
	}{
		"until":    {version{Until: "## B"}, "# A\n\none\n"},
		"without":  {version{Without: []string{"## B"}}, "# A\n\none\n\n## D\n\nfour\n"},
		"reworded": {version{Until: "## B", Earlier: []rewording{{Now: "one", Was: "zero"}}}, "# A\n\nzero\n"},
	} {
		got, err := c.version.content(last)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestPortalReadsTheRepositoriesBesideIt(t *testing.T) {
	portal, _ := loadDemo(t)
	b, err := fs.ReadFile(portal, "callboard.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Sources []struct{ Directory string }
	}
	if err := yaml.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(c.Sources, struct{ Directory string }{"repos/*"}) {
		t.Errorf("sources are %v, want repos/*", c.Sources)
	}
}
