package page

// EntityView is the view of layout "entity", the page of one entity of any
// kind. Parts that only some kinds have are nil for the others.
type EntityView struct {
	Ref          string `json:"ref"`
	Kind         string `json:"kind"` // lower case
	KindTitle    string `json:"kindTitle"`
	KindURL      string `json:"kindUrl"` // list of this kind
	Name         string `json:"name"`
	Namespace    string `json:"namespace"`              // lower case
	NamespaceURL string `json:"namespaceUrl,omitempty"` // empty for the default namespace
	Title        string `json:"title"`
	Type         string `json:"type,omitempty"`
	TypeURL      string `json:"typeUrl,omitempty"`
	Lifecycle    string `json:"lifecycle,omitempty"`
	LifecycleURL string `json:"lifecycleUrl,omitempty"`
	// Description is metadata.description rendered as Markdown; nil without one.
	Description *Fragment `json:"description,omitempty"`
	Tags        []Tag     `json:"tags,omitempty"`
	// Owner says who owns it and how to reach them; nil when no owner is given
	// or the kind has none.
	Owner *Owner `json:"owner,omitempty"`
	// NeedsOwner is true when the kind should have an owner and has none.
	NeedsOwner bool `json:"needsOwner,omitempty"`
	// Facts are the one-line facts under the title: system, domain, parent
	// component, and so on, in order of importance.
	Facts []Fact `json:"facts,omitempty"`

	Problems     []Problem     `json:"problems,omitempty"`     // about this entity and its documentation, worst first, at most 30
	MoreProblems int           `json:"moreProblems,omitempty"` // further ones
	ProblemsURL  string        `json:"problemsUrl,omitempty"`  // where all of them are; empty without any
	Counts       ProblemCounts `json:"counts"`                 // of all of them
	State        *SourceState  `json:"state,omitempty"`        // nil when the source is fresh
	Hints        []Hint        `json:"hints,omitempty"`        // what could be added to the descriptor

	Docs     []DocsLink `json:"docs,omitempty"`
	Runbooks []Link     `json:"runbooks,omitempty"` // docs pages and links that are runbooks by name or type
	Links    []Link     `json:"links,omitempty"`    // metadata.links with safe URLs

	Relations []RelationGroup `json:"relations,omitempty"`
	Graph     *Graph          `json:"graph,omitempty"` // nil when nothing is related
	// Tables are the lists that belong to the kind: parts of a system, systems
	// of a domain, subcomponents, provided and consumed APIs, providers and
	// consumers. A table with no rows says so in Empty.
	Tables []EntityTable `json:"tables,omitempty"`

	API       *APIView       `json:"api,omitempty"`       // kind API
	Group     *GroupView     `json:"group,omitempty"`     // kind Group
	User      *UserView      `json:"user,omitempty"`      // kind User
	Ownership *OwnershipView `json:"ownership,omitempty"` // kinds Group and User
	Template  *TemplateView  `json:"template,omitempty"`  // kind Template
	Targets   []Link         `json:"targets,omitempty"`   // kind Location
	// Spec are the fields of spec that nothing above shows: all of them for
	// custom kinds and AiResource.
	Spec []SpecField `json:"spec,omitempty"`

	Labels      []KeyValue   `json:"labels,omitempty"`
	Annotations []Annotation `json:"annotations,omitempty"`
	Provenance  Provenance   `json:"provenance"`
	DataURL     string       `json:"dataUrl"` // the entity as JSON
}

// Owner is an owner and how to reach them.
type Owner struct {
	EntityLink
	Email          string `json:"email,omitempty"`
	Contacts       []Link `json:"contacts,omitempty"` // the group's links of a type or icon that means chat, help, on call or e-mail
	FromCodeowners bool   `json:"fromCodeowners,omitempty"`
	OwnsURL        string `json:"ownsUrl,omitempty"` // everything this owner owns
}

