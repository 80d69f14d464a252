package page

import "time"

// ProblemsView is the view of layout "problems", at "/problems/", and of the
// pages per owner below it.
type ProblemsView struct {
	Counts ProblemCounts `json:"counts"`
	Codes  []CodeCount   `json:"codes,omitempty"` // most frequent first
	// ByOwner and BySource show the same problems in two groupings; a group
	// with more than [MaxProblems] problems lists the worst and counts the rest.
	ByOwner  []ProblemGroup `json:"byOwner,omitempty"`
	BySource []ProblemGroup `json:"bySource,omitempty"`
	// Owner is set on a page that shows one owner's problems.
	Owner *EntityLink `json:"owner,omitempty"`
}

// MaxProblems is how many problems a group on /problems/ lists.
const MaxProblems = 100

// CodeCount is a diagnostic code and how often it occurs.
type CodeCount struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Count    int    `json:"count"`
}

// ProblemGroup is the problems of one owner or source.
type ProblemGroup struct {
	ID       string        `json:"id"`              // for the anchor
	Title    string        `json:"title"`           // the owner's or source's name, "Without an owner", "The portal itself"
	Owner    *EntityLink   `json:"owner,omitempty"` // for ByOwner
	URL      string        `json:"url,omitempty"`   // the owner's own problems page; the repository
	Counts   ProblemCounts `json:"counts"`
	Problems []Problem     `json:"problems"` // worst first
	More     int           `json:"more,omitempty"`
}

// AboutView is the view of layout "about": what this build is made of. Only
// this page and build.json show the time of the build.
type AboutView struct {
	Version  string        `json:"version"` // of Callboard
	BuiltAt  time.Time     `json:"builtAt"` // the build's --now
	Sources  []SourceRow   `json:"sources"` // by name
	Entities []Count       `json:"entities"`
	Total    int           `json:"total"` // entities
	Docs     DocStats      `json:"docs"`
	Problems ProblemCounts `json:"problems"`
	Files    []Link        `json:"files"` // the data files: build.json, entities.json, feed, sitemap
}

// SourceRow is a source on the about page.
type SourceRow struct {
	Name       string    `json:"name"`
	URL        string    `json:"url,omitempty"`    // the repository on its host
	Origin     string    `json:"origin,omitempty"` // git, directory, file, github, gitlab
	Ref        string    `json:"ref,omitempty"`
	Commit     string    `json:"commit,omitempty"` // 12 digits; empty for a plain folder
	CommitURL  string    `json:"commitUrl,omitempty"`
	CommitTime time.Time `json:"commitTime,omitzero"`
	State      string    `json:"state"`         // fresh, cached, stale, failed
	AsOf       time.Time `json:"asOf,omitzero"` // when the remote last confirmed it; zero when never
	Err        string    `json:"err,omitempty"` //
	Entities   int       `json:"entities"`      // found in it
	DocsPages  int       `json:"docsPages"`     //
	Problems   int       `json:"problems"`      // errors and warnings
	Commits    int       `json:"commits"`       // known history
	Complete   bool      `json:"complete"`      // whether that is all of it
}

// SearchView is the view of layout "search". The page works in the browser;
// without JavaScript it leads to the index by name and to the lists.
type SearchView struct {
	AZURL string   `json:"azUrl"`
	Kinds []Count  `json:"kinds"` // for the filters and as links
	Docs  DocStats `json:"docs"`
}

// GraphView is the view of layout "graph": the catalog from above. Each graph
// is small enough to read; entity pages have the details.
type GraphView struct {
	// Overview shows domains and systems and what depends on what between
	// them; nil without systems and domains.
	Overview *Graph `json:"overview,omitempty"`
	// Domains has a graph of each domain's inside.
	Domains []GraphSection `json:"domains,omitempty"`
	// Links is the text alternative of Overview: each system and what it depends on.
	Links []GraphText `json:"links,omitempty"`
}

// GraphSection is a graph under a heading.
type GraphSection struct {
	Entity EntityLink `json:"entity"`
	Graph  Graph      `json:"graph"`
}

// GraphText is a node of a graph and where its edges lead.
type GraphText struct {
	Entity EntityLink   `json:"entity"`
	To     []EntityLink `json:"to,omitempty"`
}

// NotFoundView is the view of layout "notfound", "/404.html". Hosts serve it
// at any depth, so its links cannot be relative to the address shown.
type NotFoundView struct {
	// Base is the path of the portal's root on its host, from portal.url,
	// with a trailing slash: "/" or "/portal/".
	Base  string `json:"base"`
	Links []Link `json:"links"`
}
