package page

import (
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/docs"
)

// change turns a change as the history knows it into what pages show.
func change(c checkout.Change, web checkout.Web) *Change {
	if c.Time.IsZero() {
		return nil
	}
	out := &Change{Time: c.Time.UTC(), Author: c.Author.Name, Before: c.Before}
	if c.Commit != "" {
		out.Commit = c.Commit[:min(12, len(c.Commit))]
		out.URL = web.CommitURL(c.Commit)
	}
	return out
}

// fileChange returns the last known change of a file, or nil.
func fileChange(c *checkout.Checkout, path string) *Change {
	if c == nil {
		return nil
	}
	last, ok := c.History.LastChange(path)
	if !ok {
		return nil
	}
	return change(last, c.Web)
}

// webOf returns how to link to a file so that the link stays right and the
// same while other files change: at the commit of its last change, which has
// it as it is shown; where that is not known, on the branch; and where there
// is no branch, at the commit shown.
func webOf(c *checkout.Checkout, path string) checkout.Web {
	if c == nil {
		return checkout.Web{}
	}
	web := c.Web
	last, ok := c.History.LastChange(path)
	switch {
	case ok && !last.Before && last.Commit != "":
		web.Commit = last.Commit
	case web.Branch != "":
		web.Commit = ""
	}
	return web
}

// newestChange returns the newest known change of a site's pages, or nil.
func (b *builder) newestChange(s *docs.Site) *Change {
	var newest *docs.Page
	for _, p := range s.Pages {
		if !p.HasChange || newest != nil && !changeLess(newest.Change, p.Change) {
			continue
		}
		newest = p
	}
	if newest == nil {
		return nil
	}
	return change(newest.Change, b.web(s.Source))
}

// changeLess reports whether a is older than b; of two of the same time an
// exact one is newer than a "before".
func changeLess(a, b checkout.Change) bool {
	if !a.Time.Equal(b.Time) {
		return a.Time.Before(b.Time)
	}
	return a.Before && !b.Before
}

// web returns the links of a source; the zero value for an unknown one.
func (b *builder) web(source string) checkout.Web {
	if c := b.checkouts[source]; c != nil {
		return c.Web
	}
	return checkout.Web{}
}