// Fact is a labelled value, or several.
type Fact struct {
	Label    string       `json:"label"`
	Text     string       `json:"text,omitempty"`
	URL      string       `json:"url,omitempty"` // for Text
	Entities []EntityLink `json:"entities,omitempty"`
}

// Hint is something a team can add to a descriptor, with the YAML for it.
type Hint struct {
	ID    string `json:"id"` // "owner", "description", "docs", "system", "contact"
	Title string `json:"title"`
	Text  string `json:"text"`
	YAML  string `json:"yaml"` // to copy; plain text
}

// DocsLink is documentation of an entity. What another entity documents for
// it (backstage.io/techdocs-entity) has From set.
type DocsLink struct {
	Title  string      `json:"title"`
	URL    string      `json:"url"`
	Pages  int         `json:"pages"`
	Change *Change     `json:"change,omitempty"` // the newest change of its pages
	From   *EntityLink `json:"from,omitempty"`
}

// RelationGroup is all relations of one type from this entity.
type RelationGroup struct {
	Type  string       `json:"type"`  // "dependsOn"
	Title string       `json:"title"` // "Depends on"
	Items []EntityLink `json:"items"` // at most 100, by title
	More  int          `json:"more,omitempty"`
}

// Graph is a drawing of relations, with what it leaves out.
type Graph struct {
	SVG   *Fragment `json:"svg"`   // drawn when rendered; relative links inside
	Label string    `json:"label"` // one sentence that says what is drawn
	Nodes int       `json:"nodes"`
	Edges int       `json:"edges"`
	// Omitted counts entities left out because the drawing would be too big.
	Omitted int `json:"omitted,omitempty"`
}

// EntityTable is a titled list of entities.
type EntityTable struct {
	ID    string `json:"id"` // for the anchor: "parts-component", "provided-apis"
	Title string `json:"title"`
	Rows  []*Row `json:"rows,omitempty"`
	Empty string `json:"empty,omitempty"` // what to say when there are no rows
	// Missing are dangling references that belong in this table.
	Missing []EntityLink `json:"missing,omitempty"`
}

// APIView is what an API offers.
type APIView struct {
	Type     string `json:"type"`
	Language string `json:"language,omitempty"` // of the definition: yaml, json, graphql, protobuf, …
	// Definition is the definition with syntax highlighting; nil when there is none.
	Definition *Fragment `json:"definition,omitempty"`
	Lines      int       `json:"lines,omitempty"`
	Bytes      int       `json:"bytes,omitempty"`
	RawURL     string    `json:"rawUrl,omitempty"` // the definition as a file
	// Truncated is true when Definition shows only the beginning.
	Truncated bool `json:"truncated,omitempty"`
	// Unavailable is true when a definition is declared but could not be read.
	Unavailable bool     `json:"unavailable,omitempty"`
	Remotes     []Remote `json:"remotes,omitempty"` // of mcp-server and ai-model-server
}

// Remote is an address of an MCP or model server.
type Remote struct {
	Type string `json:"type"`
	Text string `json:"text"`
	URL  string `json:"url,omitempty"` // only http and https
}

// Profile is the profile of a group or user.
type Profile struct {
	DisplayName string `json:"displayName,omitempty"`
	Email       string `json:"email,omitempty"`
	Initials    string `json:"initials"` // one or two letters, for an avatar
}

// GroupView is what a Group page shows beside ownership.
type GroupView struct {
	Profile   Profile      `json:"profile"`
	Ancestors []EntityLink `json:"ancestors,omitempty"` // outermost first
	Children  []TeamBox    `json:"children,omitempty"`
	Members   []Member     `json:"members,omitempty"`          // direct
	Inherited []Member     `json:"inheritedMembers,omitempty"` // of groups below only
	// MoreMembers and MoreInherited count those left out of long lists.
	MoreMembers   int `json:"moreMembers,omitempty"`
	MoreInherited int `json:"moreInherited,omitempty"`
}

