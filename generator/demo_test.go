package generator

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/htmlcheck"
	"github.com/callboard-portal/callboard/generator/page"
)

func TestEveryPageOfTheDemoKeepsTheRules(t *testing.T) {
	s := demoPortal(t).site
	if len(s.Pages) < 300 {
		t.Fatalf("only %d pages", len(s.Pages))
	}
	report(t, s.Problems())
}

// report fails with the first few problems and the number of the rest.
func report(t *testing.T, problems []htmlcheck.Problem) {
	t.Helper()
	const few = 30
	for i, p := range problems {
		if i == few {
			t.Errorf("and %d more", len(problems)-few)
			break
		}
		t.Error(p)
	}
}

// pageAt returns the page at a site path.
func pageAt(t *testing.T, s *htmlcheck.Site, url string) *htmlcheck.Page {
	t.Helper()
	name := strings.TrimPrefix(url, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	p := s.Pages[name]
	if p == nil {
		t.Fatalf("there is no page %s", url)
	}
	return p
}

// mustShow fails with what the checks find wrong on a page.
func mustShow(t *testing.T, s *htmlcheck.Site, url string, checks ...htmlcheck.Check) {
	t.Helper()
	for _, wrong := range pageAt(t, s, url).Check(checks...) {
		t.Errorf("%s: %s", url, wrong)
	}
}

// A link without a target is shown as broken exactly where a finding says so.
func TestBrokenLinksOfTheDemoAreFindings(t *testing.T) {
	d := demoPortal(t)
	found := map[string]int{}
	for _, f := range d.report.Findings {
		if strings.HasSuffix(f.Code, "-broken") {
			found[f.Pos.Source+"/"+f.Pos.File]++
		}
	}
	if len(found) == 0 {
		t.Fatal("the demo has no broken link to look for")
	}
	shown := map[string]bool{}
	for _, site := range d.portal.Sites {
		for _, p := range site.Pages {
			url := page.DocsPageURL(site.Entity, p.Path)
			want := found[site.Source+"/"+p.File]
			mustShow(t, d.site, url, htmlcheck.Count("a.broken-link", want), htmlcheck.NotIn("a.broken-link[href]"))
			shown[strings.TrimPrefix(url, "/")+"index.html"] = true
		}
	}
	for _, name := range d.site.PageNames() {
		if !shown[name] {
			mustShow(t, d.site, "/"+strings.TrimSuffix(name, "index.html"), htmlcheck.NotIn("a.broken-link"))
		}
	}
}

func TestEveryEntityOfTheDemoHasAPageAndJSON(t *testing.T) {
	d := demoPortal(t)
	all := d.portal.Catalog.All()
	if len(all) < 80 {
		t.Fatalf("only %d entities", len(all))
	}
	for _, e := range all {
		url := page.EntityURL(e.Ref())
		mustShow(t, d.site, url, htmlcheck.In("main h1", htmlcheck.HasText(e.Title())))
		for _, r := range e.Relations {
			if d.portal.Catalog.Get(r.Target) != nil && r.Type == entity.OwnedBy {
				mustShow(t, d.site, url, htmlcheck.In("main", htmlcheck.HasHref(page.Rel(url, page.EntityURL(r.Target)))))
			}
		}
		var got entity.Entity
		data, err := os.ReadFile(filepath.Join(d.opt.Output, page.EntityJSONPath(e.Ref())))
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil || got.Kind != e.Kind || got.Metadata.Name != e.Metadata.Name {
			t.Errorf("JSON of %s: %v, it is of %s %s", e.Ref(), err, got.Kind, got.Metadata.Name)
		}
	}
	var listed []entity.Entity
	data, err := os.ReadFile(filepath.Join(d.opt.Output, "api/catalog/entities.json"))
	if err == nil {
		err = json.Unmarshal(data, &listed)
	}
	if err != nil || len(listed) != len(all) {
		t.Errorf("entities.json holds %d entities, want %d: %v", len(listed), len(all), err)
	}
}

func TestDataFilesOfTheDemoAreWellFormed(t *testing.T) {
	d := demoPortal(t)
	counts := map[string]int{}
	for name := range d.site.Files {
		data, err := os.ReadFile(filepath.Join(d.opt.Output, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		}
		counts[path.Ext(name)]++
		if err := wellFormed(name, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, ext := range []string{".json", ".xml", ".svg", ".html"} {
		if counts[ext] == 0 {
			t.Errorf("there is no %s file", ext)
		}
	}
}

// wellFormed reads a file of a format that has a grammar.
func wellFormed(name string, data []byte) error {
	switch path.Ext(name) {
	case ".json":
		if !json.Valid(data) {
			return errors.New("this is not JSON")
		}
	case ".xml", ".svg":
		for dec := xml.NewDecoder(strings.NewReader(string(data))); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// addressesIn returns the addresses that an XML file gives in elements of a
// name, or in the href of elements of a name.
func addressesIn(data []byte, element string) (out []string, err error) {
	var text strings.Builder
	for dec := xml.NewDecoder(strings.NewReader(string(data))); ; {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			text.Reset()
			for _, a := range tok.Attr {
				if tok.Name.Local == element && a.Name.Local == "href" {
					out = append(out, a.Value)
				}
			}
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			if s := strings.TrimSpace(text.String()); tok.Name.Local == element && s != "" {
				out = append(out, s)
			}
			text.Reset()
		}
	}
}

func TestSitemapFeedAndIndexForMachinesLeadToPages(t *testing.T) {
	d := demoPortal(t)
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(d.opt.Output, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	sitemap, err := addressesIn(read("sitemap.xml"), "loc")
	if err != nil || len(sitemap) < len(d.portal.Catalog.All()) {
		t.Errorf("the sitemap has %d addresses: %v", len(sitemap), err)
	}
	feed, err := addressesIn(read("feed.xml"), "link")
	if err != nil || len(feed) < 5 {
		t.Errorf("the feed has %d addresses: %v", len(feed), err)
	}
	var llms []string
	for _, part := range strings.Split(string(read("llms.txt")), "](")[1:] {
		address, _, _ := strings.Cut(part, ")")
		llms = append(llms, address)
	}
	if len(llms) < 20 {
		t.Errorf("llms.txt has %d addresses", len(llms))
	}
	for _, address := range append(append(sitemap, feed...), llms...) {
		if !strings.HasPrefix(address, d.site.Base) {
			t.Errorf("%s is not an address of the portal", address)
		} else if wrong := d.site.Missing(address); wrong != "" {
			t.Errorf("%s: %s", address, wrong)
		}
	}
	listed := map[string]bool{}
	for _, address := range sitemap {
		if listed[address] {
			t.Errorf("the sitemap has %s twice", address)
		}
		listed[address] = true
	}
	for _, e := range d.portal.Catalog.All() {
		if !listed[strings.TrimSuffix(d.site.Base, "/")+page.EntityURL(e.Ref())] {
			t.Errorf("the sitemap lacks %s", e.Ref())
		}
	}
}

func TestTheProblemsPageShowsEveryFinding(t *testing.T) {
	d := demoPortal(t)
	if d.report.Diagnostics.Error == 0 || d.report.Diagnostics.Warning == 0 {
		t.Fatalf("the demo has %+v", d.report.Diagnostics)
	}
	for _, f := range d.report.Findings {
		where := f.Pos.File
		if f.Pos.Line > 0 {
			where = fmt.Sprintf("%s:%d", f.Pos.File, f.Pos.Line)
		}
		mustShow(t, d.site, page.ProblemsURL, htmlcheck.In("main", htmlcheck.HasText(strings.Join(strings.Fields(f.Message), " ")), htmlcheck.HasText(where), htmlcheck.HasText(f.Code)))
	}
}

func TestCountsOfTheDemoAgree(t *testing.T) {
	d := demoPortal(t)
	r := d.report
	if r.Pages.Total != len(d.site.Pages) || r.Pages.Rendered != r.Pages.Total || r.Files != len(d.site.Files) {
		t.Errorf("the report counts %+v and %d files; the folder has %d pages and %d files", r.Pages, r.Files, len(d.site.Pages), len(d.site.Files))
	}
	entities := 0
	for _, n := range r.Entities {
		entities += n
	}
	if entities != len(d.portal.Catalog.All()) || len(r.Sources) != len(d.portal.Checkouts) {
		t.Errorf("the report counts %d entities and %d sources", entities, len(r.Sources))
	}
}

// Nothing said, site and state lie beside callboard.yaml.
func TestSiteAndStateLieBesideTheConfiguration(t *testing.T) {
	opt := optionsFor(writePortalFrom(t, "testdata/small.txtar"))
	want := opt
	opt.Output, opt.StateDir = "", ""
	mustBuild(t, opt)
	for _, name := range []string{filepath.Join(want.Output, "index.html"), want.StateDir} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	if found, err := Search(t.Context(), opt, "till", 3); err != nil || len(found) == 0 {
		t.Errorf("search finds %v: %v", found, err)
	}
}

// What brand.yaml says reaches the style sheet, and what it gets wrong the
// problems page.
func TestTheBrandReachesTheSite(t *testing.T) {
	dir := writePortalFrom(t, "testdata/small.txtar")
	writeFile(t, filepath.Join(dir, "brand.yaml"), "accent: \"#245c45\"\naccent2: \"#b8862b\"\nradius: 13px\ndensity: compact\nfont: Verdana\nlogo: bad.svg\n")
	writeFile(t, filepath.Join(dir, "bad.svg"), "this is no picture")
	opt := optionsFor(dir)
	mustBuild(t, opt)
	var css strings.Builder
	for name, data := range tree(t, opt.Output) {
		if strings.HasSuffix(name, ".css") {
			css.Write(data)
		}
	}
	for _, want := range []string{"#b8862b", "13px", "Verdana"} {
		if !strings.Contains(css.String(), want) {
			t.Errorf("the style sheet has no %s", want)
		}
	}
	site, err := htmlcheck.ReadSite(os.DirFS(opt.Output), "")
	if err != nil {
		t.Fatal(err)
	}
	mustShow(t, site, page.ProblemsURL, htmlcheck.In("main", htmlcheck.HasText("brand-file"), htmlcheck.HasText("bad.svg"), htmlcheck.HasText("brand.yaml")), htmlcheck.NotIn("main", htmlcheck.HasText(dir)))
}

// Every code that a stage gives can be explained, once.
func TestEveryCodeIsExplainedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Code] || r.Summary == "" || r.Explain == "" {
			t.Errorf("code %s is listed twice or not explained", r.Code)
		}
		seen[r.Code] = true
	}
	for _, code := range []string{"brand-file", "brand-contrast", "theme-word", "source-stale", "yaml-syntax"} {
		if !seen[code] {
			t.Errorf("code %s is not listed", code)
		}
	}
}
