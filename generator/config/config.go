// Package config reads callboard.yaml and brand.yaml: strictly, with a
// position for everything that is wrong, and with ${VARIABLES} expanded.
// Begin with [Load]; [Schema] gives the same rules to an editor.
package config

import (
	"time"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Config is callboard.yaml with its defaults filled in. It is not changed
// after [Load].
type Config struct {
	// File is the path of callboard.yaml as given; Dir is its folder, which
	// relative paths of the file start from.
	File, Dir string

	Portal Portal
	// BrandFile is the path of brand.yaml relative to Dir; Brand is what it says.
	BrandFile string
	Brand     Brand
	// Theme is the name of a bundled theme, or a folder that overrides parts of one.
	Theme string
	// Content is the folder of the portal's own Markdown pages, relative to Dir.
	Content string
	Sources []Source
	Kinds   []Kind
	Catalog Catalog
	Docs    Docs
	Output  Output
}

// Portal says what the portal is called and where it will live.
type Portal struct {
	Title        string
	Organization string
	Description  string
	// URL is the address of the finished site, with a trailing slash; it may
	// carry a path. Empty when unknown: links are then relative only.
	URL string
	// Language is the BCP 47 tag of the interface.
	Language string
}

// Catalog says what may be in the catalog.
type Catalog struct {
	Reading Reading
	// MaxEntities bounds what one source may declare; 0 means the catalog's own bound.
	MaxEntities int
	// Rules say which kinds which sources may declare; empty allows all.
	Rules []Rule
}

// Reading says what descriptors may include from outside their repository.
type Reading struct {
	// Allow lists hosts ("example.com", "*.example.com", "example.com:8443")
	// from which $text, $json, $yaml, $openapi and $asyncapi may read.
	Allow Patterns
}

// Rule allows kinds to sources.
type Rule struct {
	Pos diag.Pos
	// Allow lists kinds, case ignored.
	Allow Patterns
	// Sources are globs over source names; empty means every source.
	Sources Patterns
}

// Kind declares an entity kind of the company's own.
type Kind struct {
	Pos  diag.Pos
	Kind string
	// Plural is the heading of lists of them; default Kind with an "s".
	Plural string
	// APIVersions are those accepted; empty accepts any.
	APIVersions Patterns
	// Schema is the JSON Schema of a whole entity of this kind, as decoded JSON.
	Schema KindSchema
	// Relations are the fields of spec that name other entities.
	Relations []Relation
}

// Relation says that a field of a custom kind names entities.
type Relation struct {
	Pos diag.Pos
	// Field is its path, such as "spec.cluster"; a string or a list of strings stands there.
	Field string
	// DefaultKind is the kind of refs that name none; empty requires one.
	DefaultKind string
	// Forward is the type of the relation this entity gets, Reverse the
	// type the other one gets.
	Forward, Reverse string
}

// KindSchema is a JSON Schema: written in place, or the path of a JSON or YAML file.
type KindSchema struct {
	// File is the path as written, relative to callboard.yaml; empty when in place.
	File string
	// Value is the decoded schema; nil when there is none.
	Value any
	Pos   diag.Pos
}

// Docs says how documentation is rendered.
type Docs struct {
	// IframeHosts are the hosts documentation may embed frames from.
	IframeHosts Patterns
}

// Output bounds what a build may write; 0 means no bound.
type Output struct {
	MaxFiles int
	MaxSize  Size
}

// Default returns the configuration of a portal whose file says nothing.
func Default() Config {
	return Config{
		Portal:    Portal{Title: "Developer Portal", Language: "en"},
		BrandFile: "brand.yaml",
		Brand:     DefaultBrand(),
		Theme:     "base",
		Content:   "content",
	}
}

func (c *Config) fields() []field {
	return []field{
		{key: "portal", doc: "What the portal is called and where it will live.", to: &c.Portal},
		{key: "brand", doc: "The file with name, logo, colors and links, relative to this one.", to: &c.BrandFile},
		{key: "theme", doc: "A bundled theme's name, or a folder that overrides parts of one.", to: &c.Theme},
		{key: "content", doc: "The folder of the portal's own Markdown pages.", to: &c.Content},
		{key: "sources", doc: "Where descriptors and documentation come from. Of two that declare the same entity, the one listed first wins.",
			to: sections[Source, *Source]{&c.Sources, defaultSource}},
		{key: "kinds", doc: "Entity kinds of your own.", to: listOf(&c.Kinds)},
		{key: "catalog", doc: "What may be in the catalog.", to: &c.Catalog},
		{key: "docs", doc: "How documentation is rendered.", to: &c.Docs},
		{key: "output", doc: "Bounds on what a build may write.", to: &c.Output},
		{key: "collectors", doc: "Where operational data comes from.", later: true},
		{key: "scorecards", doc: "The files that define scorecards.", later: true},
		{key: "snapshots", doc: "How long collected data is kept.", later: true},
		{key: "schedule", doc: "When the daemon builds.", later: true},
		{key: "publish", doc: "Where the finished site goes.", later: true},
	}
}

func (p *Portal) fields() []field {
	return []field{
		{key: "title", doc: "The portal's name, shown on every page.", to: &p.Title},
		{key: "organization", doc: "The company or group the portal belongs to.", to: &p.Organization},
		{key: "description", doc: "One or two sentences for the home page and search engines.", to: &p.Description},
		{key: "url", doc: "The address of the finished site; it may carry a path.", to: &p.URL, pattern: webAddress},
		{key: "language", doc: "The language of the interface.", to: &p.Language, pattern: langTag},
	}
}

func (c *Catalog) fields() []field {
	return []field{
		{key: "reading", doc: "What descriptors may include from outside their repository.", to: &c.Reading},
		{key: "maxEntities", doc: "The most entities one source may declare; 500 when absent.", to: &c.MaxEntities},
		{key: "rules", doc: "Which kinds which sources may declare. Without rules every source may declare every kind.", to: listOf(&c.Rules)},
	}
}

func (r *Reading) fields() []field {
	return []field{
		{key: "allow", doc: "Hosts from which $text, $json, $yaml, $openapi and $asyncapi may read.", to: &r.Allow, pattern: hostName},
	}
}

func (r *Rule) setPos(p diag.Pos) { r.Pos = p }

func (r *Rule) fields() []field {
	return []field{
		{key: "allow", doc: "The kinds allowed.", to: &r.Allow, required: true, pattern: kindName},
		{key: "sources", doc: "Globs over source names the rule is for; every source when absent.", to: &r.Sources},
	}
}

func (k *Kind) setPos(p diag.Pos) { k.Pos = p }

func (k *Kind) fields() []field {
	return []field{
		{key: "kind", doc: "The kind as descriptors write it, such as Cluster.", to: &k.Kind, required: true, pattern: kindName},
		{key: "plural", doc: "The heading of lists of them, such as Clusters.", to: &k.Plural},
		{key: "apiVersions", doc: "The apiVersions accepted; any when absent.", to: &k.APIVersions, pattern: apiVersion},
		{key: "schema", doc: "A JSON Schema for whole entities of this kind, in place or as the path of a JSON or YAML file.", to: &k.Schema},
		{key: "relations", doc: "The fields that name other entities.", to: listOf(&k.Relations)},
	}
}

func (r *Relation) setPos(p diag.Pos) { r.Pos = p }

func (r *Relation) fields() []field {
	return []field{
		{key: "field", doc: "The field that holds a ref or a list of refs, such as spec.cluster.", to: &r.Field, required: true, pattern: fieldPath},
		{key: "defaultKind", doc: "The kind of refs that name none.", to: &r.DefaultKind, pattern: kindName},
		{key: "forward", doc: "The relation this entity gets, such as deployedTo.", to: &r.Forward, required: true, pattern: relation},
		{key: "reverse", doc: "The relation the other entity gets, such as hosts.", to: &r.Reverse, required: true, pattern: relation},
	}
}

func (d *Docs) fields() []field {
	return []field{
		{key: "iframeHosts", doc: "Hosts documentation may embed frames from.", to: &d.IframeHosts, pattern: hostName},
		{key: "lineNumbers", doc: "Whether code blocks have line numbers.", later: true},
	}
}

func (o *Output) fields() []field {
	return []field{
		{key: "maxFiles", doc: "The most files a site may have.", to: &o.MaxFiles},
		{key: "maxSize", doc: "The most bytes a site may have, such as 500MB.", to: &o.MaxSize},
	}
}

// defaultTimeout is how long one repository may take.
const defaultTimeout = 2 * time.Minute