// Member is a user in a group.
type Member struct {
	EntityLink
	Profile Profile     `json:"profile"`
	Via     *EntityLink `json:"via,omitempty"` // the group below through which the user belongs
}

// UserView is what a User page shows beside ownership.
type UserView struct {
	Profile Profile      `json:"profile"`
	Groups  []EntityLink `json:"groups,omitempty"`
}

// OwnershipView is what a group or user owns: itself, and through the groups
// below it (for a group) or the groups it belongs to (for a user).
type OwnershipView struct {
	Direct     []Count       `json:"direct,omitempty"`     // by kind and type
	Aggregated []Count       `json:"aggregated,omitempty"` // direct and inherited together
	Tables     []EntityTable `json:"tables,omitempty"`     // direct, one per kind
	Inherited  []EntityTable `json:"inherited,omitempty"`  // inherited only, one per kind
	Total      int           `json:"total"`                // direct
	TotalAll   int           `json:"totalAll"`             // direct and inherited
	ListURL    string        `json:"listUrl,omitempty"`    // facet page of what it owns directly
	// More counts rows that Tables and Inherited leave out; ListURL has all direct ones.
	More int `json:"more,omitempty"`
}

// TemplateView is a scaffolder template.
type TemplateView struct {
	Forms   []TemplateForm `json:"forms,omitempty"`
	Steps   []TemplateStep `json:"steps,omitempty"`
	Outputs []Link         `json:"outputs,omitempty"`
}

// TemplateForm is one page of a template's parameters.
type TemplateForm struct {
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Fields      []TemplateField `json:"fields,omitempty"`
}

// TemplateField is one parameter.
type TemplateField struct {
	Name        string   `json:"name"`
	Title       string   `json:"title,omitempty"`
	Type        string   `json:"type,omitempty"`
	Description string   `json:"description,omitempty"`
	Required    bool     `json:"required,omitempty"`
	Default     string   `json:"default,omitempty"`
	Enum        []string `json:"enum,omitempty"`
	Widget      string   `json:"widget,omitempty"` // ui:field or ui:widget
}

// TemplateStep is one action of a template.
type TemplateStep struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Action string `json:"action"`
	If     string `json:"if,omitempty"`
}

// SpecField is a field of spec, flattened: "activation.cursor.globs" with its
// values. Text spanning lines is in Block instead.
type SpecField struct {
	Path   string   `json:"path"`
	Values []string `json:"values,omitempty"`
	Block  string   `json:"block,omitempty"`
}

// Annotation is an annotation, with a link where a well-known one can be
// turned into an address.
type Annotation struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Title string `json:"title,omitempty"` // what a well-known annotation is, such as "GitHub repository"
	URL   string `json:"url,omitempty"`
}

// Provenance says where an entity was written down.
type Provenance struct {
	Source    string       `json:"source"`
	SourceURL string       `json:"sourceUrl,omitempty"` // the repository on its host
	File      string       `json:"file"`
	Line      int          `json:"line"`
	Place     string       `json:"place"`             // "catalog-info.yaml:12"
	ViewURL   string       `json:"viewUrl,omitempty"` // that line, at a commit at which it is as shown
	EditURL   string       `json:"editUrl,omitempty"`
	IssueURL  string       `json:"issueUrl,omitempty"`  // a new issue about this page
	Change    *Change      `json:"change,omitempty"`    // the descriptor file's last change
	Via       []EntityLink `json:"via,omitempty"`       // Location entities that led here, outermost first
	Colocated []EntityLink `json:"colocated,omitempty"` // entities of the same file
	// OwnerFromCodeowners is true when spec.owner came from a CODEOWNERS file.
	OwnerFromCodeowners bool      `json:"ownerFromCodeowners,omitempty"`
	YAML                *Fragment `json:"yaml,omitempty"` // the document, highlighted
}
