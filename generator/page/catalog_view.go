package page

// CatalogView is the view of layout "catalog": the catalog list, every list
// narrowed by a facet, the list of APIs, and the same lists in other orders.
type CatalogView struct {
	Heading string  `json:"heading"`          // "Catalog", "Components", "Owned by Payments", "Tagged java"
	Facet   string  `json:"facet,omitempty"`  // the facet the list is narrowed by: kind, owner, type, lifecycle, tag, system, namespace
	Value   string  `json:"value,omitempty"`  // and its value as a title
	Kind    string  `json:"kind,omitempty"`   // set when every row has this kind: the theme leaves out the column
	Total   int     `json:"total"`            // entities in this list, shown or split
	Rows    []*Row  `json:"rows,omitempty"`   // in the order of Sort
	Facets  []Facet `json:"facets,omitempty"` // counts within this list, with links to facet pages
	// Sorts are the orders that exist as pages of their own, the current one
	// marked; empty where there is only one.
	Sorts []Link `json:"sorts,omitempty"`
	Sort  string `json:"sort"` // "name", "owner" or "changed"
	// Split is set instead of Rows for more than [MaxRows] entities: the list
	// is divided by a facet, and each part has its own page.
	Split *Split `json:"split,omitempty"`
	// Parts are links to the numbered pages of a list that no facet divides,
	// this page's marked; Rows are then those of this page.
	Parts []Link `json:"parts,omitempty"`
	// Entity is the entity behind the facet's value: the owner, the system.
	Entity *EntityLink `json:"entity,omitempty"`
	// ShowNamespace is true when some row is outside the default namespace.
	ShowNamespace bool   `json:"showNamespace,omitempty"`
	AllURL        string `json:"allUrl"`            // "/catalog/"
	DataURL       string `json:"dataUrl,omitempty"` // the catalog as JSON
}

// MaxRows is how many rows a list page shows before it is split by a facet.
const MaxRows = 500

// Row is an entity in a list.
type Row struct {
	Ref         string      `json:"ref"`
	Name        string      `json:"name"`
	Namespace   string      `json:"namespace"` // lower case
	Title       string      `json:"title"`
	URL         string      `json:"url"`
	Kind        string      `json:"kind"`
	KindTitle   string      `json:"kindTitle"`
	Type        string      `json:"type,omitempty"`
	TypeURL     string      `json:"typeUrl,omitempty"`
	Lifecycle   string      `json:"lifecycle,omitempty"`
	Owner       *EntityLink `json:"owner,omitempty"`
	System      *EntityLink `json:"system,omitempty"`      // for systems: the domain
	Description string      `json:"description,omitempty"` // plain text of at most 200 characters
	Tags        []Tag       `json:"tags,omitempty"`
	DocsURL     string      `json:"docsUrl,omitempty"`
	// Problems counts errors and warnings; Worst is "error", "warning" or "".
	Problems int    `json:"problems,omitempty"`
	Worst    string `json:"worst,omitempty"`
	// Changed is the descriptor's last change, where known.
	Changed *Change `json:"changed,omitempty"`
	// Stale is true when the entity comes from a source that could not be read.
	Stale bool `json:"stale,omitempty"`

	fold string // Title in lower case, for sorting
}

// Facet is a group of values a list can be narrowed by.
type Facet struct {
	Name   string       `json:"name"`  // "owner"
	Title  string       `json:"title"` // "Owner"
	Values []FacetValue `json:"values"`
	// More counts further values that are not listed.
	More int `json:"more,omitempty"`
}

// FacetValue is a value of a facet and how many entities of the list have it.
type FacetValue struct {
	Value   string `json:"value"` // as in Row: "production", "group:default/pay"
	Title   string `json:"title"`
	Count   int    `json:"count"`
	URL     string `json:"url"`
	Current bool   `json:"current,omitempty"` // the page is narrowed by it
}

// Split says how a long list is divided.
type Split struct {
	Facet  string       `json:"facet"` // the facet it is divided by, or "letter"
	Title  string       `json:"title"` // "Owner"
	Values []FacetValue `json:"values"`
}

// ExploreView is the view of layout "explore", at "/explore/": domains with
// their systems, and the tree of groups.
type ExploreView struct {
	Domains      []DomainBox `json:"domains,omitempty"`
	LooseSystems []SystemBox `json:"looseSystems,omitempty"`
	Groups       []GroupNode `json:"groups,omitempty"` // roots of the tree of groups
	// Chart is the tree of groups as a drawing; nil without groups.
	Chart *Graph `json:"chart,omitempty"`
}

// GroupNode is a group in the tree of groups.
type GroupNode struct {
	TeamBox
	Children []GroupNode `json:"children,omitempty"`
}

// AZView is the view of layout "az", the index of everything by name at
// "/search/a-z/". When it is long each letter has its own page.
type AZView struct {
	Letters []Link     `json:"letters"` // in-page anchors ("#m"), or pages
	Groups  []AZLetter `json:"groups"`  // all letters, or the one of this page
	Total   int        `json:"total"`   // entries in the whole index
}

// AZLetter is what the index has under one letter; "#" stands for all else.
type AZLetter struct {
	Letter  string    `json:"letter"`
	ID      string    `json:"id"` // for the anchor
	Entries []AZEntry `json:"entries"`
}

// AZEntry is a line of the index.
type AZEntry struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	What   string `json:"what"`             // "Component", "Docs"
	Detail string `json:"detail,omitempty"` // where it belongs, such as the docs site's title

	fold string // Title in lower case, for sorting
}
