package publish_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/callboard-portal/callboard/generator/catalog"
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/manifest"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/site"
	"github.com/callboard-portal/callboard/themes"
)

// slow reports whether the long versions of the tests are asked for, with
// CALLBOARD_SLOW=1 (make test-slow).
func slow() bool { return os.Getenv("CALLBOARD_SLOW") != "" }

// company is a made-up portal that can be edited and written down again as
// repositories. Its repositories hold components and documentation.
type company struct {
	teams []string
	repos map[string]*repo
	brand site.Brand
	words string // replaces a word of the theme
	style string // custom CSS
	title string
}

type repo struct {
	owner string
	about string
	extra int      // components besides the one named like the repository
	nav   []string // documentation pages in order
	docs  map[string]string
}

func newCompany(repos int) *company {
	c := &company{teams: []string{"blue", "green", "red"}, repos: map[string]*repo{}, title: "Portal"}
	for i := range repos {
		c.repos[fmt.Sprintf("repo-%d", i)] = &repo{
			owner: c.teams[i%3], about: "begun", extra: i % 3, nav: []string{"index", "guide"},
			docs: map[string]string{"index": "# Welcome\n\nSee the [guide](guide.md).\n", "guide": "# Guide\n\nSome `code` and a list:\n\n- a\n- b\n"},
		}
	}
	return c
}

func (c *company) clone() *company {
	out := *c
	out.repos = map[string]*repo{}
	for name, r := range c.repos {
		copied := *r
		copied.nav, copied.docs = slices.Clone(r.nav), maps.Clone(r.docs)
		out.repos[name] = &copied
	}
	return &out
}

func (c *company) names() []string { return slices.Sorted(maps.Keys(c.repos)) }

// files are the files of one repository.
func (r *repo) files(name string) map[string]string {
	files := map[string]string{"catalog-info.yaml": component(name, r.owner, r.about, "    backstage.io/techdocs-ref: dir:.\n")}
	for i := range r.extra {
		files["catalog-info.yaml"] += "---\n" + component(fmt.Sprintf("%s-part-%d", name, i), r.owner, "a part of "+name, "    example.com/n: \"1\"\n")
	}
	nav := "site_name: " + name + "\nnav:\n"
	for _, p := range r.nav {
		nav += "  - " + p + ".md\n"
		files["docs/"+p+".md"] = r.docs[p]
	}
	files["mkdocs.yml"] = nav
	return files
}

// groups is the descriptor of the teams.
func groups(teams []string) string {
	text := ""
	for _, team := range teams {
		text += "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: " + team + "\nspec:\n  type: team\n  children: []\n"
	}
	return text
}

func component(name, owner, about, annotation string) string {
	return "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: " + name + "\n  description: " + about +
		"\n  annotations:\n" + annotation + "spec:\n  type: service\n  lifecycle: production\n  owner: " + owner + "\n"
}

