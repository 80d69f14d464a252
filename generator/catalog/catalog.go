// Package catalog finds the descriptors of every checkout, decodes and checks
// them, and joins them into one [entity.Catalog] with relations in both
// directions. Whatever is wrong comes back as diagnostics beside the entities
// that are right. Begin with [Load].
//
// The rules are those of Backstage's catalog; where Callboard is kinder (an
// entity with mistakes is kept and says so) the comment tells.
package catalog

import (
	"context"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// Options say how descriptors are read. The zero value reads nothing but the
// checkouts and knows the built-in kinds.
type Options struct {
	// Kinds are the company's own kinds, in addition to the built-in ones.
	Kinds []kind.Custom
	// Rules say which sources may declare which kinds; empty allows all.
	Rules []Rule
	// AllowHosts are the hosts that $text, $json, $yaml, $openapi and
	// $asyncapi may read from: "example.com", "*.example.com", "example.com:8443".
	AllowHosts []string
	// Read fetches an address on one of AllowHosts. Catalog itself never
	// touches the network; nil makes such definitions unavailable.
	Read func(ctx context.Context, url string) ([]byte, error)
	// EntitiesPerSource bounds what one checkout may declare; 0 means 500.
	EntitiesPerSource int
}

// Rule allows kinds (case ignored) to the sources whose names match one of
// the globs; no globs means every source.
type Rule struct {
	Allow   []string
	Sources []string
}

// Limits on what one repository may make Callboard do.
const (
	defaultEntitiesPerSource = 500
	maxLocationDepth         = 5
	maxLocationFiles         = 1000
	maxIncludeBytes          = 5 << 20
	maxIncludedBytes         = 64 << 20 // of all includes of one repository together
)

// Load reads the descriptors of all checkouts. It always returns a catalog;
// the account says what became of every file found; the list, sorted, holds
// every diagnostic, those of single entities included. The result depends
// neither on the order of checkouts nor on timing. Checkouts without content
// are passed over: saying why is their source's affair.
//
// The error is ctx's, when it ends early.
func Load(ctx context.Context, checkouts []*checkout.Checkout, opt Options) (*entity.Catalog, Account, diag.List, error) {
	l := newLoader(checkouts, opt)
	if err := l.readAll(ctx); err != nil {
		return nil, Account{}, nil, err
	}
	drafts := l.resolveDuplicates()
	relate(drafts)
	return l.finish(drafts)
}

// loader is the state of one Load.
type loader struct {
	opt     Options
	kinds   []*kind.Kind
	repos   []*repo // by priority, then name
	known   addresses
	account Account
	ds      diag.List // what concerns no single entity
	drafts  []*draft
}

func newLoader(checkouts []*checkout.Checkout, opt Options) *loader {
	if opt.EntitiesPerSource == 0 {
		opt.EntitiesPerSource = defaultEntitiesPerSource
	}
	l := &loader{opt: opt, kinds: kind.Builtin()}
	for _, custom := range opt.Kinds {
		l.addKind(custom)
	}
	l.repos = sortedRepos(checkouts)
	l.known = knownAddresses(l.repos)
	return l
}

// addKind adds a company's kind. A schema that cannot be used is left out, so
// that the kind at least exists.
func (l *loader) addKind(custom kind.Custom) {
	k, err := kind.New(custom)
	if err != nil {
		l.ds.Add(diag.Diagnostic{
			Code: codeKindSchema, Severity: diag.Error, Field: "kinds",
			Message: err.Error(), Hint: "mend the schema; entities of the kind are not checked until then",
		})
		custom.Schema = nil
		k, _ = kind.New(custom)
	}
	if kind.Find(l.kinds, k.Name) != nil {
		l.ds.Add(diag.Diagnostic{
			Code: codeKindSchema, Severity: diag.Error, Field: "kinds",
			Message: "kind \"" + k.Name + "\" is built in and cannot be declared again", Hint: "choose another name",
		})
		return
	}
	l.kinds = append(l.kinds, k)
}

// finish puts every diagnostic where it belongs and indexes the entities.
func (l *loader) finish(drafts []*draft) (*entity.Catalog, Account, diag.List, error) {
	all := l.ds
	entities := make([]*entity.Entity, len(drafts))
	for i, d := range drafts {
		d.settle()
		d.entity.Problems = d.ds
		all = append(all, d.ds...)
		entities[i] = d.entity
	}
	all.Sort()
	l.account.sum()
	return entity.NewCatalog(entities), l.account, all, nil
}

// settle says in every diagnostic which entity it is about, and sorts them.
func (d *draft) settle() {
	if len(d.ds) == 0 {
		return
	}
	ref := d.entity.Ref().String()
	for i := range d.ds {
		d.ds[i].Entity = ref
	}
	d.ds.Sort()
}

// descriptorLimits bound one descriptor file (see yamldoc).
var descriptorLimits = yamldoc.DefaultLimits
