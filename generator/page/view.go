package page

import "time"

// The small values that many views share. Every view is a plain struct that
// turns into JSON; the theme reads its exported fields by name. Rules that
// hold everywhere:
//
//   - A URL is a site path beginning with "/", to be passed through the page's
//     Rel, or an absolute http, https or mailto URL. An empty URL means "no link".
//   - Strings are plain text, never HTML. HTML comes as *[Fragment] or from a
//     method named …HTML, sanitised, to be written out with safeHTML.
//   - Times are UTC and absolute. The theme prints them in <time datetime> and
//     may add relative words in the browser. The zero time means "unknown".
//   - A nil pointer or an empty list means "there is none"; a number that is
//     not known is a nil *int, never 0.

// Link is a link with a text. External is true for absolute URLs.
type Link struct {
	Title    string `json:"title"`
	URL      string `json:"url"`
	Icon     string `json:"icon,omitempty"`     // a Backstage icon name such as "docs", or ""
	Type     string `json:"type,omitempty"`     // metadata.links[].type, such as "runbook" or "chat"
	External bool   `json:"external,omitempty"` // leaves the site
	Current  bool   `json:"current,omitempty"`  // is the page it stands on
}

// EntityLink names an entity and where its page is.
type EntityLink struct {
	Ref         string `json:"ref"`               // "component:default/pay"
	Kind        string `json:"kind"`              // lower case, such as "api"; picks the icon
	KindTitle   string `json:"kindTitle"`         // such as "API"
	Title       string `json:"title"`             // what to call it
	URL         string `json:"url,omitempty"`     // empty when Missing
	Type        string `json:"type,omitempty"`    // spec.type
	Missing     bool   `json:"missing,omitempty"` // a dangling reference: nothing in the catalog has this ref
	Description string `json:"description,omitempty"`
}

// Change is when and by whom something was last changed.
type Change struct {
	Time   time.Time `json:"time"`
	Author string    `json:"author,omitempty"` // a name; never an e-mail address
	Commit string    `json:"commit,omitempty"` // the first 12 digits
	URL    string    `json:"url,omitempty"`    // the commit on its host
	// Before is true when the change is older than the known history: write
	// "before <Time>"; Author and Commit are empty.
	Before bool `json:"before,omitempty"`
}

// Problem is one diagnostic as a page shows it.
type Problem struct {
	Code     string  `json:"code"`
	Severity string  `json:"severity"` // "error", "warning" or "info"
	Message  string  `json:"message"`
	Hint     string  `json:"hint,omitempty"`
	Place    string  `json:"place,omitempty"`   // "payments/checkout: catalog-info.yaml:12:3"
	URL      string  `json:"url,omitempty"`     // that line on the repository's host
	EditURL  string  `json:"editUrl,omitempty"` // the host's editor for the file
	Field    string  `json:"field,omitempty"`   // "spec.owner"
	Related  []Place `json:"related,omitempty"` // such as the other half of a duplicate
	// Entity is the entity concerned; nil on that entity's own page.
	Entity *EntityLink `json:"entity,omitempty"`
}

// Place is a position in an input file.
type Place struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
}

// ProblemCounts counts diagnostics by severity.
type ProblemCounts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// Total is the number of all problems, whatever their severity.
func (c ProblemCounts) Total() int { return c.Errors + c.Warnings + c.Infos }

// Worst is "error", "warning", "info" or "" for none.
func (c ProblemCounts) Worst() string {
	switch {
	case c.Errors > 0:
		return "error"
	case c.Warnings > 0:
		return "warning"
	case c.Infos > 0:
		return "info"
	}
	return ""
}

// Count is a named number with a link to what was counted.
type Count struct {
	Name  string `json:"name"`            // key, such as "component" or "error"
	Title string `json:"title"`           // such as "Components"
	Count int    `json:"count"`           //
	URL   string `json:"url,omitempty"`   //
	Group string `json:"group,omitempty"` // a second key where counts are over pairs, such as the kind of a type
}

// Tag is a tag with its facet page.
type Tag struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// KeyValue is a label, or any other pair of texts.
type KeyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// SourceState says how current the content of a page's source is. Views hold
// nil when the source is fresh.
type SourceState struct {
	Source string `json:"source"` // the source's name
	State  string `json:"state"`  // "cached", "stale" or "failed"
	// AsOf is when the remote last confirmed what is shown; zero if never.
	AsOf time.Time `json:"asOf,omitzero"`
	Err  string    `json:"err,omitempty"` // why, for stale and failed
}
