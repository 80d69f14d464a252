package page

import "time"

// HomeView is the view of layout "home", the page at "/".
type HomeView struct {
	Title        string `json:"title"`        // portal.title
	Organization string `json:"organization"` // portal.organization, or ""
	Description  string `json:"description,omitempty"`
	// Welcome is the text of content/index.md; nil where there is none.
	Welcome *Fragment `json:"welcome,omitempty"`
	Counts  []Count   `json:"counts"` // entities by kind, usual kinds first; links to the kind's list
	Docs    DocStats  `json:"docs"`
	// Recent are the newest changes to docs pages and descriptors, newest
	// first, at most 12. Empty where no history is known.
	Recent        []Recent       `json:"recent,omitempty"`
	Problems      ProblemCounts  `json:"problems"`
	ProblemsURL   string         `json:"problemsUrl"`
	Domains       []DomainBox    `json:"domains,omitempty"`       // top-level domains with their systems
	LooseSystems  []SystemBox    `json:"looseSystems,omitempty"`  // systems in no domain
	Teams         []TeamBox      `json:"teams,omitempty"`         // groups, biggest owners first, at most 24
	TeamsURL      string         `json:"teamsUrl,omitempty"`      // list of all groups
	QuickLinks    []Link         `json:"quickLinks,omitempty"`    // brand.yaml's links, then the portal's main pages
	Announcements []Announcement `json:"announcements,omitempty"` // newest first, at most 5
	// Empty is true when the catalog has no entities at all: the page then
	// explains how to add a source.
	Empty bool `json:"empty,omitempty"`
}

// DocStats counts documentation.
type DocStats struct {
	Sites int    `json:"sites"`
	Pages int    `json:"pages"`
	URL   string `json:"url"`
}

// Recent is one recent change.
type Recent struct {
	Title  string      `json:"title"`
	URL    string      `json:"url"`
	What   string      `json:"what"` // "docs" or "catalog"
	Entity *EntityLink `json:"entity,omitempty"`
	Change Change      `json:"change"`
}

// DomainBox is a domain in an overview.
type DomainBox struct {
	EntityLink
	Owner      *EntityLink `json:"owner,omitempty"`
	Subdomains []DomainBox `json:"subdomains,omitempty"`
	Systems    []SystemBox `json:"systems,omitempty"`
}

// SystemBox is a system in an overview, with what it has by kind.
type SystemBox struct {
	EntityLink
	Owner  *EntityLink `json:"owner,omitempty"`
	Counts []Count     `json:"counts,omitempty"`
}

// TeamBox is a group in an overview.
type TeamBox struct {
	EntityLink
	Parent  *EntityLink `json:"parent,omitempty"`
	Members int         `json:"members"` // direct members
	Owns    int         `json:"owns"`    // entities it owns directly
	OwnsURL string      `json:"ownsUrl,omitempty"`
}

// Announcement is a dated note from the portal's own content folder.
type Announcement struct {
	Title string    `json:"title"`
	Date  time.Time `json:"date,omitzero"`
	URL   string    `json:"url,omitempty"` // its own page, if it has one
	Body  *Fragment `json:"body"`
}