// set makes the pages of the company, with the real stages.
func (c *company) set(t *testing.T) page.Set {
	t.Helper()
	checkouts := []*checkout.Checkout{checkouttest.Files("org", map[string]string{"catalog-info.yaml": groups(c.teams)})}
	for _, name := range c.names() {
		checkouts = append(checkouts, checkouttest.Files(name, c.repos[name].files(name)))
	}
	cat, _, found, err := catalog.Load(t.Context(), checkouts, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sites, more, err := docs.Build(t.Context(), cat, checkouts, docs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set, _ := page.Build(page.Input{
		Catalog: cat, Sites: sites, Checkouts: checkouts, Diagnostics: append(found, more...),
		Portal: page.Portal{Title: c.title, URL: "https://portal.example/"}, Now: time.Unix(1_700_000_000, 0).UTC(),
		Markdown: docs.Description, Highlight: docs.Highlight,
	})
	return set
}

func (c *company) theme(t *testing.T, stateDir string, shell page.Shell) *site.Theme {
	t.Helper()
	o := site.ThemeOptions{Base: themes.Base(), Brand: c.brand, CustomCSS: []byte(c.style), Shell: shell, StateDir: stateDir}
	if c.words != "" {
		o.Override = fstest.MapFS{"assets/css/pages.css": {Data: []byte("/* " + c.words + " */ .x { content: \"" + c.words + "\" }")}}
	}
	theme, _, err := site.LoadTheme(o)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

// edits are what happens to a portal in a year.
var edits = []struct {
	name  string
	apply func(c *company, r *rand.Rand)
}{
	{"edit a page", func(c *company, r *rand.Rand) {
		x, p := c.pick(r)
		x.docs[p] += fmt.Sprintf("\nMore: %d.\n", r.IntN(1000))
	}},
	{"edit a page", func(c *company, r *rand.Rand) {
		x, p := c.pick(r)
		x.docs[p] += fmt.Sprintf("\n## Part %d\n\ntext\n", r.IntN(1000))
	}},
	{"add a page", func(c *company, r *rand.Rand) {
		x, _ := c.pick(r)
		p := fmt.Sprintf("new-%d", r.IntN(1000))
		x.nav, x.docs[p] = append(slices.DeleteFunc(x.nav, func(s string) bool { return s == p }), p), "# New\n\nBack to [the top](index.md).\n"
	}},
	{"delete a page", func(c *company, r *rand.Rand) {
		if x, p := c.pick(r); p != "index" {
			x.nav = slices.DeleteFunc(x.nav, func(s string) bool { return s == p })
		}
	}},
	{"move a page", func(c *company, r *rand.Rand) {
		x, p := c.pick(r)
		if to := fmt.Sprintf("moved/to-%d", r.IntN(1000)); p != "index" && !slices.Contains(x.nav, to) {
			x.nav[slices.Index(x.nav, p)], x.docs[to] = to, "# Moved\n\nfrom elsewhere\n"
		}
	}},
	{"turn the navigation round", func(c *company, r *rand.Rand) { x, _ := c.pick(r); slices.Reverse(x.nav[1:]) }},
	{"describe a component", func(c *company, r *rand.Rand) { x, _ := c.pick(r); x.about = fmt.Sprint("described ", r.IntN(1000)) }},
	{"change an owner", func(c *company, r *rand.Rand) { x, _ := c.pick(r); x.owner = c.teams[r.IntN(len(c.teams))] }},
	{"lose an owner", func(c *company, r *rand.Rand) { x, _ := c.pick(r); x.owner = "nobody" }},
	{"add a component", func(c *company, r *rand.Rand) { x, _ := c.pick(r); x.extra++ }},
	{"delete a component", func(c *company, r *rand.Rand) { x, _ := c.pick(r); x.extra = max(x.extra-1, 0) }},
	{"rename a repository", func(c *company, r *rand.Rand) {
		names := c.names()
		from := names[r.IntN(len(names))]
		x := c.repos[from]
		delete(c.repos, from)
		c.repos[fmt.Sprintf("renamed-%d", r.IntN(1000))] = x
	}},
	{"delete a repository", func(c *company, r *rand.Rand) {
		if names := c.names(); len(names) > 2 {
			delete(c.repos, names[r.IntN(len(names))])
		}
	}},
	{"add a repository", func(c *company, r *rand.Rand) {
		c.repos[fmt.Sprintf("added-%d", r.IntN(1000))] = newCompany(1).repos["repo-0"]
	}},
	{"add a team", func(c *company, r *rand.Rand) {
		c.teams = append(slices.Clone(c.teams), fmt.Sprintf("team-%d", r.IntN(1000)))
	}},
	{"change the brand", func(c *company, r *rand.Rand) { c.brand.Accent = fmt.Sprintf("#%06x", r.IntN(1<<24)) }},
	{"change the theme", func(c *company, r *rand.Rand) { c.words = fmt.Sprint("w", r.IntN(1000)) }},
	{"change custom CSS", func(c *company, r *rand.Rand) { c.style = fmt.Sprintf("h1 { order: %d }", r.IntN(1000)) }},
	{"rename the portal", func(c *company, r *rand.Rand) { c.title = fmt.Sprint("Portal ", r.IntN(1000)) }},
}

// pick returns some repository and some documentation page of it, not its
// first if there is another.
func (c *company) pick(r *rand.Rand) (*repo, string) {
	names := c.names()
	x := c.repos[names[r.IntN(len(names))]]
	if len(x.nav) == 1 {
		return x, x.nav[0]
	}
	return x, x.nav[1+r.IntN(len(x.nav)-1)]
}

// Whatever happens to a portal, an incremental build gives the bytes of a
// clean one, and renders no page whose key did not change.
func TestIncrementalBuildsEqualCleanBuilds(t *testing.T) {
	steps, repos := 19, 3
	if slow() {
		steps, repos = 200, 8
	}
	r := rand.New(rand.NewPCG(2026, 11))
	c, before := newCompany(repos), (*company)(nil)
	out := newOutput(t)
	keys := keysOf{}
	total, rendered := 0, 0
	for step := range steps + 1 {
		name := "nothing"
		switch {
		case step > 0 && step%10 == 0 && before != nil:
			name, c = "undo", before
		case step > 0:
			before = c.clone()
			i := (step - 1) % len(edits) // each of them in turn, and then at random
			if step > len(edits) {
				i = r.IntN(len(edits))
			}
			edits[i].apply(c, r)
			name = edits[i].name
		}
		set := c.set(t)
		got := out.release(t, c, set)
		fresh := newOutput(t)
		clean := fresh.release(t, c, set)
		if out.bytes != fresh.bytes || got.SiteHash != clean.SiteHash {
			t.Fatalf("step %d, %s: the incremental build differs from a clean one", step, name)
		}
		changed := keys.update(t, out.digest, set)
		if got.Rendered > changed || got.Rendered+got.Unchanged != got.Total || clean.Rendered != got.Total {
			t.Errorf("step %d, %s: %d of %d pages rendered, the keys of %d changed", step, name, got.Rendered, got.Total, changed)
		}
		total, rendered = total+got.Total, rendered+got.Rendered
		t.Logf("step %d, %s: rendered %d of %d, wrote %d files", step, name, got.Rendered, got.Total, got.Written)
	}
	t.Logf("%d edits: %d of %d pages rendered", steps, rendered, total)
}

// output is a served folder that is built again and again.
type output struct {
	root   string
	digest string        // of the theme last used
	bytes  manifest.Hash // of everything in the folder
}

func newOutput(t *testing.T) *output {
	t.Helper()
	root, err := os.MkdirTemp(memoryFolder(), "callboard-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	return &output{root: root}
}

// memoryFolder is a folder that is not on a disk, where the system has one;
// hundreds of builds would wait for the disk most of the time.
func memoryFolder() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return os.TempDir()
}

// release builds and checks that the result tells the truth about the folder.
func (o *output) release(t *testing.T, c *company, set page.Set) publish.Result {
	t.Helper()
	state, dir := filepath.Join(o.root, "state"), filepath.Join(o.root, "public")
	theme := c.theme(t, state, set.Shell)
	o.digest = theme.Digest()
	res, err := publish.Release(t.Context(), publish.Options{Dir: dir, StateDir: state, Set: &set, Theme: theme})
	if err != nil {
		t.Fatal(err)
	}
	m, err := manifest.Scan(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	o.bytes = m.SiteHash()
	if got := m.SiteHash(dated(set)...).String(); got != res.SiteHash || len(m.Files) != res.Files || m.Bytes() != res.Bytes {
		t.Fatalf("the folder holds %d files, %d bytes, hash %s; the result says %+v", len(m.Files), m.Bytes(), got, res)
	}
	if len(res.Warnings) > 0 {
		t.Errorf("the theme warns: %v", res.Warnings)
	}
	return res
}

// dated are the paths of what carries the time of the build.
func dated(set page.Set) []string {
	var paths []string
	for _, p := range set.Pages {
		if p.Dated {
			paths = append(paths, site.FilePath(p.URL))
		}
	}
	for _, f := range set.Files {
		if f.Dated {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// keysOf are the keys of the pages at the step before, by URL.
type keysOf map[string]string

// update takes the keys of a set and returns how many are new or changed.
func (k keysOf) update(t *testing.T, themeDigest string, set page.Set) int {
	t.Helper()
	changed := 0
	next := map[string]string{}
	for _, p := range set.Pages {
		key, err := p.Key()
		if err != nil {
			t.Fatal(err)
		}
		next[p.URL] = themeDigest + key
		if k[p.URL] != next[p.URL] {
			changed++
		}
	}
	clear(k)
	maps.Copy(k, next)
	return changed
}

// The order of pages and files, the folder, the time zone, the language and
// the number of processors are nobody's business.
func TestSameSetSameBytesWhereverItIsBuilt(t *testing.T) {
	c := newCompany(3)
	set := c.set(t)
	first := newOutput(t)
	first.release(t, c, set)
	want := first.bytes
	t.Setenv("TZ", "Asia/Kathmandu")
	t.Setenv("LANG", "tr_TR.UTF-8")
	t.Setenv("LC_ALL", "tr_TR.UTF-8")
	t.Setenv("HUGO_NUMWORKERMULTIPLIER", "7")
	t.Setenv("SOURCE_DATE_EPOCH", "1")
	defer func(local *time.Location) { time.Local = local }(time.Local)
	time.Local = time.FixedZone("Kathmandu", 5*3600+45*60)
	shuffled := set
	shuffled.Pages, shuffled.Files = slices.Clone(set.Pages), slices.Clone(set.Files)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(shuffled.Pages), func(i, j int) {
		shuffled.Pages[i], shuffled.Pages[j] = shuffled.Pages[j], shuffled.Pages[i]
	})
	slices.Reverse(shuffled.Files)
	deep := &output{root: filepath.Join(newOutput(t).root, strings.Repeat("deep/", 5))}
	for _, processors := range []int{1, 4} {
		before := runtime.GOMAXPROCS(processors)
		out := newOutput(t)
		out.release(t, c, c.set(t))
		runtime.GOMAXPROCS(before)
		if got := out.bytes; got != want {
			t.Errorf("with %d processors: %s, want %s", processors, got, want)
		}
	}
	deep.release(t, c, shuffled)
	if got := deep.bytes; got != want {
		t.Errorf("shuffled, in another folder: %s, want %s", got, want)
	}
}
