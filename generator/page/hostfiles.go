package page

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// hostFiles makes what is not for people: sitemap, feed, llms.txt, robots.txt,
// and the headers and redirects for hosts that read them from files.
func (b *builder) hostFiles() {
	b.set.Files = append(b.set.Files, b.sitemaps()...)
	b.set.Files = append(b.set.Files,
		NewFile(feedPath, b.feed()), NewFile(llmsPath, b.llms()), NewFile(robotsPath, b.robots()),
		NewFile(headersPath, []byte(headers(b.set.Shell.Frames))), NewFile(redirectsPath, b.redirects()))
}

// maxSitemap is how many addresses one sitemap may have (sitemaps.org).
const maxSitemap = 50000

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemaps lists the pages, when the portal's address is known. Other orders
// of the same list, and what is not found, are left out.
func (b *builder) sitemaps() []File {
	if b.set.Shell.URL == "" {
		return nil
	}
	var urls []sitemapURL
	for _, p := range b.set.Pages {
		if c, ok := p.View.(*CatalogView); p.URL == NotFoundURL || ok && c.Sort != "name" {
			continue
		}
		u := sitemapURL{Loc: b.absolute(p.URL)}
		if c := lastChange(p); c != nil && !c.Before {
			u.LastMod = c.Time.Format(time.RFC3339)
		}
		urls = append(urls, u)
	}
	if len(urls) <= maxSitemap {
		return []File{NewFile(sitemapPath, sitemap(urls))}
	}
	var out []File
	var index []sitemapURL
	for len(urls) > 0 {
		n := min(len(urls), maxSitemap)
		name := "sitemap-" + strconv.Itoa(len(out)+1) + ".xml"
		out = append(out, NewFile(name, sitemap(urls[:n])))
		index = append(index, sitemapURL{Loc: b.absolute("/" + name)})
		urls = urls[n:]
	}
	return append(out, NewFile(sitemapPath, xmlFile(struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []sitemapURL `xml:"sitemap"`
	}{Maps: index})))
}

func sitemap(urls []sitemapURL) []byte {
	return xmlFile(struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}{URLs: urls})
}

// lastChange returns when what a page shows was last changed, if that is known.
func lastChange(p *Page) *Change {
	switch v := p.View.(type) {
	case *EntityView:
		return v.Provenance.Change
	case *DocView:
		return v.Change
	}
	return nil
}

func xmlFile(v any) []byte {
	out, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil // strings only: cannot fail
	}
	return []byte(xml.Header + string(out) + "\n")
}

// maxFeed is how many changes the feed has.
const maxFeed = 50

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary"`
}

// feed is the Atom feed of what changed (RFC 4287). Its ids are made from the
// page and the commit, and its time is that of the newest change, so that it
// stays the same while nothing changes.
func (b *builder) feed() []byte {
	updated := time.Unix(0, 0).UTC()
	var entries []atomEntry
	for _, r := range b.recent {
		if r.Change.Time.After(updated) {
			updated = r.Change.Time
		}
		author := r.Change.Author
		if author == "" {
			author = "unknown"
		}
		kind := "Catalog"
		if r.What == "docs" {
			kind = "Documentation"
		}
		summary := kind + " of " + r.Entity.Title
		entries = append(entries, atomEntry{
			ID: b.atomID(r.URL, r.Change.Commit), Title: r.Title, Updated: r.Change.Time.Format(time.RFC3339),
			Author: author, Link: atomLink{Href: b.fromRoot(r.URL)}, Summary: summary,
		})
	}
	return xmlFile(struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}{
		ID: b.atomID("/", ""), Title: b.in.Portal.Title + ": changes", Updated: updated.Format(time.RFC3339),
		Author: b.in.Portal.Title, Links: []atomLink{{Rel: "self", Href: b.fromRoot("/" + feedPath)}, {Href: b.fromRoot("/")}},
		Entries: entries,
	})
}

// atomID makes a UUID by name (RFC 9562, in the custom layout of version 8).
func (b *builder) atomID(url, commit string) string {
	h := []byte(contentHash("atom", b.set.Shell.URL+"\n"+b.in.Portal.Title+"\n"+url+"\n"+commit)[:32])
	h[12], h[16] = '8', "89ab"[h[16]&3]
	return fmt.Sprintf("urn:uuid:%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// maxLLMs is how many entries a section of llms.txt has.
const maxLLMs = 200

// llms is llms.txt (llmstxt.org): what is here, for language models.
func (b *builder) llms() []byte {
	var w strings.Builder
	p := b.in.Portal
	fmt.Fprintf(&w, "# %s\n\n", oneLine(p.Title))
	if p.Description != "" {
		fmt.Fprintf(&w, "> %s\n\n", oneLine(p.Description))
	}
	section := func(title string, n int, entry func(i int) (title, url, note string)) {
		if n == 0 {
			return
		}
		fmt.Fprintf(&w, "## %s\n\n", title)
		for i := range min(n, maxLLMs) {
			t, u, note := entry(i)
			fmt.Fprintf(&w, "- [%s](%s)", strings.NewReplacer("[", "(", "]", ")").Replace(oneLine(t)), b.fromRoot(u))
			if note != "" {
				fmt.Fprintf(&w, ": %s", oneLine(note))
			}
			w.WriteString("\n")
		}
		w.WriteString("\n")
	}
	data := [][3]string{
		{"All entities as JSON", "/" + entitiesPath, "every component, API, system, team and person with relations"},
		{"Everything by name", AZURL, "an index of all pages"},
	}
	section("Start here", len(data), func(i int) (string, string, string) { return data[i][0], data[i][1], data[i][2] })
	section("Documentation", len(b.sites), func(i int) (string, string, string) {
		s := b.sites[i]
		return s.Title, DocsSiteURL(s.Entity), excerpt(s.Description, 160)
	})
	for _, k := range []string{"system", "api"} {
		es := b.cat.Kind(k)
		section(kindsTitle(k), len(es), func(i int) (string, string, string) {
			l := b.link(es[i].Ref())
			return l.Title, l.URL, l.Description
		})
	}
	return []byte(w.String())
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// robots lets everybody in: who may see a portal is its host's business.
func (b *builder) robots() []byte {
	out := "User-agent: *\nDisallow:\n"
	if b.set.Shell.URL != "" {
		out += "Sitemap: " + b.absolute("/"+sitemapPath) + "\n"
	}
	return []byte(out)
}

// headers is the _headers file that Netlify and Cloudflare Pages read: no
// inline script or style, nothing from elsewhere, nothing embedded but frames
// from the hosts that callboard.yaml allows.
func headers(frames string) string { return strings.Replace(headersText, "{frames}", frames, 1) }

const headersText = `/*
  Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src {frames}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types callboard; upgrade-insecure-requests
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Permissions-Policy: camera=(), microphone=(), geolocation=(), browsing-topics=()
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin
  X-Frame-Options: DENY
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`

// redirects is the _redirects file of the same hosts, from addresses both with
// and without a slash at the end, which they tell apart.
func (b *builder) redirects() []byte {
	var w strings.Builder
	for _, r := range b.set.Redirects {
		to := strings.ReplaceAll(r.To, " ", "%20")
		fmt.Fprintf(&w, "%s %s 301\n", r.From, to)
		if short, ok := strings.CutSuffix(r.From, "/"); ok && short != "" {
			fmt.Fprintf(&w, "%s %s 301\n", short, to)
		}
	}
	return []byte(w.String())
}
